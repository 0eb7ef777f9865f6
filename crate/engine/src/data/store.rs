//! The data set that a session trains on: files that arrive while they are
//! sampled, digits drawn when first needed, or a complete set of images.

mod drawn;
mod files;
mod whole;

use crate::data::{FIRST, Images, Sample, fingerprint, idx};
use crate::kernel::Fnv;
use crate::{Error, Result};
pub use drawn::DRAWN;
use drawn::Drawn;
pub(super) use drawn::image_of;
use files::Files;
use whole::Whole;

/// A set of images of one shape, one byte per number; it can grow while it is
/// sampled.
#[derive(Debug)]
pub struct Dataset {
    sample: Sample,
    /// Bytes returned for an image that is not loaded.
    blank: Vec<u8>,
    digits: Digits,
}

#[derive(Debug)]
enum Digits {
    Empty,
    Drawn(Drawn),
    Files(Box<Files>),
    Whole(Whole),
}

impl Dataset {
    fn new(sample: Sample, digits: Digits) -> Self {
        Self { sample, blank: vec![0; sample.shape.size()], digits }
    }

    /// A set that has and accepts no images, for runs of any sample shape.
    pub fn empty() -> Self {
        Self::new(Sample::DIGIT, Digits::Empty)
    }

    /// The 60,000 digits drawn by the program, all available from the start,
    /// each drawn when first needed.
    pub fn drawn() -> Self {
        Self::new(Sample::DIGIT, Digits::Drawn(Drawn::default()))
    }

    /// A set for IDX files that arrive later; `transposed` images (EMNIST's)
    /// are turned upright as they arrive.
    pub fn files(transposed: bool) -> Self {
        Self::new(Sample::DIGIT, Digits::Files(Box::new(Files::new(transposed))))
    }

    /// A complete set: 784 bytes per image, and a class for each image if there
    /// are classes; `transposed` images are turned upright.
    ///
    /// Errors: `IdxEmpty`, `DataTooLarge`, `LabelCount`, `LabelValue`.
    pub fn whole(pixels: Vec<u8>, classes: Option<&[u8]>, transposed: bool) -> Result<Self> {
        let mut files = Files::new(transposed);
        if let Some(classes) = classes {
            files.push_labels(&idx::write_labels(classes))?;
        }
        files.take_images(pixels)?;
        files.close()?;
        Ok(Self::new(Sample::DIGIT, Digits::Files(Box::new(files))))
    }

    /// A complete set of images of any shape, and a label below `classes` for
    /// each image if there are labels.
    ///
    /// Errors: `DataTooLarge`, `LabelCount`, `LabelValue`.
    pub fn images(images: Images, classes: usize, labels: Option<Vec<u8>>) -> Result<Self> {
        let sample = Sample { shape: images.shape, classes };
        Ok(Self::new(sample, Digits::Whole(Whole::new(images, classes, labels)?)))
    }

    /// Shape and number of classes of its images.
    pub fn sample(&self) -> Sample {
        self.sample
    }

    /// Whether its images have this shape and number of classes. An
    /// [`empty`](Self::empty) set adopts those of `sample`.
    pub(crate) fn holds(&mut self, sample: Sample) -> bool {
        if matches!(self.digits, Digits::Empty) {
            *self = Self::new(sample, Digits::Empty);
        }
        self.sample == sample
    }

    /// Takes the next bytes of the unpacked file of images, cut anywhere.
    ///
    /// Errors: those of [`idx::Parser::push`](crate::data::idx::Parser::push),
    /// `LabelCount` (the labels are dropped), `NoData`. Each error of the file
    /// is returned once; loaded images stay, and bytes after an error of the
    /// parser are ignored.
    pub fn push_images(&mut self, bytes: &[u8]) -> Result<()> {
        self.files_mut()?.push_images(bytes)
    }

    /// Takes the next bytes of the unpacked file of labels, cut anywhere,
    /// before, after or between the images.
    ///
    /// Errors: those of [`idx::Parser::push`](crate::data::idx::Parser::push),
    /// `LabelCount`, `LabelValue`, `NoData`. On each the labels are dropped
    /// (except for `IdxTrailing`, where all are loaded), the images stay, and
    /// further bytes are ignored.
    pub fn push_labels(&mut self, bytes: &[u8]) -> Result<()> {
        self.files_mut()?.push_labels(bytes)
    }

