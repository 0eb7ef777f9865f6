//! How large the page is, raw and as a server compresses it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::site_data::gzip;
use crate::wasm;

/// What the page loads when all else stands: one of the generators, and the judge.
const LATER: [&str; 2] = ["ready", "judge.safetensors"];

/// The page without its data, compressed, must stay under this.
pub const LIMIT: u64 = 700_000;

/// Prints a table by kind of file; returns the compressed total in bytes. Of the wasm builds a browser loads one: only the first counts,
/// the others being as large.
pub fn print(site: &Path) -> Result<u64> {
    let mut kinds = BTreeMap::<String, (u64, u64)>::new();
    let mut others: Vec<_> =
        wasm::BUILDS[1..].iter().map(|build| site.join("wasm").join(build.name)).collect();
    others.extend(LATER.map(|later| site.join(later)));
    add(site, &others, &mut kinds)?;
    let total = kinds.values().fold((0, 0), |sum, size| (sum.0 + size.0, sum.1 + size.1));
    println!("{:>12} {:>10} {:>10}", "", "raw kB", "gzip kB");
    for (kind, size) in kinds.iter().map(|(kind, size)| (kind.as_str(), *size)).chain([("page", total)]) {
        println!("{kind:>12} {:>10.1} {:>10.1}", size.0 as f64 / 1e3, size.1 as f64 / 1e3);
    }
    Ok(total.1)
}

fn add(folder: &Path, but: &[PathBuf], kinds: &mut BTreeMap<String, (u64, u64)>) -> Result<()> {
    let reading = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(reading)? {
        let path = entry.with_context(reading)?.path();
        if but.contains(&path) {
            continue;
        }
        if path.is_dir() {
            add(&path, but, kinds)?;
            continue;
        }
        let kind =
            path.extension().map_or("other".into(), |extension| extension.to_string_lossy().into_owned());
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let size = kinds.entry(kind).or_default();
        *size = (size.0 + bytes.len() as u64, size.1 + gzip(&bytes)?.len() as u64);
    }
    Ok(())
}
