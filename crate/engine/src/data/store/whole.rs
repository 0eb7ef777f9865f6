//! A complete set of images of any shape.

use crate::data::fingerprint::Hash;
use crate::data::{Images, MOST_IMAGES};
use crate::{Error, Result};

/// Images, and a label for each if there are labels.
#[derive(Debug)]
pub(super) struct Whole {
    images: Images,
    labels: Vec<u8>,
}

impl Whole {
    /// Errors: `DataTooLarge`, `LabelCount`, `LabelValue`.
    pub(super) fn new(images: Images, classes: usize, labels: Option<Vec<u8>>) -> Result<Self> {
        let count = images.count();
        if count > MOST_IMAGES as usize {
            let most = MOST_IMAGES.to_string();
            return Err(Error::DataTooLarge { got: count.to_string(), most });
        }
        if let Some(labels) = labels.as_ref().filter(|labels| labels.len() != count) {
            let images = count.to_string();
            return Err(Error::LabelCount { labels: labels.len().to_string(), images });
        }
        let labels = labels.unwrap_or_default();
        if let Some(index) = labels.iter().position(|&label| usize::from(label) >= classes) {
            return Err(Error::LabelValue {
                index: index.to_string(),
                got: labels[index].to_string(),
                most: classes.saturating_sub(1).to_string(),
            });
        }
        Ok(Self { images, labels })
    }

    /// Number of images.
    pub(super) fn count(&self) -> u32 {
        // At most MOST_IMAGES.
        self.images.count() as u32
    }

    /// Number of labels: 0, or that of the images.
    pub(super) fn labels(&self) -> u32 {
        self.labels.len() as u32
    }

    /// The bytes of image `i`.
    pub(super) fn image(&self, i: u32) -> Option<&[u8]> {
        self.images.image(i as usize)
    }

    /// The label of image `i`.
    pub(super) fn label(&self, i: u32) -> Option<u8> {
        self.labels.get(i as usize).copied()
    }

    /// Hashes of all images and of all labels, if there are any.
    pub(super) fn hashes(&self) -> (u64, Option<u64>) {
        let labelled = !self.labels.is_empty();
        (Hash::of(&self.images.bytes), labelled.then(|| Hash::of(&self.labels)))
    }
}
