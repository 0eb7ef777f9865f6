//! The site's data: MNIST's training files where they are to be had, and the list that tells the page.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::fetch;
use crate::mnist::{self, IMAGES, LABELS, Published};

/// Written last, so it tells a site from any other folder, and when it was built.
pub const SOURCES: &str = "data/sources.json";

/// Writes `data/` of the site at `site`; says plainly when it goes without MNIST, and why.
pub fn write(site: &Path, drawn: bool) -> Result<()> {
    let folder = site.join("data/mnist");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mnist = match if drawn { Err(anyhow::anyhow!("it was left out")) } else { find() } {
        Ok(from) => {
            let bytes = pack(&from, &folder, &IMAGES)? + pack(&from, &folder, &LABELS)?;
            println!("MNIST is from {}", from.display());
            json!({ "images": address(&IMAGES), "labels": address(&LABELS), "bytes": bytes })
        }
        Err(error) => {
            println!("the site has no MNIST and trains on drawn digits: {error:#}");
            println!(
                "to add it: `cargo ganvas fetch`, or MNIST_DIR=<folder with the four IDX files>, then build again"
            );
            json!(null)
        }
    };
    let list = site.join(SOURCES);
    let text = format!("{}\n", json!({ "mnist": mnist }));
    fs::write(&list, text).with_context(|| format!("cannot write {}", list.display()))
}

fn address(published: &Published) -> String {
    format!("data/mnist/{}.gz", published.name)
}

/// A folder with both training files, checked: the one that the environment names and no other, or an earlier fetch's, or a new one's.
fn find() -> Result<PathBuf> {
    if let Some(named) = mnist::named_by_environment() {
        checked(&named).context("MNIST_DIR")?;
        return Ok(named);
    }
    let fetched = mnist::default_folder();
    if checked(&fetched).is_ok() {
        return Ok(fetched);
    }
    println!("fetching MNIST ...");
    fetch::usual()
}

fn checked(folder: &Path) -> Result<()> {
    for published in [&IMAGES, &LABELS] {
        mnist::check(&mnist::find(folder, published.name)?, published)?;
    }
    Ok(())
}

/// Puts one file into the site, packed; returns its size there.
fn pack(from: &Path, to: &Path, published: &Published) -> Result<u64> {
    let source = mnist::find(from, published.name)?;
    let target = to.join(format!("{}.gz", published.name));
    let bytes = fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let packed = if bytes.starts_with(&[0x1f, 0x8b]) { bytes } else { gzip(&bytes)? };
    fs::write(&target, &packed).with_context(|| format!("cannot write {}", target.display()))?;
    Ok(packed.len() as u64)
}

/// The bytes, compressed as a server would.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
