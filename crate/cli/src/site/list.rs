//! The list of a site's files with one hash of all of them: by it the offline
//! copy knows which files belong together.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The list, at the site's root.
pub const LIST: &str = "files.json";

/// The folder of data, which is not part of a version.
const DATA: &str = "data/";

/// The script that keeps the offline copy, which is not part of it.
const KEEPER: &str = "sw.js";

#[derive(Serialize)]
struct List {
    /// A hash of all checksums.
    version: String,
    /// Paths from the root, sorted; without data.
    files: Vec<String>,
    /// SHA-256 of each file.
    sums: BTreeMap<String, String>,
}

/// The paths of a site's files from its root, sorted; without this list, the
/// data and the script that keeps the offline copy.
pub fn files(site: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    add(site, "", &mut files)?;
    files.sort();
    Ok(files)
}

/// Writes the list of the files that are now in `site`.
pub fn write(site: &Path) -> Result<()> {
    let files = files(site)?;
    let mut sums = BTreeMap::new();
    for file in &files {
        let path = site.join(file);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        sums.insert(file.clone(), hex(&Sha256::digest(&bytes)));
    }
    let version = hex(&Sha256::digest(serde_json::to_vec(&sums)?)[..8]);
    let text = serde_json::to_string(&List { version, files, sums })?;
    let path = site.join(LIST);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn add(folder: &Path, under: &str, files: &mut Vec<String>) -> Result<()> {
    let reading = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(reading)? {
        let entry = entry.with_context(reading)?;
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            add(&entry.path(), &format!("{name}/"), files)?;
        } else if name != LIST && name != KEEPER && !name.starts_with(DATA) {
            files.push(name);
        }
    }
    Ok(())
}
