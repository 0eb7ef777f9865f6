//! `sample`: digits from a checkpoint, as a picture or as IDX.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use ganvas::Dataset;
use ganvas::data::{Images, Sample, idx};

use super::train;
use crate::picture;

/// Write digits from a checkpoint (translations of drawn digits, where it is of
/// cyclegan): a PNG grid (.png) or an IDX file (.idx, or a name that ends in
/// -ubyte).
#[derive(clap::Args)]
pub struct Args {
    /// The checkpoint that `train` or the page wrote, or the generator alone
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// How many digits
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Seed of the digits' latents
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u32,
    /// Class of all digits, where the generator is told one; otherwise 0 to 9
    /// in turn
    #[arg(long, value_name = "C", value_parser = clap::value_parser!(u8).range(..10))]
    class: Option<u8>,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "digits.png")]
    out: PathBuf,
}

/// Writes the digits. Errors: no checkpoint, or a file name that says no
/// format.
pub fn run(args: &Args) -> Result<()> {
    let name = args.out.to_string_lossy();
    let write = match () {
        () if name.ends_with(".png") => picture::write,
        () if name.ends_with(".idx") || name.ends_with("-ubyte") => write_idx,
        () => bail!("--out {name}: a name ends in .png, .idx or -ubyte"),
    };
    let train::LoadedGenerator { mut session, steps, .. } =
        train::load_generator(&args.from, Dataset::drawn())?;
    let told = session.classes_of(args.count as usize, args.class);
    if args.class.is_some() && told.is_empty() {
        bail!("--class: the generator of {} is told no class", session.config().recipe.id);
    }
    let digits = session.sample(args.count, args.seed, args.class)?;
    let shape = session.config().sample.shape;
    write(&args.out, &Images { shape, bytes: digits })?;
    if !told.is_empty() && !name.ends_with(".png") {
        write_labels(&args.out, &told)?;
    }
    println!("{} digits of iteration {steps} are in {name}", args.count);
    Ok(())
}

fn write_idx(path: &Path, images: &Images) -> Result<()> {
    ensure!(
        images.shape == Sample::DIGIT.shape,
        "IDX files are written of {} images; got {}",
        Sample::DIGIT.shape,
        images.shape
    );
    fs::write(path, idx::write_images(&images.bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The labels beside an IDX file of images: `<stem>-labels-idx1-ubyte`.
fn write_labels(images: &Path, labels: &[u8]) -> Result<()> {
    let name = images.file_name().unwrap_or_default().to_string_lossy();
    let stem =
        ["-images-idx3-ubyte", "-ubyte", ".idx"].iter().find_map(|end| name.strip_suffix(end));
    let path = images.with_file_name(format!("{}-labels-idx1-ubyte", stem.unwrap_or(&name)));
    fs::write(&path, idx::write_labels(labels))
        .with_context(|| format!("cannot write {}", path.display()))
}
