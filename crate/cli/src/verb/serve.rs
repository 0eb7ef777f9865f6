//! `serve`: serves the built site on this machine, with the headers that GitHub
//! Pages sends.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::middleware::from_fn_with_state;

use super::build;
use crate::http::hosts::{Hosts, guard, reachable};
use crate::http::trouble::{Cut, Trouble, meddle};
use crate::http::{Server, files};
use crate::site;

/// Build the page if needed and serve it on 127.0.0.1.
///
/// Only requests that name 127.0.0.1, localhost or [::1] are answered. `--host
/// 0.0.0.0` also serves a phone in the same network, and prints the address to
/// type there: everyone in that network can then open the page and read the
/// folder.
#[derive(clap::Args)]
pub struct Args {
    /// Port to listen on; 0 chooses a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address or name to listen on instead of 127.0.0.1; 0.0.0.0 is every
    /// address of this machine
    #[arg(long)]
    host: Option<String>,
    /// Open the page in the default browser
    #[arg(long)]
    open: bool,
    /// Serve this folder as it is, without building
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Serve under a path, as GitHub Pages does for a project
    #[arg(long, value_name = "PATH", default_value = "/", hide = true)]
    under: String,
    /// Print each requested path
    #[arg(long, hide = true)]
    log: bool,
    /// Cut the first response for a path after this many bytes
    #[arg(long, value_name = "PATH:BYTES", hide = true)]
    cut: Option<Cut>,
    /// Send at most this many bytes per second
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..), hide = true)]
    slow: Option<u32>,
    /// Exit when standard input closes: a server started by another program
    /// then ends with it
    #[arg(long, hide = true)]
    tied: bool,
}

/// What a page lacks if its address is not a secure context.
const PLAIN: &str = "Browsers keep no offline copy of a page at such an address.";

/// Serves until interrupted. Errors: the port is busy, the folder is missing,
/// or the build fails.
pub fn run(args: &Args) -> Result<()> {
    // Before the build, which takes minutes: a busy port is reported at once.
    let server = Server::bind(args.host.as_deref().unwrap_or("127.0.0.1"), args.port)?;
    if args.tied {
        std::thread::spawn(end_with_input);
    }
    let folder = match &args.dir {
        Some(folder) => folder.clone(),
        None => fresh()?,
    };
    ensure!(folder.is_dir(), "{} is not a folder", folder.display());
    let under = format!("/{}/", args.under.trim_matches('/')).replace("//", "/");
    let hosts = Arc::new(Hosts::of(args.host.as_deref()));
    let trouble = Arc::new(Trouble::new(args.log, args.cut.clone(), args.slow));
    let app = files::router(&folder, &under)?
        .layer(from_fn_with_state(hosts, guard))
        .layer(from_fn_with_state(trouble, meddle));

    let address = announce(&server, &under);
    if args.open {
        open::that(&address)
            .with_context(|| format!("cannot open a browser: open {address} in one"))?;
    }
    server.run(app)
}

fn fresh() -> Result<PathBuf> {
    let folder = build::default_folder();
    if site::stale(&folder) {
        site::build(&folder, false)?;
    }
    Ok(folder)
}

/// Prints the addresses of the page, and returns the one for this machine.
fn announce(server: &Server, under: &str) -> String {
    let (ip, port) = (server.address().ip(), server.address().port());
    let local = if ip.is_unspecified() {
        format!("http://127.0.0.1:{port}{under}")
    } else {
        format!("http://{}{under}", server.address())
    };
    let mut lines = vec![local.clone()];
    if !ip.is_loopback() {
        let others = match ip.is_unspecified() {
            true => {
                reachable().iter().map(|other| format!("http://{other}:{port}{under}")).collect()
            }
            false => vec![local.clone()],
        };
        lines.push(match others.as_slice() {
            [] => {
                "this machine is in no network: there is no address to type on a phone".to_owned()
            }
            others => format!("on a phone in the same network, open {}", others.join(" or ")),
        });
        lines.push(format!("warning: everyone in that network can open this page and read its folder until you press Ctrl-C. {PLAIN}"));
    }
    println!("{}", lines.join("\n"));
    local
}

/// Ends this process when its standard input closes, as happens when the
/// program that started it ends.
fn end_with_input() {
    // An error also ends it.
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    std::process::exit(0);
}
