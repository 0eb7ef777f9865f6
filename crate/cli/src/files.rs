//! Files that were named: one, or all of a folder and of the archives in it; each unpacked where it is gzip, as far as it can be read.

use std::fs::{self, File};
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use ganvas::data::reader::{HEAD, Kind, MOST_BYTES, Seen, is_litter, kind};
use zip::ZipArchive;

/// How deep folders are gone through, and how many files are looked at.
const DEEPEST: usize = 8;
const MOST_FILES: usize = 100_000;

/// A file, in a folder or in an archive.
pub struct Found {
    /// Its path from the folder that was named, `/` between its parts.
    pub path: String,
    place: Place,
    size: u64,
}

enum Place {
    File(PathBuf),
    /// The entry of this number in an archive.
    Inside(PathBuf, usize),
}

impl Found {
    /// The bytes, unpacked: no more than `most`, and of a file that is cut or damaged those before that.
    pub fn bytes(&self, most: u64) -> Result<Vec<u8>> {
        let what = || format!("cannot read {}", self.path);
        match &self.place {
            Place::File(path) => {
                let file = BufReader::new(File::open(path).with_context(what)?);
                Ok(unpacked(file, most))
            }
            Place::Inside(path, entry) => {
                let mut archive = archive(path).with_context(what)?;
                let file = archive.by_index(*entry).with_context(what)?;
                Ok(unpacked(file, most))
            }
        }
    }

    /// What it is, by its first bytes.
    pub fn seen(&self) -> Result<Seen> {
        let kind = kind(&self.path, &self.bytes(HEAD as u64)?);
        Ok(Seen { path: self.path.clone(), kind, size: self.size })
    }
}

/// The bytes of a stream, of what is inside where it is gzip, of one member or several.
fn unpacked(mut stream: impl Read, most: u64) -> Vec<u8> {
    let mut start = [0; 2];
    let mut filled = 0;
    while let Some(1..) =
        stream.read(&mut start[filled..]).ok().filter(|_| filled < 2).inspect(|read| filled += read)
    {}
    let whole = Cursor::new(start[..filled].to_vec()).chain(stream);
    let mut bytes = Vec::new();
    // What came before an error stays in `bytes`; what is missing shows in the length.
    let _ = if start == [0x1f, 0x8b] {
        MultiGzDecoder::new(whole).take(most).read_to_end(&mut bytes)
    } else {
        whole.take(most).read_to_end(&mut bytes)
    };
    bytes
}

fn archive(path: &Path) -> Result<ZipArchive<BufReader<File>>> {
    Ok(ZipArchive::new(BufReader::new(File::open(path)?))?)
}

/// The file at `path`, or all files in it where it is a folder; archives are gone through. What a system hides is left out.
pub fn at(path: &Path) -> Result<Vec<Found>> {
    let what = || format!("cannot read {}", path.display());
    let mut found = Vec::new();
    if fs::metadata(path).with_context(what)?.is_dir() {
        walk(path, "", 0, &mut found)?;
        found.sort_by(|a, b| a.path.cmp(&b.path));
    } else {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        add(path, name, &mut found)?;
    }
    Ok(found)
}

fn walk(folder: &Path, under: &str, depth: usize, found: &mut Vec<Found>) -> Result<()> {
    let what = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(what)? {
        let entry = entry.with_context(what)?;
        let path = format!("{under}{}", entry.file_name().to_string_lossy());
        if found.len() >= MOST_FILES || is_litter(&path) {
            continue;
        }
        if !entry.path().is_dir() {
            add(&entry.path(), path, found)?;
        } else if depth < DEEPEST {
            walk(&entry.path(), &format!("{path}/"), depth + 1, found)?;
        }
    }
    Ok(())
}

/// Adds a file, or those inside where it is an archive that can be opened.
fn add(at: &Path, path: String, found: &mut Vec<Found>) -> Result<()> {
    let size = fs::metadata(at).map_or(0, |metadata| metadata.len());
    let file = Found { path, place: Place::File(at.to_owned()), size };
    let Kind::Zip = file.seen()?.kind else {
        found.push(file);
        return Ok(());
    };
    let Ok(mut archive) = archive(at) else {
        found.push(file);
        return Ok(());
    };
    let mut total = 0;
    for entry in 0..archive.len().min(MOST_FILES) {
        // An entry that is encrypted or packed in a way of its own is no digit for us.
        let Ok(inside) = archive.by_index(entry) else { continue };
        let Ok(name) = inside.name() else { continue };
        let path = format!("{}/{name}", file.path);
        if inside.is_dir() || is_litter(&path) {
            continue;
        }
        total += inside.size();
        ensure!(total <= 4 * MOST_BYTES, "{} unpacks to more than {} bytes", file.path, 4 * MOST_BYTES);
        found.push(Found { path, place: Place::Inside(at.to_owned(), entry), size: inside.size() });
    }
    Ok(())
}