    /// Marks the end of the files: the loaded images are now the complete set.
    ///
    /// Errors: `IdxTruncated` of images (complete ones stay, with their labels)
    /// or of labels (dropped); errors that a push returned are not returned
    /// again.
    pub fn close(&mut self) -> Result<()> {
        match &mut self.digits {
            Digits::Files(files) => files.close(),
            _ => Ok(()),
        }
    }

    /// Number of images that can be drawn now.
    pub fn available(&self) -> u32 {
        match &self.digits {
            Digits::Empty => 0,
            Digits::Drawn(_) => DRAWN,
            Digits::Files(files) => files.available(),
            Digits::Whole(whole) => whole.count(),
        }
    }

    /// Number of images of the complete set, as far as known; 0 until the
    /// header of the images is loaded.
    pub fn total(&self) -> u32 {
        match &self.digits {
            Digits::Empty => 0,
            Digits::Drawn(_) => DRAWN,
            Digits::Files(files) => files.total(),
            Digits::Whole(whole) => whole.count(),
        }
    }

    /// Number of labels loaded.
    pub fn labels(&self) -> u32 {
        match &self.digits {
            Digits::Empty => 0,
            Digits::Drawn(_) => DRAWN,
            Digits::Files(files) => files.labels(),
            Digits::Whole(whole) => whole.labels(),
        }
    }

    /// Whether no more images will arrive.
    pub fn complete(&self) -> bool {
        match &self.digits {
            Digits::Empty | Digits::Drawn(_) | Digits::Whole(_) => true,
            Digits::Files(files) => files.complete(),
        }
    }

    /// Whether training can start: the first 2,048 images are loaded, or all of
    /// a smaller set, at least one.
    pub fn usable(&self) -> bool {
        self.total() > 0 && self.available() >= self.total().min(FIRST)
    }

    /// A short text that identifies the set;
    /// [`Likeness`](crate::data::Likeness) compares two of them. Empty until
    /// the set is [`usable`](Self::usable).
    pub fn fingerprint(&mut self) -> String {
        let hashes = match &self.digits {
            Digits::Drawn(_) => return "drawn".to_owned(),
            Digits::Files(files) if self.usable() => files.hashes(),
            Digits::Whole(whole) if self.usable() => Some(whole.hashes()),
            _ => return String::new(),
        };
        // The first images distinguish most sets, and are loaded from the
        // start.
        let (total, mut hash) = (self.total(), Fnv::default());
        for i in 0..total.min(FIRST) {
            for word in self.digit(i).as_chunks::<4>().0 {
                hash.add(u32::from_le_bytes(*word));
            }
        }
        fingerprint::written(total, hash.digest(), hashes)
    }

    /// The bytes of image `i`, row by row, channels last; all 0 if it is not
    /// loaded.
    pub fn digit(&mut self, i: u32) -> &[u8] {
        let found = match &mut self.digits {
            Digits::Empty => None,
            Digits::Drawn(drawn) => drawn.digit(i),
            Digits::Files(files) => files.digit(i),
            Digits::Whole(whole) => whole.image(i),
        };
        found.unwrap_or(&self.blank)
    }

    /// The class of image `i`, if it is known.
    pub fn label(&self, i: u32) -> Option<u8> {
        match &self.digits {
            Digits::Empty => None,
            Digits::Drawn(_) => drawn::class(i),
            Digits::Files(files) => files.label(i),
            Digits::Whole(whole) => whole.label(i),
        }
    }

    /// Writes the images `indices` into `out`, (indices, numbers of an image),
    /// in [0, 1].
    pub fn write_batch(&mut self, indices: &[u32], out: &mut [f32]) {
        let size = self.sample.shape.size();
        debug_assert_eq!(out.len(), indices.len() * size);
        for (&i, row) in indices.iter().zip(out.chunks_exact_mut(size.max(1))) {
            for (value, &pixel) in row.iter_mut().zip(self.digit(i)) {
                *value = f32::from(pixel) / 255.0;
            }
        }
    }

    fn files_mut(&mut self) -> Result<&mut Files> {
        match &mut self.digits {
            Digits::Files(files) => Ok(files),
            _ => Err(Error::NoData {}),
        }
    }
}
