//! Fingerprints: short texts that identify data sets, and their comparison.

use xxhash_rust::xxh64::{Xxh64, xxh64};

/// A hash of bytes that arrive in pieces.
#[derive(Default)]
pub(super) struct Hash(Xxh64);

impl Hash {
    /// The hash of complete bytes.
    pub(super) fn of(bytes: &[u8]) -> u64 {
        xxh64(bytes, 0)
    }

    /// Adds the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of the bytes so far.
    pub(super) fn digest(&self) -> u64 {
        self.0.digest()
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.digest())
    }
}

/// How the present data differ from those that a run was saved with, by their
/// fingerprints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// All images and all labels are the same.
    Same,
    /// One fingerprint is incomplete: not all data were loaded, or an earlier
    /// version saved the run with only the number of images and a hash of the
    /// first 2,048.
    Unknown,
    /// The images differ.
    Images,
    /// The images are the same, the labels differ.
    Labels,
    /// The images are the same, the present data have no labels.
    LabelsMissing,
    /// The images are the same, the saved data had no labels.
    LabelsAdded,
}

/// Replaces the hash of the labels if there are none.
const NONE: &str = "none";

/// The number of images and a hash of the first ones; once all data are loaded,
/// also a hash of all images, and one of the labels, if there are any.
pub(super) fn written(total: u32, first: u64, whole: Option<(u64, Option<u64>)>) -> String {
    let begun = format!("{total}-{first:016x}");
    let Some((images, labels)) = whole else { return begun };
    let labels = labels.map_or(NONE.to_owned(), |labels| format!("{labels:016x}"));
    format!("{begun}-{images:016x}-{labels}")
}

impl Likeness {
    /// Compares the [`Dataset::fingerprint`](super::Dataset::fingerprint) of
    /// the `saved` run with that of the `present` data.
    pub fn of(saved: &str, present: &str) -> Self {
        if saved.is_empty() || present.is_empty() {
            return Self::Unknown;
        }
        let (saved, present): (Vec<_>, Vec<_>) =
            (saved.split('-').collect(), present.split('-').collect());
        // A set that is named, not hashed, has one part.
        let begun = 2.min(saved.len()).min(present.len());
        if saved[..begun] != present[..begun] || (saved.len() == 1) != (present.len() == 1) {
            return Self::Images;
        }
        match (&saved[begun..], &present[begun..]) {
            ([], []) if begun == 1 => Self::Same,
            ([images, labels], [other_images, other_labels]) => match (*labels, *other_labels) {
                _ if images != other_images => Self::Images,
                (labels, other) if labels == other => Self::Same,
                (NONE, _) => Self::LabelsAdded,
                (_, NONE) => Self::LabelsMissing,
                _ => Self::Labels,
            },
            _ => Self::Unknown,
        }
    }
}
