//! Builds the site: page, wasm, charts and data in one folder, which replaces
//! the old one only when complete.

pub mod data;
mod index;
mod list;
pub mod size;
mod uplot;
pub mod wasm;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use data::SOURCES;

use crate::{mnist, place, process, tools};

/// The judge, the classifier that the page measures with: the engine's copy.
const JUDGE: &str = "crate/engine/src/metric/judge.safetensors";

/// The PyTorch reference, which the page exports with a run.
const PYTORCH: &str = "tests/reference";
const PYTORCH_FILES: [&str; 7] =
    ["go_on.py", "ganvas.py", "duel.py", "cycle.py", "digits.py", "chance.py", "requirements.txt"];

/// Builds a site at `out`; `drawn` leaves MNIST out. Returns the compressed
/// bytes of the page without its data. Errors: `out` is another folder, or a
/// tool is missing or fails.
pub fn build(out: &Path, drawn: bool) -> Result<u64> {
    let out = std::path::absolute(out)
        .with_context(|| format!("{} is not a path of a folder", out.display()))?;
    let empty =
        fs::read_dir(&out).map(|mut entries| entries.next().is_none()).unwrap_or(!out.exists());
    let ours = out.join(SOURCES).is_file() && out.join("index.html").is_file();
    ensure!(
        empty || ours,
        "{} is not a site built by this command: choose another --out",
        out.display()
    );

    let (new, old) = (beside(&out, "new")?, beside(&out, "old")?);
    remove(&new)?;
    let size = match fill(&new, drawn) {
        Ok(size) => size,
        Err(error) => {
            remove(&new)?;
            return Err(error);
        }
    };
    remove(&old)?;
    if out.exists() {
        fs::rename(&out, &old).with_context(|| format!("cannot replace {}", out.display()))?;
    }
    fs::rename(&new, &out).with_context(|| format!("cannot write {}", out.display()))?;
    remove(&old)?;
    println!("the site is in {}", out.display());
    Ok(size)
}

fn beside(out: &Path, what: &str) -> Result<PathBuf> {
    let name = out
        .file_name()
        .with_context(|| format!("{} is not a name of a site's folder", out.display()))?;
    Ok(out.with_file_name(format!(".{}.{what}", name.to_string_lossy())))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn fill(new: &Path, drawn: bool) -> Result<u64> {
    for build in &wasm::BUILDS {
        wasm::write(build, &new.join("wasm"))?;
    }
    copy_page(&place::root().join("www"), new)?;
    uplot::copy(&new.join("vendor/uplot"))?;
    bundle(new)?;
    let judge = place::root().join(JUDGE);
    fs::copy(&judge, new.join("judge.safetensors"))
        .with_context(|| format!("cannot copy {}", judge.display()))?;
    copy_pytorch(&new.join("pytorch"))?;
    minify(new)?;
    index::write(new)?;
    list::write(new)?;
    let size = size::print(new)?;
    data::write(new, drawn)?;
    Ok(size)
}

/// Whether a file in the page's folder is only for its authors.
fn for_authors(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with(".d.ts")
        || ["package.json", "tsconfig.json"].contains(&name)
}

fn copy_page(from: &Path, to: &Path) -> Result<()> {
    let reading = || format!("cannot read {}", from.display());
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(reading)? {
        let entry = entry.with_context(reading)?;
        let name = entry.file_name();
        let (source, target) = (entry.path(), to.join(&name));
        if for_authors(&name.to_string_lossy()) {
            continue;
        } else if source.is_dir() {
            copy_page(&source, &target)?;
        } else {
            fs::copy(&source, &target)
                .with_context(|| format!("cannot copy {}", source.display()))?;
        }
    }
    Ok(())
}

/// Minifies the scripts: comments and long names are only for readers of the
/// source.
fn minify(site: &Path) -> Result<()> {
    tools::npm_package("esbuild")?;
    process::run(Command::new("node").arg(tools::npm_folder().join("page/minify.js")).arg(site))
}

/// Bundles the parts of larger libraries that the page uses.
fn bundle(site: &Path) -> Result<()> {
    for package in ["esbuild", "fflate", "mediabunny"] {
        tools::npm_package(package)?;
    }
    process::run(Command::new("node").arg(tools::npm_folder().join("page/bundle.js")).arg(site))
}

/// Whether a site is missing, older than its sources, or without MNIST although
/// that is now available.
pub fn stale(out: &Path) -> bool {
    let Ok(built) = fs::metadata(out.join(SOURCES)).and_then(|meta| meta.modified()) else {
        return true;
    };
    let root = place::root();
    let sources = [
        "www",
        "crate/engine",
        "crate/web",
        "crate/cli/src",
        PYTORCH,
        "Cargo.toml",
        "Cargo.lock",
        "tests/package-lock.json",
    ];
    if sources
        .iter()
        .any(|source| newest(&root.join(source)).is_some_and(|changed| changed > built))
    {
        return true;
    }
    let without = fs::read_to_string(out.join(SOURCES)).is_ok_and(|text| !text.contains("images"));
    let folder = mnist::named_by_environment().unwrap_or_else(mnist::default_folder);
    without && mnist::find(&folder, mnist::IMAGES.name).is_ok()
}

fn copy_pytorch(to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for name in PYTORCH_FILES {
        let source = place::root().join(PYTORCH).join(name);
        fs::copy(&source, to.join(name))
            .with_context(|| format!("cannot copy {}", source.display()))?;
    }
    fs::write(to.join("list.json"), serde_json::to_string(&PYTORCH_FILES)?)
        .with_context(|| format!("cannot write {}", to.display()))
}

/// When anything at `path` last changed; a folder's own time shows removals.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.filter_map(|entry| newest(&entry.path())).chain(own).max()
}
