//! `build`: the complete page as one static folder.

use std::path::PathBuf;

use anyhow::Result;

use crate::{place, site};

/// Build the page, its wasm and its data into one static folder that works
/// under any path of any host.
///
/// The old folder stays until the new one is complete. MNIST comes from
/// MNIST_DIR, from an earlier fetch, or from its mirrors; without it the page
/// trains on digits that it draws.
#[derive(clap::Args)]
pub struct Args {
    /// Folder to write [default: dist in the repository]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leave MNIST out: the page trains on the digits that it draws
    #[arg(long)]
    drawn: bool,
}

/// Where `build` writes and `serve` reads by default.
pub fn default_folder() -> PathBuf {
    place::root().join("dist")
}

/// Builds the site. Errors: a compiler or npm is missing or fails, or the
/// folder is not a site that this command built.
pub fn run(args: &Args) -> Result<()> {
    let out = args.out.clone().unwrap_or_else(default_folder);
    site::build(&out, args.drawn)?;
    Ok(())
}
