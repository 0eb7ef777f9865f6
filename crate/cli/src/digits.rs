//! The digits that `train` learns from: IDX files in a folder, or drawn by the engine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ganvas::Dataset;
use ganvas::data::{PIXELS, numbers};

use crate::mnist::{self, IMAGES, LABELS};
use crate::pictures;

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
    let data = read(&folder)?;
    println!("training on the {} digits in {}", data.available(), folder.display());
    Ok(data)
}

/// The training digits in a folder: IDX files, or pictures.
pub fn read(folder: &Path) -> Result<Dataset> {
    if mnist::find(folder, IMAGES.name).is_err()
        && let Some(pictures) = pictures::open(folder)?
    {
        eprintln!("{}", pictures.said);
        return pictures.dataset();
    }
    let images = mnist::unpacked(&mnist::find(folder, IMAGES.name)?, LIMIT)?;
    let labels = mnist::unpacked(&mnist::find(folder, LABELS.name)?, LIMIT)?;
    parse(&images, &labels).with_context(|| format!("the digits in {}", folder.display()))
}

/// MNIST's test digits.
pub fn test(folder: &Path) -> Result<Dataset> {
    let read = |file: &mnist::Published| mnist::unpacked(&mnist::find(folder, file.name)?, LIMIT);
    parse(&read(&mnist::TEST_IMAGES)?, &read(&mnist::TEST_LABELS)?)
        .with_context(|| format!("the test digits in {}", folder.display()))
}

/// The folder of MNIST that is named, by MNIST_DIR, or fetched earlier.
pub fn folder(named: Option<&Path>) -> Result<PathBuf> {
    let folder = named.map(PathBuf::from).or_else(mnist::named_by_environment);
    let folder = folder.unwrap_or_else(mnist::default_folder);
    mnist::find(&folder, IMAGES.name)
        .context("MNIST is needed: name its folder with --data or MNIST_DIR, or `cargo ganvas fetch`")?;
    Ok(folder)
}

/// Every digit of a set as pixels (n, 784) in [0, 1], and its labels where there are any.
pub fn all(mut data: Dataset) -> Result<(Vec<f32>, Vec<u8>)> {
    let indices: Vec<u32> = (0..data.available()).collect();
    let mut pixels = vec![0.; indices.len() * PIXELS];
    data.write_batch(&indices, &mut pixels);
    Ok((pixels, indices.iter().filter_map(|&i| data.label(i)).collect()))
}

/// A file of images, and one of labels where it is given.
pub fn files(images: &Path, labels: Option<&Path>) -> Result<(Vec<f32>, Vec<u8>)> {
    if labels.is_none()
        && let Some(pictures) = pictures::open(images)?
    {
        eprintln!("{}", pictures.said);
        return Ok((numbers(&pictures.pixels), pictures.labels));
    }
    let mut data = Dataset::files(false);
    let what = || images.display().to_string();
    if let Some(labels) = labels {
        data.push_labels(&mnist::unpacked(labels, LIMIT)?).with_context(|| labels.display().to_string())?;
    }
    data.push_images(&mnist::unpacked(images, LIMIT)?).with_context(what)?;
    data.close().with_context(what)?;
    all(data)
}

fn parse(images: &[u8], labels: &[u8]) -> ganvas::Result<Dataset> {
    let mut data = Dataset::files(false);
    data.push_labels(labels)?;
    data.push_images(images)?;
    data.close()?;
    Ok(data)
}
