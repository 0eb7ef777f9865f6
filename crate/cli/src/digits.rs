//! The digits that `train` learns from: IDX files in a folder, or drawn by the engine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ganvas::Dataset;

use crate::mnist::{self, IMAGES, LABELS};

/// More than this many bytes in one file are refused.
const LIMIT: u64 = 1 << 30;

/// The digits of the folder, of MNIST_DIR, of an earlier fetch, or drawn ones; says which.
pub fn open(folder: Option<&Path>) -> Result<Dataset> {
    let fetched = || Some(mnist::default_folder()).filter(|folder| mnist::find(folder, IMAGES.name).is_ok());
    let named = folder.map(PathBuf::from).or_else(mnist::named_by_environment);
    let Some(folder) = named.or_else(fetched) else {
        println!("training on drawn digits; `cargo ganvas fetch` gets MNIST");
        return Ok(Dataset::drawn());
    };
    let images = mnist::unpacked(&mnist::find(&folder, IMAGES.name)?, LIMIT)?;
    let labels = mnist::unpacked(&mnist::find(&folder, LABELS.name)?, LIMIT)?;
    let data = parse(&images, &labels).with_context(|| format!("the digits in {}", folder.display()))?;
    println!("training on the {} digits in {}", data.available(), folder.display());
    Ok(data)
}

fn parse(images: &[u8], labels: &[u8]) -> ganvas::Result<Dataset> {
    let mut data = Dataset::files(false);
    data.push_labels(labels)?;
    data.push_images(images)?;
    data.close()?;
    Ok(data)
}
