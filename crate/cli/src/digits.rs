//! The digits that `train` learns from: a data set or pictures in a folder or a
//! file, or drawn by the engine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ganvas::Dataset;
use ganvas::data::numbers;
use ganvas::data::reader::{Kind, Next, Read, Reader, Role, belong, emnist};

use crate::files::{self, Files, Found};
use crate::mnist::{self, IMAGES, TEST_IMAGES};
use crate::pictures::{self, Pictures};

/// Digits that were brought.
enum Brought {
    Set(Read),
    Pictures(Pictures),
}

impl Brought {
    /// What is to be said of them.
    fn said(&self) -> Vec<String> {
        match self {
            Self::Set(set) => set
                .said
                .iter()
                .map(|said| {
                    format!(
                        "{said}{}",
                        if said.code() == "sideways" { ", by --upright" } else { "" }
                    )
                })
                .collect(),
            Self::Pictures(pictures) => vec![pictures.said.clone()],
        }
    }

    fn dataset(self, upright: bool) -> Result<Dataset> {
        match self {
            Self::Set(set) => Ok(Dataset::whole(set.pixels, set.classes.as_deref(), upright)?),
            Self::Pictures(pictures) => pictures.dataset(upright),
        }
    }
}

/// The digits of the folder or file, of MNIST_DIR, of an earlier fetch, or
/// drawn ones; says which, and what is to be said of them.
pub fn open(named: Option<&Path>, upright: bool) -> Result<Dataset> {
    let fetched =
        || Some(mnist::default_folder()).filter(|folder| mnist::find(folder, IMAGES.name).is_ok());
    let named = named.map(PathBuf::from).or_else(mnist::named_by_environment);
    let Some(place) = named.or_else(fetched) else {
        println!("training on drawn digits; `cargo ganvas fetch` gets MNIST");
        return Ok(Dataset::drawn());
    };
    let mut brought = brought(&place, upright)?;
    if let Brought::Set(set) = &mut brought
        && !upright
        && emnist(&place.to_string_lossy())
        && set.said.iter().all(|said| said.code() != "sideways")
    {
        set.said.push(ganvas::Error::Sideways { name: place.display().to_string() });
    }
    for said in brought.said() {
        eprintln!("note: {said}");
    }
    let data =
        brought.dataset(upright).with_context(|| format!("the digits in {}", place.display()))?;
    let labels = if data.labels() > 0 { "" } else { ", without labels" };
    println!("training on the {} digits in {}{labels}", data.available(), place.display());
    Ok(data)
}

/// The digits that others are measured against: those of a place as [`open`]
/// takes it, and MNIST's test digits where they lie there, too.
pub fn real(named: Option<&Path>, upright: bool) -> Result<(Dataset, Option<Dataset>)> {
    let Some(place) = named.map(PathBuf::from).or_else(mnist::named_by_environment) else {
        let folder = folder(None)?;
        return Ok((read(&folder, upright)?, Some(test(&folder)?)));
    };
    let apart = mnist::find(&place, TEST_IMAGES.name).is_ok();
    let test = if apart { Some(test(&place)?) } else { None };
    Ok((read(&place, upright)?, test))
}

/// The training digits in a folder, or the digits of a file; what is to be said
/// of them is said.
fn read(place: &Path, upright: bool) -> Result<Dataset> {
    let brought = brought(place, upright)?;
    for said in brought.said() {
        eprintln!("note: {said}");
    }
    brought.dataset(upright).with_context(|| format!("the digits in {}", place.display()))
}

/// MNIST's test digits.
pub fn test(folder: &Path) -> Result<Dataset> {
    let [images, labels] =
        [&TEST_IMAGES, &mnist::TEST_LABELS].map(|file| mnist::find(folder, file.name));
    let (images, labels) = (images?, labels?);
    let set = chosen(&images, files::at(&labels)?.found)
        .with_context(|| format!("the test digits in {}", folder.display()))?;
    set.dataset(false)
}

