//! `sample`: writes images from a checkpoint, as PNG or as IDX.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use ganvas::Dataset;
use ganvas::data::{Images, Sample, idx};

use super::train;
use crate::picture;

/// Write images from a checkpoint (for cyclegan, translations of drawn digits):
/// a PNG grid (.png) or an IDX file (.idx, or a name that ends in -ubyte).
#[derive(clap::Args)]
pub struct Args {
    /// Checkpoint or generator file that `train` or the page wrote
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Number of images
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Seed of the latent vectors
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u32,
    /// Class of all images, for a conditional generator; without it, 0 to 9 in
    /// turn
    #[arg(long, value_name = "C", value_parser = clap::value_parser!(u8).range(..10))]
    class: Option<u8>,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "digits.png")]
    out: PathBuf,
}

/// Writes the images. Errors: no checkpoint, a file name that gives no format,
/// or a class for an unconditional generator.
pub fn run(args: &Args) -> Result<()> {
    let name = args.out.to_string_lossy();
    let write = match () {
        () if name.ends_with(".png") => picture::write,
        () if name.ends_with(".idx") || name.ends_with("-ubyte") => write_idx,
        () => bail!("--out {name}: the name must end in .png, .idx or -ubyte"),
    };
    let train::LoadedGenerator { mut session, steps, .. } =
        train::load_generator(&args.from, Dataset::drawn())?;
    let labels = session.labels_of(args.count as usize, args.class);
    if args.class.is_some() && labels.is_empty() {
        bail!("--class: the generator of {} is unconditional", session.config().recipe.id);
    }
    let images = session.sample(args.count, args.seed, args.class)?;
    let shape = session.config().sample.shape;
    write(&args.out, &Images { shape, bytes: images })?;
    if !labels.is_empty() && !name.ends_with(".png") {
        write_labels(&args.out, &labels)?;
    }
    println!("{} images of iteration {steps} are in {name}", args.count);
    Ok(())
}

fn write_idx(path: &Path, images: &Images) -> Result<()> {
    ensure!(
        images.shape == Sample::DIGIT.shape,
        "IDX files are written only of {} images; got {}",
        Sample::DIGIT.shape,
        images.shape
    );
    fs::write(path, idx::write_images(&images.bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Writes the labels next to an IDX file of images, as
/// `<stem>-labels-idx1-ubyte`.
fn write_labels(images: &Path, labels: &[u8]) -> Result<()> {
    let name = images.file_name().unwrap_or_default().to_string_lossy();
    let stem =
        ["-images-idx3-ubyte", "-ubyte", ".idx"].iter().find_map(|end| name.strip_suffix(end));
    let path = images.with_file_name(format!("{}-labels-idx1-ubyte", stem.unwrap_or(&name)));
    fs::write(&path, idx::write_labels(labels))
        .with_context(|| format!("cannot write {}", path.display()))
}
