//! The training images of `train`: a data set or pictures in a folder or a
//! file, or digits drawn by the engine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ganvas::Dataset;
use ganvas::data::numbers;
use ganvas::data::reader::{Kind, Next, Read, Reader, Role, belong, emnist};

use crate::files::{self, Files, Found};
use crate::mnist::{self, IMAGES, TEST_IMAGES};
use crate::pictures::{self, Pictures};

/// Images of a folder or a file.
enum Loaded {
    Set(Read),
    Pictures(Pictures),
}

impl Loaded {
    /// Notes about them to print.
    fn notes(&self) -> Vec<String> {
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

/// Loads the images of the folder or file, of MNIST_DIR or of an earlier fetch,
/// or else drawn digits; prints which, and notes about them. Errors: the place
/// cannot be read, or has no images.
pub fn open(named: Option<&Path>, upright: bool) -> Result<Dataset> {
    let fetched =
        || Some(mnist::default_folder()).filter(|folder| mnist::find(folder, IMAGES.name).is_ok());
    let named = named.map(PathBuf::from).or_else(mnist::named_by_environment);
    let Some(place) = named.or_else(fetched) else {
        println!("training on drawn digits; `cargo ganvas fetch` gets MNIST");
        return Ok(Dataset::drawn());
    };
    let mut loaded = load(&place, upright)?;
    if let Loaded::Set(set) = &mut loaded
        && !upright
        && emnist(&place.to_string_lossy())
        && set.said.iter().all(|said| said.code() != "sideways")
    {
        set.said.push(ganvas::Error::Sideways { name: place.display().to_string() });
    }
    for note in loaded.notes() {
        eprintln!("note: {note}");
    }
    let data =
        loaded.dataset(upright).with_context(|| format!("the images in {}", place.display()))?;
    let labels = if data.labels() > 0 { "" } else { ", without labels" };
    println!("training on the {} images in {}{labels}", data.available(), place.display());
    Ok(data)
}

/// The real digits to measure against: those of a place that [`open`] accepts,
/// and MNIST's test digits if they are there too.
pub fn real(named: Option<&Path>, upright: bool) -> Result<(Dataset, Option<Dataset>)> {
    let Some(place) = named.map(PathBuf::from).or_else(mnist::named_by_environment) else {
        let folder = folder(None)?;
        return Ok((read(&folder, upright)?, Some(test(&folder)?)));
    };
    let apart = mnist::find(&place, TEST_IMAGES.name).is_ok();
    let test = if apart { Some(test(&place)?) } else { None };
    Ok((read(&place, upright)?, test))
}

/// Loads the training digits of a folder, or the digits of a file; prints notes
/// about them.
fn read(place: &Path, upright: bool) -> Result<Dataset> {
    let loaded = load(place, upright)?;
    for note in loaded.notes() {
        eprintln!("note: {note}");
    }
    loaded.dataset(upright).with_context(|| format!("the digits in {}", place.display()))
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

/// MNIST's folder: `named`, MNIST_DIR, or that of an earlier fetch. Error: it
/// has no training images.
pub fn folder(named: Option<&Path>) -> Result<PathBuf> {
    let folder = named.map(PathBuf::from).or_else(mnist::named_by_environment);
    let folder = folder.unwrap_or_else(mnist::default_folder);
    mnist::find(&folder, IMAGES.name).context(
        "MNIST is needed: give its folder by --data or MNIST_DIR, or run `cargo ganvas fetch`",
    )?;
    Ok(folder)
}

/// Every image of a set as (n, image) in [0, 1], and the labels, empty if there
/// are none.
pub fn all(data: &mut Dataset) -> Result<(Vec<f32>, Vec<u8>)> {
    let indices: Vec<u32> = (0..data.available()).collect();
    let mut pixels = vec![0.; indices.len() * data.sample().shape.size()];
    data.write_batch(&indices, &mut pixels);
    Ok((pixels, indices.iter().filter_map(|&i| data.label(i)).collect()))
}

/// Loads a file of images or a folder of pictures, and a file of labels if
/// given; returns images (n, 784) in [0, 1] and labels. Error: the labels do
/// not belong to the images.
pub fn files(images: &Path, labels: Option<&Path>) -> Result<(Vec<f32>, Vec<u8>)> {
    let labels = labels.map(files::at).transpose()?.unwrap_or_default().found;
    let named = !labels.is_empty();
    let set = match chosen(images, labels).with_context(|| images.display().to_string())? {
        Loaded::Set(set) => set,
        Loaded::Pictures(_) if named => {
            bail!("{}: the labels do not belong to these images", images.display())
        }
        Loaded::Pictures(pictures) => {
            eprintln!("note: {}", pictures.said);
            return Ok((numbers(&pictures.pixels), pictures.labels));
        }
    };
    if let (true, None) = (named, &set.classes) {
        let why = set.said.iter().find(|said| said.code().starts_with("labels-"));
        bail!(
            "{}: {}",
            images.display(),
            why.map_or("the labels do not belong to these images".into(), ToString::to_string)
        );
    }
    all(&mut Dataset::whole(set.pixels, set.classes.as_deref(), false)?)
}

/// Loads images and the label files that were given with them.
fn chosen(images: &Path, labels: Vec<Found>) -> Result<Loaded> {
    let mut files = files::at(images)?;
    files.found.extend(labels);
    from(images, files, false)
}

/// Loads the images of a folder, or of a file with the label files next to it.
fn load(place: &Path, upright: bool) -> Result<Loaded> {
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
    from(place, files, upright).with_context(|| format!("no images in {}", place.display()))
}

fn is_labels(kind: &Kind) -> bool {
    matches!(kind, Kind::Array(layout) if matches!(layout.role, Role::Labels(_)))
}

fn is_images(kind: &Kind) -> bool {
    matches!(kind, Kind::Array(layout) if matches!(layout.role, Role::Images(_)))
}

/// Reads the data set among the files of a place or, if there is none, the
/// pictures there.
fn from(place: &Path, files: Files, upright: bool) -> Result<Loaded> {
    let seen = files.found.iter().map(Found::seen).collect::<Result<Vec<_>>>()?;
    // An image array that cannot be read is an error, even if there are
    // pictures next to it.
    let array = seen.iter().any(|seen| is_images(&seen.kind));
    let mut reader = Reader::new(seen, upright);
    loop {
        match reader.advance() {
            Ok(Next::Want { file, most }) => reader.give(file, files.found[file].bytes(most)?),
            Ok(Next::Done(read)) => return Ok(Loaded::Set(read)),
            Err(error) if array => return Err(error.into()),
            Err(error) => {
                let pictures = pictures::open(place, &files)?;
                return pictures.map(Loaded::Pictures).ok_or_else(|| error.into());
            }
        }
    }
}