/// The folder of MNIST that is named, by MNIST_DIR, or fetched earlier.
pub fn folder(named: Option<&Path>) -> Result<PathBuf> {
    let folder = named.map(PathBuf::from).or_else(mnist::named_by_environment);
    let folder = folder.unwrap_or_else(mnist::default_folder);
    mnist::find(&folder, IMAGES.name).context(
        "MNIST is needed: name its folder with --data or MNIST_DIR, or `cargo ganvas fetch`",
    )?;
    Ok(folder)
}

/// Every image of a set as (n, image) in [0, 1], and its labels where
/// there are any.
pub fn all(data: &mut Dataset) -> Result<(Vec<f32>, Vec<u8>)> {
    let indices: Vec<u32> = (0..data.available()).collect();
    let mut pixels = vec![0.; indices.len() * data.sample().shape.size()];
    data.write_batch(&indices, &mut pixels);
    Ok((pixels, indices.iter().filter_map(|&i| data.label(i)).collect()))
}

/// A file of images or a folder of pictures, and a file of labels where it is
/// given.
pub fn files(images: &Path, labels: Option<&Path>) -> Result<(Vec<f32>, Vec<u8>)> {
    let labels = labels.map(files::at).transpose()?.unwrap_or_default().found;
    let named = !labels.is_empty();
    let set = match chosen(images, labels).with_context(|| images.display().to_string())? {
        Brought::Set(set) => set,
        Brought::Pictures(_) if named => {
            bail!("{}: the labels are not of these images", images.display())
        }
        Brought::Pictures(pictures) => {
            eprintln!("note: {}", pictures.said);
            return Ok((numbers(&pictures.pixels), pictures.labels));
        }
    };
    if let (true, None) = (named, &set.classes) {
        let why = set.said.iter().find(|said| said.code().starts_with("labels-"));
        bail!(
            "{}: {}",
            images.display(),
            why.map_or("the labels are not of these images".into(), ToString::to_string)
        );
    }
    all(&mut Dataset::whole(set.pixels, set.classes.as_deref(), false)?)
}

/// The digits of files that were named one by one.
fn chosen(images: &Path, labels: Vec<Found>) -> Result<Brought> {
    let mut files = files::at(images)?;
    files.found.extend(labels);
    from(images, files, false)
}

/// The digits in a folder, or in a file with the labels that lie beside it.
fn brought(place: &Path, upright: bool) -> Result<Brought> {
    let mut files = files::at(place)?;
    if let ([only], Some(folder)) = (&files.found[..], place.parent())
        && place.is_file()
    {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let name = only.path.clone();
        let beside = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
        let beside = beside.filter(|path| path.is_file() && path.file_name() != place.file_name());
        let named = beside.filter(|path| {
            path.file_name().is_some_and(|other| belong(&other.to_string_lossy(), &name))
        });
        let all = named.filter_map(|path| files::at(&path).ok()).flat_map(|files| files.found);
        files.found.extend(all.filter(|file| file.seen().is_ok_and(|seen| is_labels(&seen.kind))));
    }
    from(place, files, upright).with_context(|| format!("no digits in {}", place.display()))
}

fn is_labels(kind: &Kind) -> bool {
    matches!(kind, Kind::Array(layout) if matches!(layout.role, Role::Labels(_)))
}

fn is_images(kind: &Kind) -> bool {
    matches!(kind, Kind::Array(layout) if matches!(layout.role, Role::Images(_)))
}

/// The data set of the files that were found at a place; where none of them is
/// one, the pictures there.
fn from(place: &Path, files: Files, upright: bool) -> Result<Brought> {
    let seen = files.found.iter().map(Found::seen).collect::<Result<Vec<_>>>()?;
    // An array that cannot be read is a fault to be told, whatever pictures lie
    // beside it.
    let array = seen.iter().any(|seen| is_images(&seen.kind));
    let mut reader = Reader::new(seen, upright);
    loop {
        match reader.advance() {
            Ok(Next::Want { file, most }) => reader.give(file, files.found[file].bytes(most)?),
            Ok(Next::Done(read)) => return Ok(Brought::Set(read)),
            Err(error) if array => return Err(error.into()),
            Err(error) => {
                let pictures = pictures::open(place, &files)?;
                return pictures.map(Brought::Pictures).ok_or_else(|| error.into());
            }
        }
    }
}
