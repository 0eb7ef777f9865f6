//! Lists and reads input files: one, or all of a folder and of the archives in
//! it. Gzip files are unpacked as far as they can be read.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use ganvas::data::reader::{HEAD, Kind, MOST_BYTES, Seen, is_litter, kind};
use zip::ZipArchive;

/// Levels of folders that are searched, and most files that are listed.
const DEEPEST: usize = 12;
const MOST_FILES: usize = 100_000;
/// Most bytes that the files of one archive can have in total.
const MOST_UNPACKED: u64 = 4 * MOST_BYTES;

type Archive = Rc<RefCell<ZipArchive<BufReader<File>>>>;

/// The files of a place.
#[derive(Default)]
pub struct Files {
    /// The files, sorted by path.
    pub found: Vec<Found>,
    /// Number of skipped files: hidden files of the system in folders and
    /// archives, and archive entries that cannot be read.
    pub hidden: usize,
}

/// A file, in a folder or in an archive.
pub struct Found {
    /// Its path from the given folder, with `/` between its parts.
    pub path: String,
    place: Place,
    size: u64,
}

enum Place {
    File(PathBuf),
    /// The entry of this index in an archive, whose list is read once for all
    /// entries.
    Inside(Archive, usize),
}

impl Found {
    /// The unpacked bytes, at most `most`; of a cut or damaged file, those
    /// before the damage. Error: it cannot be opened.
    pub fn bytes(&self, most: u64) -> Result<Vec<u8>> {
        let what = || format!("cannot read {}", self.path);
        match &self.place {
            Place::File(path) => {
                let file = BufReader::new(File::open(path).with_context(what)?);
                Ok(unpacked(file, most))
            }
            Place::Inside(archive, entry) => {
                let mut archive = archive.borrow_mut();
                let file = archive.by_index(*entry).with_context(what)?;
                // At most the size that the archive lists, on which the limit
                // for the archive relies.
                Ok(unpacked(file.take(self.size), most))
            }
        }
    }

    /// Its size in bytes, as the folder or the archive lists it.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Its path, its size, and its type by its first bytes.
    pub fn seen(&self) -> Result<Seen> {
        let kind = kind(&self.path, &self.bytes(HEAD as u64)?);
        Ok(Seen { path: self.path.clone(), kind, size: self.size })
    }
}

/// The bytes of a stream, at most `most`; unpacked if it is gzip, of one member
/// or several.
fn unpacked(mut stream: impl Read, most: u64) -> Vec<u8> {
    let mut start = [0; 2];
    let mut filled = 0;
    while let Some(1..) =
        stream.read(&mut start[filled..]).ok().filter(|_| filled < 2).inspect(|read| filled += read)
    {
    }
    let whole = Cursor::new(start[..filled].to_vec()).chain(stream);
    let mut bytes = Vec::new();
    // Bytes before an error stay in `bytes`; missing ones show in the length.
    let _ = if start == [0x1f, 0x8b] {
        MultiGzDecoder::new(whole).take(most).read_to_end(&mut bytes)
    } else {
        whole.take(most).read_to_end(&mut bytes)
    };
    bytes
}

fn archive(path: &Path) -> Result<ZipArchive<BufReader<File>>> {
    Ok(ZipArchive::new(BufReader::new(File::open(path)?))?)
}

/// Lists the file at `path`, or all files of a folder, with the files inside
/// archives. Hidden files of the system are counted and skipped. Errors: `path`
/// cannot be read, or an archive is too large or has no readable file.
pub fn at(path: &Path) -> Result<Files> {
    let what = || format!("cannot read {}", path.display());
    let mut files = Files::default();
    if fs::metadata(path).with_context(what)?.is_dir() {
        walk(path, "", 0, &mut files)?;
    } else {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        add(path, name, &mut files)?;
        ensure!(
            !files.found.is_empty() || files.hidden == 0,
            "no file in {} can be read: it has a password, an unsupported compression, or only hidden files \
             of the system",
            path.display()
        );
    }
    // Folders and archives list files in different orders: sorted, both give
    // the same images in the same order.
    files.found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, under: &str, depth: usize, files: &mut Files) -> Result<()> {
    let what = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(what)? {
        let entry = entry.with_context(what)?;
        let path = format!("{under}{}", entry.file_name().to_string_lossy());
        if files.found.len() >= MOST_FILES {
            continue;
        }
        if is_litter(&path) {
            files.hidden += 1;
        } else if !entry.path().is_dir() {
            add(&entry.path(), path, files)?;
        } else if depth < DEEPEST {
            walk(&entry.path(), &format!("{path}/"), depth + 1, files)?;
        }
    }
    Ok(())
}

