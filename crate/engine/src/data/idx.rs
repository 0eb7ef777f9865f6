//! IDX, the file format of MNIST: a parser for bytes that arrive in pieces, and
//! writers.

use crate::data::{PIXELS, SIDE};
use crate::{Error, Result};

/// Largest number of images that a file can declare: 784 MB of pixels, a fifth
/// of what WebAssembly can address.
pub const MOST_IMAGES: u32 = 1_000_000;

const MAGIC_IMAGES: u32 = 2051;
const MAGIC_LABELS: u32 = 2049;

/// The type of the items of an IDX file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Images of 28 x 28 bytes.
    Images,
    /// Labels of one byte.
    Labels,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Labels => "labels",
        }
    }

    fn magic(self) -> u32 {
        match self {
            Self::Images => MAGIC_IMAGES,
            Self::Labels => MAGIC_LABELS,
        }
    }

    fn header_bytes(self) -> usize {
        match self {
            Self::Images => 16,
            Self::Labels => 8,
        }
    }

    /// Bytes of one item.
    fn item(self) -> u64 {
        match self {
            Self::Images => PIXELS as u64,
            Self::Labels => 1,
        }
    }
}

/// Parses an unpacked IDX file from pieces cut anywhere; it stores only the
/// header.
#[derive(Clone, Debug)]
pub struct Parser {
    kind: Kind,
    header: [u8; 16],
    filled: usize,
    /// Number of items that the header declares, once it is complete and valid.
    declared: Option<u32>,
    /// Bytes of items received.
    received: u64,
    failed: Option<Error>,
}

impl Parser {
    /// A parser of 28 x 28 images.
    pub fn images() -> Self {
        Self::new(Kind::Images)
    }

    /// A parser of labels.
    pub fn labels() -> Self {
        Self::new(Kind::Labels)
    }

    fn new(kind: Kind) -> Self {
        Self { kind, header: [0; 16], filled: 0, declared: None, received: 0, failed: None }
    }

    /// A parser that has received all of these images. Errors: `IdxEmpty`,
    /// `DataTooLarge`.
    pub(super) fn whole(pixels: &[u8]) -> Result<Self> {
        let mut parser = Self::images();
        // Only the header: the images need no copy.
        parser.take_header(&write_images_header(pixels))?;
        parser.declared = Some(parser.checked_count()?);
        parser.received = pixels.len() as u64;
        Ok(parser)
    }

    /// Number of items that the header declares; `None` until it is complete.
    pub fn declared(&self) -> Option<u32> {
        self.declared
    }

    /// Number of complete items received.
    pub fn available(&self) -> u32 {
        // At most MOST_IMAGES: the cast does not truncate.
        (self.received / self.kind.item()) as u32
    }

    /// Whether no byte has been received.
    pub fn untouched(&self) -> bool {
        self.filled == 0
    }

