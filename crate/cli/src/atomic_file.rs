//! Replaces files atomically: the new file is written next to the old one,
//! synced to the disk, and renamed. The old one stays until then.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The place of a file to write.
pub struct Place {
    path: PathBuf,
    /// The temporary file that is written first; None if the place is not a
    /// regular file, such as a device.
    part: Option<PathBuf>,
}

impl Place {
    /// The place at `path`, the value of the option `name`; creates its folder,
    /// and checks that a file can be written there. Error: it cannot.
    pub fn at(name: &str, path: &Path) -> Result<Self> {
        ensure!(!path.is_dir(), "{name} {} is a folder", path.display());
        // A link stays a link: its target is written.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if path.exists() && !path.is_file() {
            return Ok(Self { path, part: None });
        }
        let file = path
            .file_name()
            .with_context(|| format!("{name} {} is not the name of a file", path.display()))?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| {
                format!("{name}: cannot create the folder {}", folder.display())
            })?;
        }
        let part =
            path.with_file_name(format!(".{}.{}.part", file.to_string_lossy(), std::process::id()));
        File::create(&part)
            .and_then(|_| fs::remove_file(&part))
            .with_context(|| format!("{name}: cannot write {}", path.display()))?;
        Ok(Self { path, part: Some(part) })
    }

    /// Writes the file.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        let written = match &self.part {
            None => fs::write(&self.path, bytes),
            Some(part) => {
                let put = File::create(part)
                    .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
                    .and_then(|()| fs::rename(part, &self.path));
                if put.is_err() {
                    let _ = fs::remove_file(part);
                }
                put
            }
        };
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }
}
