//! Reads a data set from a list of files: which contain pictures, which labels,
//! which belong together, and what is wrong with them.
//!
//! It does no I/O: [`Reader::new`] takes the format of each file, which
//! [`kind()`] finds from the first bytes, [`Reader::advance`] requests the
//! complete files that are needed, one by one, and [`Reader::give`] takes their
//! bytes. The page and the command line read all files of users with it.

mod csv;
mod kind;
mod layout;
mod marks;
mod names;
mod pixels;

use std::cmp::Reverse;
use std::collections::BTreeMap;

pub use kind::{HEAD, Kind, kind};
pub use layout::{Element, Layout, MOST_BYTES, Role};
use marks::Marks;
use names::Part;
pub use names::{emnist, is_litter};

use crate::data::SIDE;
use crate::{Error, Result};

/// Bytes past the declared size that are read to find what is wrong.
const BEYOND: u64 = 64 << 20;
/// Number of names that a sentence lists.
const NAMED: usize = 3;

/// A file whose first bytes are known.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its path from the added folder, with `/` as the separator.
    pub path: String,
    /// Its format.
    pub kind: Kind,
    /// Its size in bytes, as far as known: the larger of several tables is
    /// chosen.
    pub size: u64,
}

/// What the reader needs, or its result.
#[derive(Debug)]
pub enum Next {
    /// A complete file, unpacked, up to a number of bytes.
    Want {
        /// Index of the file.
        file: usize,
        /// Largest number of bytes that the reader uses.
        most: u64,
    },
    /// The data set.
    Done(Read),
}

/// A data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// Index of the file of pictures.
    pub images: usize,
    /// Index of the file of labels.
    pub labels: Option<usize>,
    /// 784 bytes per picture.
    pub pixels: Vec<u8>,
    /// A class from 0 to 9 for each picture.
    pub classes: Option<Vec<u8>>,
    /// Notes to show: labels left out, files skipped, pictures scaled.
    pub said: Vec<Error>,
}

/// The result of reading one file.
#[derive(Debug)]
enum Got {
    Marks(Marks),
    Pictures(Vec<u8>, Option<Marks>),
    Failed(Error),
}

/// Reads a data set from files.
#[derive(Debug)]
pub struct Reader {
    files: Vec<Seen>,
    upright: bool,
    got: BTreeMap<usize, Got>,
}

impl Reader {
    /// A reader of these files. `upright`: the caller turns transposed
    /// pictures, so the reader does not add the note `Sideways`.
    pub fn new(files: Vec<Seen>, upright: bool) -> Self {
        Self { files, upright, got: BTreeMap::new() }
    }

    /// The file that is needed next, or the data set. Errors: no file contains
    /// pictures, those that do are damaged, or the only file of labels has
    /// another count (`LabelCount`).
    pub fn advance(&mut self) -> Result<Next> {
        let images: Vec<usize> = self.all(is_images);
        let labels: Vec<usize> = self.all(is_labels);
        if images.is_empty() {
            return Err(self.refusal());
        }
        let paired: Vec<Vec<usize>> =
            images.iter().map(|&image| self.labels_for(image, &images, &labels)).collect();
        if let Some(&file) = paired.iter().flatten().find(|file| !self.got.contains_key(file)) {
            return Ok(self.want(file));
        }
        let mut sets: Vec<(usize, Option<usize>)> = images
            .iter()
            .zip(&paired)
            .map(|(&image, labels)| (image, self.first_intact(labels)))
            .collect();
        sets.sort_by_key(|&(image, labels)| Reverse(self.rank(image, labels)));
        let best = sets[0].0;
        sets.retain(|&(image, _)| self.twins(image, best));
        if let ([label], true) = (&labels[..], sets.len() == images.len()) {
            self.same_count(best, *label)?;
        }
        let mut failed = None;
        for (image, labels) in sets {
            match (self.got.get(&image), labels.and_then(|labels| self.got.get(&labels))) {
                (None, _) => return Ok(self.want(image)),
                (Some(Got::Failed(error)), _) | (_, Some(Got::Failed(error))) => {
                    failed.get_or_insert_with(|| error.clone());
                }
                _ => return Ok(Next::Done(self.done(image, labels))),
            }
        }
        Err(failed.unwrap_or_else(|| self.refusal()))
    }

