//! MNIST's four files: their names, checksums and usual places.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::place;

/// One of the four files as LeCun, Cortes and Burges published them.
pub struct Published {
    /// Its name, unpacked.
    pub name: &'static str,
    /// SHA-256 of the unpacked bytes, which do not depend on the mirror's
    /// compression.
    pub sha256: &'static str,
    /// Unpacked size in bytes.
    pub size: u64,
}

/// The training images.
pub const IMAGES: Published = Published {
    name: "train-images-idx3-ubyte",
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    size: 47_040_016,
};

/// The training labels.
pub const LABELS: Published = Published {
    name: "train-labels-idx1-ubyte",
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    size: 60_008,
};

/// The test labels.
pub const TEST_LABELS: Published = Published {
    name: "t10k-labels-idx1-ubyte",
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    size: 10_008,
};

/// The test images.
pub const TEST_IMAGES: Published = Published {
    name: "t10k-images-idx3-ubyte",
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    size: 7_840_016,
};

/// All four, the small ones first.
pub const FILES: [Published; 4] = [LABELS, TEST_LABELS, TEST_IMAGES, IMAGES];

/// The folder that `MNIST_DIR` names, if it is set and not empty.
pub fn named_by_environment() -> Option<PathBuf> {
    std::env::var_os("MNIST_DIR").filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Where `fetch` puts the files by default.
pub fn default_folder() -> PathBuf {
    place::root().join("data/mnist")
}

/// Folders to search for the files, with those of torchvision.
/// [`candidates`] also searches Kaggle's folders, which have the file's name.
const FOLDERS: [&str; 3] = ["", "MNIST/raw", "raw"];

/// The files in the folder that can be this one, packed ones first, under any
/// usual name: `train-images.idx3-ubyte`, `train-images-idx3-ubyte (1).gz`.
fn candidates(folder: &Path, name: &str) -> Vec<PathBuf> {
    let folders = FOLDERS.map(|under| folder.join(under)).into_iter();
    let same =
        |path: &Path| path.file_name().is_some_and(|other| plain(&other.to_string_lossy()) == name);
    let mut found: Vec<PathBuf> = folders
        .flat_map(|folder| folder.read_dir().into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .flat_map(|path| {
            let inside =
                path.is_dir().then(|| path.file_name().map(|name| path.join(name))).flatten();
            [Some(path), inside]
        })
        .flatten()
        .filter(|path| same(path) && path.is_file())
        .collect();
    found.sort_by_key(|path| {
        (path.components().count(), path.extension().is_none_or(|end| end != "gz"), path.clone())
    });
    found.dedup();
    found
}

/// A file's name as it was published: `train-images.idx3-ubyte (2).gz` is
/// `train-images-idx3-ubyte`.
fn plain(name: &str) -> String {
    let mut name = name.trim_end_matches(".gz").to_owned();
    if let Some((before, rest)) = name.clone().split_once(" (")
        && let Some((number, after)) = rest.split_once(')')
        && number.chars().all(|c| c.is_ascii_digit())
    {
        name = format!("{before}{after}");
    }
    name.trim_end_matches(".gz").replace('.', "-")
}

/// The file in the folder, packed or not. Error: it is not there.
pub fn find(folder: &Path, name: &str) -> Result<PathBuf> {
    let found = candidates(folder, name).into_iter().next();
    found.with_context(|| format!("{} has no {name}.gz and no {name}", folder.display()))
}

/// The file in the folder that has the published content; cut or empty copies
/// next to it are skipped. Errors: it is not there, or no copy is right.
pub fn checked(folder: &Path, published: &Published) -> Result<PathBuf> {
    let mut wrong = None;
    for path in candidates(folder, published.name) {
        match check(&path, published) {
            Ok(()) => return Ok(path),
            Err(error) => wrong = wrong.or(Some(error)),
        }
    }
    match wrong {
        Some(error) => Err(error),
        None => find(folder, published.name),
    }
}

/// The bytes of a file, unpacked if its first two bytes are those of gzip.
/// Errors: it cannot be read, or has more than `limit` bytes.
pub fn unpacked(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let what = || format!("cannot read {}", path.display());
    let file = BufReader::new(File::open(path).with_context(what)?);
    let mut head = [0; 2];
    let gzip = File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
        && head == [0x1f, 0x8b];
    let mut bytes = Vec::new();
    if gzip {
        MultiGzDecoder::new(file).take(limit + 1).read_to_end(&mut bytes).with_context(what)?;
    } else {
        file.take(limit + 1).read_to_end(&mut bytes).with_context(what)?;
    }
    if bytes.len() as u64 > limit {
        bail!("{} unpacks to more than {limit} bytes", path.display());
    }
    Ok(bytes)
}

/// Checks that the file's unpacked content is the published one. Errors: it
/// cannot be read, is too long or cut short, or its SHA-256 differs.
pub fn check(path: &Path, published: &Published) -> Result<()> {
    let bytes = unpacked(path, published.size)?;
    if (bytes.len() as u64) < published.size {
        bail!("{} is cut short: {} of {} bytes", path.display(), bytes.len(), published.size);
    }
    let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if sum != published.sha256 {
        bail!(
            "{} is not MNIST's file: its SHA-256 is {sum}, expected {}",
            path.display(),
            published.sha256
        );
    }
    Ok(())
}
