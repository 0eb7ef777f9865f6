//! `fetch`: gets MNIST's four files from mirrors or a folder, and checks them
//! by their checksums.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::download;
use crate::mnist::{self, FILES, Published};

/// Mirrors of the files, in the order in which they are tried.
const MIRRORS: [&str; 3] = [
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
];

/// Fetch MNIST from mirrors or from a folder, check it, and keep it for the
/// other verbs.
///
/// A download that was cut resumes where it stopped. Without --from, MNIST_DIR
/// gives the folder.
#[derive(clap::Args)]
pub struct Args {
    /// Folder with the four IDX files, packed (.gz) or not; without it, they
    /// are downloaded from mirrors
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Folder to put them in [default: data/mnist in the repository]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Address to download from instead of the usual mirrors (repeatable)
    #[arg(long, value_name = "URL", hide = true, conflicts_with = "from")]
    mirror: Vec<String>,
}

/// Fetches the missing files. Errors: no source has a file, or its content is
/// not MNIST's.
pub fn run(args: &Args) -> Result<()> {
    let to = args.to.clone().unwrap_or_else(mnist::default_folder);
    let from = args
        .from
        .clone()
        .or_else(|| mnist::named_by_environment().filter(|_| args.mirror.is_empty()));
    match from {
        Some(from) => from_folder(&from, &to)?,
        None if args.mirror.is_empty() => from_mirrors(&MIRRORS, &to)?,
        None => from_mirrors(&args.mirror, &to)?,
    }
    println!("MNIST is in {}", to.display());
    Ok(())
}

/// Fetches from the usual mirrors into the default folder; for `build`.
pub fn usual() -> Result<PathBuf> {
    let to = mnist::default_folder();
    from_mirrors(&MIRRORS, &to)?;
    Ok(to)
}

fn create(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}

/// Whether the checked file is already in the folder.
fn present(folder: &Path, published: &Published) -> bool {
    mnist::checked(folder, published).is_ok()
}

fn from_folder(from: &Path, to: &Path) -> Result<()> {
    // All are checked before one is copied, so a wrong folder changes nothing.
    let mut found = Vec::new();
    for published in &FILES {
        found.push((published, mnist::checked(from, published)?));
    }
    create(to)?;
    for (published, path) in found {
        // Under the published name, whatever its name in `from`.
        let packed = path.extension().is_some_and(|end| end == "gz");
        let name = format!("{}{}", published.name, if packed { ".gz" } else { "" });
        copy(&path, &to.join(name))?;
    }
    Ok(())
}

/// Copies through a temporary file, so that a cut copy never looks complete.
/// Copying a file onto itself does nothing.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if fs::canonicalize(from).ok() == fs::canonicalize(to).ok() {
        return Ok(());
    }
    let part = to.with_extension("part");
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    fs::write(&part, bytes)
        .and_then(|()| fs::rename(&part, to))
        .with_context(|| format!("cannot write {}", to.display()))
}

fn from_mirrors<M: AsRef<str>>(mirrors: &[M], to: &Path) -> Result<()> {
    create(to)?;
    for published in FILES.iter().filter(|published| !present(to, published)) {
        from_any(mirrors, to, published)?;
    }
    Ok(())
}

fn from_any<M: AsRef<str>>(mirrors: &[M], to: &Path, published: &Published) -> Result<()> {
    let name = format!("{}.gz", published.name);
    let mut last = String::new();
    for mirror in mirrors {
        match download::checked(mirror.as_ref(), &to.join(&name), published) {
            Ok(()) => return Ok(()),
            Err(error) => last = format!("{error:#}"),
        }
    }
    bail!("none of {} mirrors has {name}; the last one: {last}", mirrors.len())
}