    /// Takes the bytes of the file that [`Self::advance`] requested, as far as
    /// they could be read.
    pub fn give(&mut self, file: usize, bytes: Vec<u8>) {
        let Some(Seen { path, kind, .. }) = self.files.get(file) else { return };
        let got = match kind {
            Kind::Array(layout) => {
                measured(layout, bytes.len() as u64).map(|()| match layout.role {
                    Role::Labels(_) => Got::Marks(Marks::read(path, layout, &bytes)),
                    Role::Images(_) => Got::Pictures(pixels::pictures(layout, bytes), None),
                })
            }
            _ if bytes.len() as u64 > MOST_BYTES => {
                Err(Error::FileLarge { name: path.clone(), most: MOST_BYTES.to_string() })
            }
            _ => csv::read(path, &bytes).map(|(pixels, marks)| Got::Pictures(pixels, marks)),
        };
        self.got.insert(file, got.unwrap_or_else(Got::Failed));
    }

    fn all(&self, is: fn(&Kind) -> bool) -> Vec<usize> {
        (0..self.files.len()).filter(|&file| is(&self.files[file].kind)).collect()
    }

    fn want(&self, file: usize) -> Next {
        let most = match &self.files[file].kind {
            Kind::Array(layout) => layout.bytes() + BEYOND,
            _ => MOST_BYTES + 1,
        };
        Next::Want { file, most }
    }

    fn layout(&self, file: usize) -> Option<&Layout> {
        match &self.files[file].kind {
            Kind::Array(layout) => Some(layout),
            _ => None,
        }
    }