    /// Takes the next bytes of the file, any number of them, and appends those
    /// of items to `sink`, which is reserved once, for exactly the declared
    /// items.
    ///
    /// Errors: `IdxMagic`, `IdxEmpty`, `IdxSize`, `DataTooLarge` (in the
    /// header), `IdxTrailing` (`sink` still gets all declared items). After an
    /// error every further call returns the same error and appends nothing.
    pub fn push(&mut self, bytes: &[u8], sink: &mut Vec<u8>) -> Result<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let outcome = self.take(bytes, sink);
        self.failed = outcome.as_ref().err().cloned();
        outcome
    }

    /// Marks the end of the file. Errors: `IdxTruncated` with the number of
    /// complete items received (expected `?` if the header ended before the
    /// count), or the error that `push` returned.
    pub fn finish(&self) -> Result<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let expected = self.declared.or_else(|| (self.filled >= 8).then(|| self.word(1)));
        if self.declared.is_some() && expected == Some(self.available()) {
            return Ok(());
        }
        Err(Error::IdxTruncated {
            kind: self.kind.name().into(),
            got: self.available().to_string(),
            expected: expected.map_or("?".into(), |count| count.to_string()),
        })
    }

    fn take(&mut self, bytes: &[u8], sink: &mut Vec<u8>) -> Result<()> {
        let (count, bytes) = match self.declared {
            Some(count) => (count, bytes),
            None => match self.take_header(bytes)? {
                Some((count, rest)) => {
                    reserve(sink, self.kind, count)?;
                    self.declared = Some(count);
                    (count, rest)
                }
                None => return Ok(()),
            },
        };
        let wanted = u64::from(count) * self.kind.item() - self.received;
        let taken = wanted.min(bytes.len() as u64);
        let (body, trailing) = bytes.split_at(taken as usize);
        sink.extend_from_slice(body);
        self.received += taken;
        if trailing.is_empty() {
            return Ok(());
        }
        Err(Error::IdxTrailing { kind: self.kind.name().into(), expected: count.to_string() })
    }

    /// Fills the header; once it is complete and valid, returns the number of
    /// items and the bytes after the header. A wrong magic number is an error
    /// as soon as its four bytes are received.
    fn take_header<'a>(&mut self, bytes: &'a [u8]) -> Result<Option<(u32, &'a [u8])>> {
        let size = self.kind.header_bytes();
        let (head, rest) = bytes.split_at(bytes.len().min(size - self.filled));
        self.header[self.filled..self.filled + head.len()].copy_from_slice(head);
        self.filled += head.len();
        if self.filled >= 4 && self.word(0) != self.kind.magic() {
            return Err(Error::IdxMagic {
                kind: self.kind.name().into(),
                got: self.word(0).to_string(),
                expected: self.kind.magic().to_string(),
            });
        }
        if self.filled < size {
            return Ok(None);
        }
        Ok(Some((self.checked_count()?, rest)))
    }

    fn checked_count(&self) -> Result<u32> {
        let count = self.word(1);
        if count == 0 {
            return Err(Error::IdxEmpty { kind: self.kind.name().into() });
        }
        if self.kind == Kind::Images {
            let (rows, columns) = (self.word(2), self.word(3));
            if (rows, columns) != (SIDE as u32, SIDE as u32) {
                return Err(Error::IdxSize {
                    rows: rows.to_string(),
                    columns: columns.to_string(),
                });
            }
        }
        if count > MOST_IMAGES {
            return Err(too_large(count, MOST_IMAGES));
        }
        Ok(count)
    }

    /// The header's big-endian word at `place`.
    fn word(&self, place: usize) -> u32 {
        self.header[place * 4..place * 4 + 4]
            .iter()
            .fold(0, |word, &byte| word << 8 | u32::from(byte))
    }
}

fn too_large(got: u32, most: u32) -> Error {
    Error::DataTooLarge { got: got.to_string(), most: most.to_string() }
}

/// Reserves exactly `count` items. Errors: `DataTooLarge` with a number of
/// items that fits.
fn reserve(sink: &mut Vec<u8>, kind: Kind, count: u32) -> Result<()> {
    let mut fits = |count: u32| {
        // usize has 32 bits in WebAssembly.
        let bytes = usize::try_from(u64::from(count) * kind.item());
        bytes.is_ok_and(|bytes| sink.try_reserve_exact(bytes).is_ok())
    };
    if fits(count) {
        return Ok(());
    }
    let most = std::iter::successors(Some(count / 2), |most| (*most > 0).then_some(most / 2));
    let most = most.into_iter().find(|&most| fits(most)).unwrap_or(0);
    *sink = Vec::new();
    Err(too_large(count, most))
}

/// The IDX file of `pixels`, (count, 28, 28) bytes; pixels after the last
/// complete image are left out.
pub fn write_images(pixels: &[u8]) -> Vec<u8> {
    let mut file = write_images_header(pixels);
    file.extend_from_slice(&pixels[..pixels.len() / PIXELS * PIXELS]);
    file
}

fn write_images_header(pixels: &[u8]) -> Vec<u8> {
    let side = SIDE as u32;
    write(&[MAGIC_IMAGES, (pixels.len() / PIXELS) as u32, side, side], &[])
}

/// The IDX file of `labels`, (count) bytes.
pub fn write_labels(labels: &[u8]) -> Vec<u8> {
    write(&[MAGIC_LABELS, labels.len() as u32], labels)
}

fn write(header: &[u32], items: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(header.len() * 4 + items.len());
    file.extend(header.iter().flat_map(|word| word.to_be_bytes()));
    file.extend_from_slice(items);
    file
}
