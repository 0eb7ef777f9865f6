//! Writes the site's data: MNIST's training files if available, and the list of
//! them for the page.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::mnist::{self, IMAGES, LABELS, Published};
use crate::verb::fetch;

/// Written last: it distinguishes a site from any other folder, and its time is
/// when the site was built.
pub const SOURCES: &str = "data/sources.json";

/// Where the page gets MNIST from on the user's request: one commit, so that
/// the content does not change; the page checks the checksums.
const MIRROR: &str =
    "https://cdn.jsdelivr.net/gh/fgnt/mnist@ae608a02b796c9ee908c082585a5f006fe05258e/";

/// Writes `data/` of the site at `site`; prints why if it has no MNIST.
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
                "to add it, run `cargo ganvas fetch` or set MNIST_DIR=<folder with the four IDX files>, then build again"
            );
            json!(null)
        }
    };
    let list = site.join(SOURCES);
    let mirror =
        json!({ "base": MIRROR, "images": published(&IMAGES), "labels": published(&LABELS) });
    let text = format!("{}\n", json!({ "mnist": mnist, "mirror": mirror, "sums": sums(&folder)? }));
    fs::write(&list, text).with_context(|| format!("cannot write {}", list.display()))
}

/// A file on the mirror, with its SHA-256 and size.
fn published(file: &Published) -> Value {
    json!({ "name": format!("{}.gz", file.name), "sha256": file.sha256, "size": file.size })
}

/// SHA-256 of each of the site's data files, packed as they are there and
/// unpacked as some servers send them: the offline copy detects a bad file by
/// these.
fn sums(folder: &Path) -> Result<Map<String, Value>> {
    let mut sums = Map::new();
    for file in [&IMAGES, &LABELS] {
        let path = folder.join(format!("{}.gz", file.name));
        if path.is_file() {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let sum =
                Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            sums.insert(address(file), json!([sum, file.sha256]));
        }
    }
    Ok(sums)
}

fn address(published: &Published) -> String {
    format!("data/mnist/{}.gz", published.name)
}

/// A folder with both training files, checked: only the one that MNIST_DIR
/// names, if it is set; otherwise that of an earlier fetch, or of a new one.
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
        mnist::checked(folder, published)?;
    }
    Ok(())
}

/// Writes one file into the site, packed; returns its size in bytes there.
fn pack(from: &Path, to: &Path, published: &Published) -> Result<u64> {
    let source = mnist::checked(from, published)?;
    let target = to.join(format!("{}.gz", published.name));
    let bytes = fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
    // A browser unpacks only gzip of one member: anything else is packed again.
    let packed = if one_member(&bytes, published.size) {
        bytes
    } else {
        gzip(&mnist::unpacked(&source, published.size)?)?
    };
    fs::write(&target, &packed).with_context(|| format!("cannot write {}", target.display()))?;
    Ok(packed.len() as u64)
}

/// Whether bytes are gzip of a single member that unpacks to `size` bytes, with
/// nothing after it.
fn one_member(bytes: &[u8], size: u64) -> bool {
    let mut decoder = GzDecoder::new(bytes);
    let unpacked = std::io::copy(&mut (&mut decoder).take(size + 1), &mut std::io::sink());
    unpacked.is_ok_and(|unpacked| unpacked == size) && decoder.into_inner().is_empty()
}

/// Compresses bytes as a server does.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_gzip_of_one_member_is_copied_without_repacking() {
        let (one, two) = (gzip(b"some").unwrap(), gzip(b"thing").unwrap());
        assert!(one_member(&one, 4));
        assert!(!one_member(&[one.clone(), two.clone()].concat(), 9), "two members");
        assert!(
            !one_member(&[one.clone(), gzip(b"").unwrap()].concat(), 4),
            "an empty one at the end, as bgzip writes it"
        );
        assert!(!one_member(&[&one[..], &[0; 4]].concat(), 4), "zeros after it");
        assert!(!one_member(&one[..one.len() - 1], 4) && !one_member(b"some", 4));
    }
}