/// Adds a file, or the files inside if it is an archive that can be opened.
fn add(at: &Path, path: String, files: &mut Files) -> Result<()> {
    let size = fs::metadata(at).map_or(0, |metadata| metadata.len());
    let file = Found { path, place: Place::File(at.to_owned()), size };
    let Kind::Zip = file.seen()?.kind else {
        files.found.push(file);
        return Ok(());
    };
    let Ok(archive) = archive(at) else {
        files.found.push(file);
        return Ok(());
    };
    let archive = Rc::new(RefCell::new(archive));
    let mut listed = archive.borrow_mut();
    let mut total = 0u64;
    for entry in 0..listed.len().min(MOST_FILES) {
        // An entry that is encrypted or has an unsupported compression is
        // skipped.
        let Some((path, size)) = listed.by_index(entry).ok().and_then(|inside| {
            // Some Windows programs write backslashes.
            let path = format!("{}/{}", file.path, inside.name().ok()?.replace('\\', "/"));
            let folder = path.ends_with('/');
            Some((path, (!folder).then_some(inside.size())))
        }) else {
            files.hidden += 1;
            continue;
        };
        let Some(size) = size else { continue };
        if is_litter(&path) {
            files.hidden += 1;
            continue;
        }
        total = total.saturating_add(size);
        ensure!(total <= MOST_UNPACKED, "{} unpacks to more than {MOST_UNPACKED} bytes", file.path);
        files.found.push(Found { path, place: Place::Inside(Rc::clone(&archive), entry), size });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs::{self, File};
    use std::io::Write;
    use std::path::Path;

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::{MOST_UNPACKED, at};

    /// Writes a zip that lists the given sizes of its files, if any, instead of
    /// the real ones.
    fn zip(path: &Path, files: &[(&str, &[u8], Option<u32>)]) {
        let mut writer = ZipWriter::new(File::create(path).unwrap());
        let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes, _) in files {
            writer.start_file(*name, packed).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
        // In the list at the end, the size is at byte 24 of each entry, and the
        // name at byte 46.
        let mut whole = fs::read(path).unwrap();
        for (name, _, said) in files {
            let listed = (0..whole.len() - 46).find(|&i| {
                whole[i..].starts_with(b"PK\x01\x02")
                    && whole[i + 46..].starts_with(name.as_bytes())
            });
            if let Some(said) = said {
                whole[listed.unwrap() + 24..][..4].copy_from_slice(&said.to_le_bytes());
            }
        }
        fs::write(path, whole).unwrap();
    }

    #[test]
    fn an_archive_that_unpacks_to_too_much_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let bomb = folder.path().join("bomb.zip");
        zip(&bomb, &[("a.png", b"a", Some(u32::MAX - 1)), ("b.png", b"b", Some(u32::MAX - 1))]);
        let error = at(&bomb).err().unwrap().to_string();
        assert_eq!(error, format!("bomb.zip unpacks to more than {MOST_UNPACKED} bytes"));
    }

    #[test]
    fn an_entry_larger_than_its_listed_size_is_cut_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let liar = folder.path().join("liar.zip");
        zip(&liar, &[("a.png", &[7; 1 << 20], Some(100)), ("b.png", b"b", None)]);
        let files = at(&liar).unwrap();
        let lengths: Vec<usize> =
            files.found.iter().map(|file| file.bytes(1 << 30).unwrap().len()).collect();
        assert_eq!(lengths, [100, 1]);
    }

    #[test]
    fn hidden_files_are_counted_in_folders_and_archives() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        fs::write(folder.path().join(".DS_Store"), "x").unwrap();
        fs::write(folder.path().join("a.txt"), "x").unwrap();
        let hidden: [(&str, &[u8], _); 2] =
            [("__MACOSX/._a.png", b"x", None), ("3\\Thumbs.db", b"x", None)];
        let seen: [(&str, &[u8], _); 2] = [("3\\", b"", None), ("3\\a.png", b"x", None)];
        zip(&folder.path().join("b.zip"), &[seen, hidden].concat());
        let files = at(folder.path()).unwrap();
        let paths: Vec<&str> = files.found.iter().map(|file| file.path.as_str()).collect();
        assert_eq!((paths.as_slice(), files.hidden), (&["a.txt", "b.zip/3/a.png"][..], 4));
    }

    #[test]
    fn an_archive_with_a_password_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let sealed = folder.path().join("sealed.zip");
        zip(&sealed, &[("a.png", b"secret", None)]);
        // The first bit of the flags: encrypted.
        let mut whole = fs::read(&sealed).unwrap();
        let listed = (0..whole.len()).find(|&i| whole[i..].starts_with(b"PK\x01\x02")).unwrap();
        for flags in [6, listed + 8] {
            whole[flags] |= 1;
        }
        fs::write(&sealed, whole).unwrap();
        let error = at(&sealed).err().unwrap().to_string();
        assert!(error.contains("it has a password"), "{error}");
    }
}
