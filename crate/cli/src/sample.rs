//! `sample`: digits from a checkpoint, as a picture or as IDX.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ganvas::Dataset;
use ganvas::data::idx;

use crate::{picture, train};

/// Write digits from a checkpoint: a PNG grid (.png) or an IDX file (.idx, or a name that ends in -ubyte).
#[derive(clap::Args)]
pub struct Args {
    /// The checkpoint that `train` wrote
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// How many digits
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Seed of the digits' latents
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u32,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "digits.png")]
    out: PathBuf,
}

/// Writes the digits. Errors: no checkpoint, or a file name that says no format.
pub fn run(args: &Args) -> Result<()> {
    let name = args.out.to_string_lossy();
    let write = match () {
        () if name.ends_with(".png") => picture::write,
        () if name.ends_with(".idx") || name.ends_with("-ubyte") => write_idx,
        () => bail!("--out {name}: a name ends in .png, .idx or -ubyte"),
    };
    let mut session = train::load(&args.from, Dataset::empty())?;
    let digits = session.sample(args.count, args.seed)?;
    write(&args.out, &digits)?;
    println!("{} digits of iteration {} are in {name}", args.count, session.steps());
    Ok(())
}

fn write_idx(path: &Path, digits: &[u8]) -> Result<()> {
    fs::write(path, idx::write_images(digits)).with_context(|| format!("cannot write {}", path.display()))
}
