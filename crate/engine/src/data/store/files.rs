//! Images from IDX files that arrive in pieces while they are sampled.

use crate::data::fingerprint::Hash;
use crate::data::idx::Parser;
use crate::data::{CLASSES, PIXELS, SIDE};
use crate::{Error, Result};

/// IDX files that arrive.
#[derive(Debug)]
pub(super) struct Files {
    transposed: bool,
    closed: bool,
    images: Parser,
    pixels: Vec<u8>,
    /// Number of transposed images that are turned upright.
    turned: u32,
    /// Hash of the complete images, turned upright, and their number.
    hash: Hash,
    hashed: u32,
    /// Whether the parser of images returned an error; bytes after it are
    /// ignored.
    images_failed: bool,
    label_parser: Parser,
    labels: Vec<u8>,
    labels_failed: bool,
}

impl Files {
    /// Files before their first byte.
    pub(super) fn new(transposed: bool) -> Self {
        Self {
            transposed,
            closed: false,
            images: Parser::images(),
            pixels: Vec::new(),
            turned: 0,
            hash: Hash::default(),
            hashed: 0,
            images_failed: false,
            label_parser: Parser::labels(),
            labels: Vec::new(),
            labels_failed: false,
        }
    }

    /// Number of complete images loaded.
    pub(super) fn available(&self) -> u32 {
        self.images.available()
    }

    /// Number of images of the complete set; 0 while unknown.
    pub(super) fn total(&self) -> u32 {
        if self.closed { self.available() } else { self.images.declared().unwrap_or(0) }
    }

    /// Number of labels loaded.
    pub(super) fn labels(&self) -> u32 {
        // At most MOST_IMAGES.
        self.labels.len() as u32
    }

    /// The label of image `i`, if it is loaded.
    pub(super) fn label(&self, i: u32) -> Option<u8> {
        self.labels.get(i as usize).copied()
    }

    /// Whether no more images will arrive.
    pub(super) fn complete(&self) -> bool {
        self.closed || self.images.declared() == Some(self.available())
    }

    /// Hashes of all images and of all labels, if there are any; `None` until
    /// both are loaded.
    pub(super) fn hashes(&self) -> Option<(u64, Option<u64>)> {
        let labelled = self.labels() == self.available();
        let whole = self.complete() && (labelled || self.closed || self.labels_failed);
        whole.then(|| (self.hash.digest(), labelled.then(|| Hash::of(&self.labels))))
    }

    /// The pixels of image `i`; `None` if it is not loaded.
    pub(super) fn digit(&self, i: u32) -> Option<&[u8]> {
        (i < self.available()).then(|| &self.pixels[i as usize * PIXELS..][..PIXELS])
    }

    /// See `Dataset::push_images`.
    pub(super) fn push_images(&mut self, bytes: &[u8]) -> Result<()> {
        if self.images_failed || self.closed {
            return Ok(());
        }
        let pushed = self.images.push(bytes, &mut self.pixels);
        self.images_failed = pushed.is_err();
        if self.transposed {
            self.turn_upright();
        }
        self.hash_whole();
        self.match_counts()?;
        pushed
    }

    /// Takes all images at once, without a copy.
    pub(super) fn take_images(&mut self, pixels: Vec<u8>) -> Result<()> {
        self.images = Parser::whole(&pixels)?;
        self.pixels = pixels;
        if self.transposed {
            self.turn_upright();
        }
        self.hash_whole();
        self.match_counts()
    }

    /// See `Dataset::push_labels`.
    pub(super) fn push_labels(&mut self, bytes: &[u8]) -> Result<()> {
        if self.labels_failed || self.closed {
            return Ok(());
        }
        let before = self.labels.len();
        let pushed = self.label_parser.push(bytes, &mut self.labels);
        self.labels_failed = pushed.is_err();
        // In the order of the file, header first, so that errors do not depend
        // on how the bytes are cut.
        self.match_counts()?;
        if let Some(place) =
            self.labels[before..].iter().position(|&label| usize::from(label) >= CLASSES)
        {
            let index = before + place;
            let got = self.labels[index].to_string();
            self.drop_labels();
            let most = (CLASSES - 1).to_string();
            return Err(Error::LabelValue { index: index.to_string(), got, most });
        }
        pushed
    }

    /// See `Dataset::close`.
    pub(super) fn close(&mut self) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        self.closed = true;
        let images = if self.images_failed { Ok(()) } else { self.images.finish() };
        let labels = if self.labels_failed || self.label_parser.untouched() {
            Ok(())
        } else {
            self.label_parser.finish()
        };
        if labels.is_err() {
            self.drop_labels();
        }
        self.labels.truncate(self.available() as usize);
        images.and(labels)
    }

    /// Drops the labels if both headers are loaded and their counts differ.
    fn match_counts(&mut self) -> Result<()> {
        let (Some(labels), Some(images)) = (self.label_parser.declared(), self.images.declared())
        else {
            return Ok(());
        };
        if labels == images {
            return Ok(());
        }
        self.drop_labels();
        Err(Error::LabelCount { labels: labels.to_string(), images: images.to_string() })
    }

    /// Deletes the labels and their header, and ignores further ones.
    fn drop_labels(&mut self) {
        self.labels_failed = true;
        self.label_parser = Parser::labels();
        self.labels = Vec::new();
    }

    /// Adds the complete images that arrived since the last call, turned
    /// upright, to the hash.
    fn hash_whole(&mut self) {
        self.hash.update(
            &self.pixels[self.hashed as usize * PIXELS..self.available() as usize * PIXELS],
        );
        self.hashed = self.available();
    }

    /// Swaps rows and columns of the complete images that arrived since the
    /// last call.
    fn turn_upright(&mut self) {
        let from = self.turned as usize * PIXELS;
        for image in self.pixels[from..].chunks_exact_mut(PIXELS) {
            for row in 1..SIDE {
                for column in 0..row {
                    image.swap(row * SIDE + column, column * SIDE + row);
                }
            }
        }
        self.turned = self.available();
    }
}
