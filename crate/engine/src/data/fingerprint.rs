//! What a set of digits is, in short, and what two such texts say of each
//! other.

use xxhash_rust::xxh64::{Xxh64, xxh64};

/// A hash of bytes that come in pieces.
#[derive(Default)]
pub(super) struct Hash(Xxh64);

impl Hash {
    /// Of bytes that are all there.
    pub(super) fn of(bytes: &[u8]) -> u64 {
        xxh64(bytes, 0)
    }

    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Of the bytes so far.
    pub(super) fn digest(&self) -> u64 {
        self.0.digest()
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.digest())
    }
}

/// What the fingerprints of two sets say: of the digits that a run was saved
/// with, and of the present ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// All images and all labels are the same.
    Same,
    /// One of them does not say enough: not all was in yet, or the run was
    /// saved when the number of images and the first 2,048 counted alone.
    Unknown,
    /// The images differ.
    Images,
    /// The images are the same, the labels differ.
    Labels,
    /// The images are the same, the labels are missing now.
    LabelsMissing,
    /// The images are the same, and there were no labels.
    LabelsAdded,
}

/// In place of a hash of the labels: there are none.
const NONE: &str = "none";

/// How many images there are and a hash of the first ones; once all is in, one
/// of all images, and one of the labels, if there are any.
pub(super) fn written(total: u32, first: u64, whole: Option<(u64, Option<u64>)>) -> String {
    let begun = format!("{total}-{first:016x}");
    let Some((images, labels)) = whole else { return begun };
    let labels = labels.map_or(NONE.to_owned(), |labels| format!("{labels:016x}"));
    format!("{begun}-{images:016x}-{labels}")
}

impl Likeness {
    /// Of what [`Dataset::fingerprint`](super::Dataset::fingerprint) said when
    /// a run was `saved`, and says of the `present` digits.
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