    /// The files of labels for a file of pictures, all with its count: those of
    /// the same path, else those of the same file name, else those whose name
    /// matches no pictures.
    fn labels_for(&self, image: usize, images: &[usize], labels: &[usize]) -> Vec<usize> {
        let Some(count) = self.layout(image).map(|layout| layout.count) else { return Vec::new() };
        let fitting = labels
            .iter()
            .copied()
            .filter(|&label| self.layout(label).is_some_and(|layout| layout.count == count));
        let fitting: Vec<usize> = fitting.collect();
        let tiers: [&dyn Fn(usize) -> bool; 3] = [
            &|label| names::stem(self.path(label)) == names::stem(self.path(image)),
            &|label| own_stem(self.path(label)) == own_stem(self.path(image)),
            &|label| {
                !images
                    .iter()
                    .any(|&other| own_stem(self.path(label)) == own_stem(self.path(other)))
            },
        ];
        let found = tiers
            .iter()
            .map(|tier| fitting.iter().copied().filter(|&label| tier(label)).collect::<Vec<_>>());
        found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The first intact file of labels for the same pictures; the first damaged
    /// one if none is intact.
    fn first_intact(&self, labels: &[usize]) -> Option<usize> {
        let whole = labels.iter().find(|label| matches!(self.got.get(label), Some(Got::Marks(_))));
        whole.or(labels.first()).copied()
    }

    /// The preference for pictures: those for training, those with classes, the
    /// largest count.
    fn rank(
        &self,
        image: usize,
        labels: Option<usize>,
    ) -> (Part, bool, usize, Reverse<(usize, &str)>) {
        let Seen { path, size, .. } = &self.files[image];
        let own = names::part(path.rsplit('/').next().unwrap_or(path));
        let part = if own == Part::Unknown { names::part(path) } else { own };
        let (classes, count) = match self.layout(image) {
            Some(layout) => {
                (self.marks(labels).is_some_and(|marks| marks.classes().is_some()), layout.count)
            }
            // A table contains its labels; a line of it has about 2 kB.
            None => (true, (*size / 2048) as usize),
        };
        (part, classes, count, Reverse((path.len(), path)))
    }

    fn marks(&self, labels: Option<usize>) -> Option<&Marks> {
        match self.got.get(&labels?) {
            Some(Got::Marks(marks)) => Some(marks),
            _ => None,
        }
    }

    /// Whether two files contain the same pictures, packed and unpacked, or
    /// copied.
    fn twins(&self, one: usize, other: usize) -> bool {
        let shape = |file| self.layout(file).map(|layout| (layout.count, layout.role));
        one == other
            || (own_stem(self.path(one)) == own_stem(self.path(other))
                && shape(one) == shape(other))
    }

    fn same_count(&self, image: usize, label: usize) -> Result<()> {
        match (self.layout(image), self.layout(label)) {
            (Some(images), Some(labels)) if images.count != labels.count => {
                Err(Error::LabelCount {
                    labels: labels.count.to_string(),
                    images: images.count.to_string(),
                })
            }
            _ => Ok(()),
        }
    }

    fn path(&self, file: usize) -> &str {
        &self.files[file].path
    }

    /// The data set of the pictures in file `images`, with its notes.
    fn done(&mut self, images: usize, labels: Option<usize>) -> Read {
        let mut said = Vec::new();
        let (pixels, own) = match self.got.remove(&images) {
            Some(Got::Pictures(pixels, own)) => (pixels, own),
            _ => (Vec::new(), None),
        };
        let classes = match own.as_ref().or(self.marks(labels)) {
            Some(Marks::Classes(classes)) => Some(classes.clone()),
            Some(Marks::Useless(why)) => {
                said.push(why.clone());
                None
            }
            None => None,
        };
        if let Some(side) = self.layout(images).map(Layout::side).filter(|&side| side != SIDE) {
            said.push(Error::Scaled { side: side.to_string() });
        }
        if names::emnist(self.path(images)) && !self.upright {
            said.push(Error::Sideways { name: self.path(images).to_owned() });
        }
        let rank = self.rank(images, labels).0;
        let of = |file: usize| own_stem(self.path(file));
        let mut others: Vec<_> = self
            .all(is_images)
            .into_iter()
            .filter(|&file| self.rank(file, None).0 == rank)
            .map(of)
            .collect();
        others.sort();
        others.dedup();
        if others.len() > 1 {
            said.push(Error::SetChosen {
                name: self.path(images).to_owned(),
                sets: others.len().to_string(),
            });
        }
        let useless = |kind: &Kind| !is_images(kind) && !is_labels(kind);
        let skipped: Vec<&str> =
            self.all(useless).into_iter().map(|file| self.path(file)).collect();
        if !skipped.is_empty() {
            said.push(Error::PassedOver {
                count: skipped.len().to_string(),
                names: listed(&skipped),
            });
        }
        Read { images, labels: labels.filter(|_| classes.is_some()), pixels, classes, said }
    }

    /// Why no file contains pictures: the most helpful of the errors.
    fn refusal(&self) -> Error {
        if let Some(label) = self.all(is_labels).first() {
            return Error::OnlyLabels { name: self.path(*label).to_owned() };
        }
        let errors = self.files.iter().map(|Seen { path, kind, .. }| match kind {
            Kind::Other(error) => error.clone(),
            _ => Error::FileUnknown { name: path.clone() },
        });
        let helps = |error: &Error| match error {
            Error::FileUnknown { .. } => 1,
            Error::FileEmpty { .. } => 2,
            _ => 0,
        };
        errors.min_by_key(helps).unwrap_or(Error::NoFiles {})
    }
}

fn is_images(kind: &Kind) -> bool {
    matches!(kind, Kind::Csv | Kind::Array(Layout { role: Role::Images(_), .. }))
}

fn is_labels(kind: &Kind) -> bool {
    matches!(kind, Kind::Array(Layout { role: Role::Labels(_), .. }))
}

/// Whether two files belong to one set by their names, e.g. pictures and their
/// labels.
pub fn belong(one: &str, other: &str) -> bool {
    own_stem(one) == own_stem(other)
}

/// The stem of a file name, or of the path if the file name has none.
fn own_stem(path: &str) -> Vec<String> {
    let own = names::stem(path.rsplit('/').next().unwrap_or(path));
    if own.is_empty() { names::stem(path) } else { own }
}

/// The first few names, joined.
fn listed(names: &[&str]) -> String {
    let more = if names.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", names[..names.len().min(NAMED)].join(", "))
}

/// Errors unless a file has the size that its header declares.
fn measured(layout: &Layout, bytes: u64) -> Result<()> {
    let kind = if matches!(layout.role, Role::Images(_)) { "images" } else { "labels" }.to_owned();
    let (body, item) = (bytes.saturating_sub(layout.start as u64), layout.item() as u64);
    let expected = layout.count.to_string();
    match () {
        () if bytes == layout.bytes() => Ok(()),
        () if bytes < layout.bytes() => {
            Err(Error::IdxTruncated { kind, got: (body / item).to_string(), expected })
        }
        // Complete pictures: the count in the header is wrong, e.g. written
        // with two of its four bytes.
        () if item > 1 && body % item == 0 => {
            Err(Error::IdxCount { kind, got: (body / item).to_string(), expected })
        }
        () => Err(Error::IdxTrailing { kind, expected }),
    }
}
