//! `serve`: the built site on this machine, with just the headers that GitHub Pages sends.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::http::Server;
use crate::{build, site};

/// Build the page where needed and serve it on 127.0.0.1.
#[derive(clap::Args)]
pub struct Args {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open the page in the default browser
    #[arg(long)]
    open: bool,
    /// Serve this folder as it is, without building
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Serve under a path, as a project's Pages do
    #[arg(long, value_name = "PATH", default_value = "/", hide = true)]
    under: String,
}

/// Serves until interrupted. Errors: the port is busy, the folder is missing, or the build fails.
pub fn run(args: &Args) -> Result<()> {
    // Before the build, which takes minutes: a busy port is said at once.
    let server = Server::bind(args.port)?;
    let folder = match &args.dir {
        Some(folder) => folder.clone(),
        None => fresh()?,
    };
    ensure!(folder.is_dir(), "there is no folder {}", folder.display());
    let under = format!("/{}/", args.under.trim_matches('/')).replace("//", "/");
    let address = format!("http://127.0.0.1:{}{under}", server.port());
    println!("{address}");
    if args.open {
        open::that(&address).with_context(|| format!("cannot open a browser: open {address} in one"))?;
    }
    server.serve(&folder, &under)
}

fn fresh() -> Result<PathBuf> {
    let folder = build::default_folder();
    if site::stale(&folder) {
        site::build(&folder, false)?;
    }
    Ok(folder)
}
