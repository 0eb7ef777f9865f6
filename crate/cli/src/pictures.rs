//! Loads a folder of pictures as a data set, by the page's rules: how a picture
//! becomes digits, and which class its folder names.

mod format;

use std::io::Cursor;
use std::iter::repeat_n;
use std::path::Path;

use anyhow::Result;
use format::{format_of, is_web_page, says_picture};
use ganvas::Dataset;
use ganvas::data::{PIXELS, classes, mixed, picture};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::files::{Files, Found};

/// Limits, as in the page: bytes and pixels of a picture, and digits of a set.
const MOST_BYTES: u64 = 32_000_000;
const MOST_PIXELS: u64 = 64_000_000;
const MOST_DIGITS: usize = 70_000;
/// Most file names in a note.
const NAMED: usize = 3;
/// First bytes that decide the type of a file.
const HEAD: usize = 1024;

/// Digits from pictures.
pub struct Pictures {
    /// 784 bytes per digit, light ink on dark.
    pub pixels: Vec<u8>,
    /// The class of each digit; empty unless all have one.
    pub labels: Vec<u8>,
    /// A note about them to print.
    pub said: String,
}

/// What a file contains.
enum Outcome {
    Digits(picture::Taken),
    /// A picture that cannot be read, and why; empty if that is unknown.
    Bad(String),
    /// Not a picture.
    Other,
}

/// Loads the pictures of a folder or an archive, or a single picture; None if
/// there are none. Error: there are pictures, but none can be read.
pub fn open(place: &Path, files: &Files) -> Result<Option<Pictures>> {
    // The name of the given folder can itself be a class.
    let under = if place.is_dir() { place } else { place.parent().unwrap_or(place) };
    let (mut pixels, mut paths, mut counts) = (Vec::<u8>::new(), Vec::new(), Vec::new());
    let (mut bad, mut named, mut swapped, mut cut, mut left) = (0, Vec::new(), 0, 0, 0);
    let mut others = files.hidden;
    for file in &files.found {
        if pixels.len() / PIXELS >= MOST_DIGITS {
            left += 1;
            continue;
        }
        match read(file) {
            Outcome::Digits(taken) => {
                counts.push(taken.pixels.len() / PIXELS);
                pixels.extend(taken.pixels);
                paths.push(under.join(&file.path).to_string_lossy().into_owned());
                swapped += taken.swapped;
                cut += usize::from(taken.cut);
            }
            Outcome::Bad(why) => {
                bad += 1;
                let name = file.path.rsplit(['/', '\\']).next().unwrap_or_default();
                named.push(if why.is_empty() {
                    name.to_owned()
                } else {
                    format!("{name} ({why})")
                });
            }
            Outcome::Other => others += 1,
        }
    }
    if pixels.is_empty() {
        anyhow::ensure!(
            bad == 0,
            "no picture in {} can be read: {}",
            place.display(),
            list(&named)
        );
        return Ok(None);
    }
    let found = classes(&paths);
    let file: Vec<usize> = counts.iter().enumerate().flat_map(|(i, n)| repeat_n(i, *n)).collect();
    let order = mixed(&file.iter().map(|&i| &paths[i]).collect::<Vec<_>>());
    let of: Vec<Option<u8>> = order.iter().map(|&digit| found.of[file[digit]]).collect();
    let pixels =
        order.iter().flat_map(|&digit| &pixels[digit * PIXELS..][..PIXELS]).copied().collect();
    let labels: Vec<u8> = of.iter().flatten().copied().collect();
    let all = labels.len() == of.len();
    let mut present = labels.clone();
    present.sort_unstable();
    present.dedup();
    let mut said = vec![match (all, labels.is_empty()) {
        (true, _) => format!("all have a class by their folder's name ({} classes)", present.len()),
        (_, true) => "without classes: no folder's name is a digit".to_owned(),
        _ => "some have a class by their folder's name, others do not: no classes are used"
            .to_owned(),
    }];
    let mut add = |count: usize, words: &str| {
        if count > 0 {
            said.push(format!("{count} {words}"));
        }
    };
    add(swapped as usize, "had dark ink on light and were inverted");
    add(found.beyond, "folders are numbered beyond 9 and give no class");
    add(cut, "were sheets, cut into single digits");
    add(bad, &format!("could not be read as pictures: {}", list(&named)));
    add(others, "other files were skipped");
    add(left, &format!("did not fit: a set has at most {MOST_DIGITS} digits"));
    let said = format!("{} pictures of digits: {}", of.len(), said.join("; "));
    Ok(Some(Pictures { pixels, labels: if all { labels } else { Vec::new() }, said }))
}

impl Pictures {
    /// Converts them to a set to train on; `upright` turns pictures that lie on
    /// their side.
    pub fn dataset(self, upright: bool) -> Result<Dataset> {
        let labels = (!self.labels.is_empty()).then_some(&self.labels[..]);
        Ok(Dataset::whole(self.pixels, labels, upright)?)
    }
}

/// The first names, and the number of further ones.
fn list(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let first = names[..names.len().min(NAMED)].join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}

fn read(file: &Found) -> Outcome {
    let bad = |why: &str| Outcome::Bad(why.to_owned());
    let name = Path::new(&file.path);
    let Ok(head) = file.bytes(HEAD as u64) else { return bad("it cannot be opened") };
    let Some(format) = format_of(&head) else {
        return match (says_picture(name), head.is_empty()) {
            (false, _) => Outcome::Other,
            (_, true) => bad("empty"),
            _ if is_web_page(&head) => bad("a web page in place of a picture"),
            _ => bad(""),
        };
    };
    let format = match format {
        Ok(format) => format,
        Err(name) => {
            return Outcome::Bad(format!("{name} is not supported: save it as PNG or JPEG"));
        }
    };
    if file.size() > MOST_BYTES {
        return Outcome::Bad(format!(
            "{} MB; at most {} MB are read",
            file.size() / 1_000_000,
            MOST_BYTES / 1_000_000
        ));
    }
    let Ok(bytes) = file.bytes(MOST_BYTES) else { return bad("it cannot be read") };
    decode(Cursor::new(bytes), format).map_or_else(Outcome::Bad, Outcome::Digits)
}

/// Decodes the first frame, and applies the picture's orientation. Error: why
/// it cannot, empty if that is unknown.
fn decode(file: Cursor<Vec<u8>>, format: ImageFormat) -> Result<picture::Taken, String> {
    let damaged = |_| String::new();
    let mut decoder = ImageReader::with_format(file, format).into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        let most = MOST_PIXELS / 1_000_000;
        return Err(format!(
            "{width} x {height} pixels; at most {most} million are decoded: save it smaller"
        ));
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    decoded.apply_orientation(orientation);
    let rgba = decoded.into_rgba8();
    let (width, height) = (rgba.width() as usize, rgba.height() as usize);
    picture::digits(rgba.as_raw(), width, height).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;
    use std::io::{Cursor, Write};
    use std::path::Path;

    use image::{DynamicImage, GrayImage, ImageFormat, Luma};

    use super::Pictures;

    fn open(place: &Path) -> anyhow::Result<Option<Pictures>> {
        super::open(place, &crate::files::at(place)?)
    }

    fn stroke(side: u32, dark: bool) -> DynamicImage {
        DynamicImage::ImageLuma8(GrayImage::from_fn(side, side, |x, y| {
            let ink = x.abs_diff(side / 2) < side / 14 && y > side / 5 && y < side - side / 5;
            Luma([if ink == dark { 0 } else { 255 }])
        }))
    }

    fn save(folder: &Path, name: &str, picture: &DynamicImage, format: ImageFormat) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        picture.to_rgb8().save_with_format(path, format).unwrap();
    }

    #[test]
    fn first_bytes_decide_what_is_a_picture_and_other_files_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        for i in 0..80 {
            fs::create_dir_all(at.join("annotations")).unwrap();
            fs::write(at.join(format!("annotations/{i}.xml")), "<annotation/>").unwrap();
        }
        save(at, "00/a.png", &stroke(28, false), ImageFormat::Png);
        save(at, "01/b.gif", &stroke(40, true), ImageFormat::Gif);
        save(at, "02/c.bmp", &stroke(64, true), ImageFormat::Bmp);
        save(at, "03/d.png", &stroke(200, true), ImageFormat::Jpeg);
        save(at, "04/e", &stroke(50, false), ImageFormat::WebP);
        fs::write(at.join("00/._a.png"), b"\0\x05\x16\x07\0\x02\0\0Mac OS X").unwrap();
        fs::write(at.join("00/README.md"), "P1 or BMP is what this is not").unwrap();
        let found = open(at).unwrap().unwrap();
        assert_eq!((found.labels.as_slice(), found.pixels.len()), (&[0, 1, 2, 3, 4][..], 5 * 784));
        for digit in found.pixels.chunks_exact(784) {
            assert!(digit[0] == 0 && digit[14 * 28 + 14] > 200, "light ink on dark");
        }
        assert!(found.said.contains("5 pictures of digits: all have a class"), "{}", found.said);
        assert!(found.said.contains("3 had dark ink"), "{}", found.said);
        assert!(found.said.contains("82 other files"), "{}", found.said);
        assert!(!found.said.contains("could not be read"), "{}", found.said);
        assert_eq!(found.dataset(false).unwrap().available(), 5);
    }

    #[test]
    fn unreadable_pictures_are_named_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        save(at, "A/good.png", &stroke(28, false), ImageFormat::Png);
        let png = fs::read(at.join("A/good.png")).unwrap();
        fs::write(at.join("A/cut.png"), &png[..50]).unwrap();
        fs::write(at.join("A/empty.png"), b"").unwrap();
        fs::write(at.join("B.heic"), b"\0\0\0\x24ftypheic\0\0\0\0mif1").unwrap();
        let found = open(at).unwrap().unwrap();
        assert!(found.labels.is_empty() && found.pixels.len() == 784);
        let expected = "3 could not be read as pictures: cut.png, empty.png (empty), B.heic (HEIC is not supported";
        assert!(found.said.contains(expected), "{}", found.said);
        // A header of 20,000 x 20,000 pixels, without the pixels.
        let mut huge = png.clone();
        huge[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
        let crc = huge[12..29].iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
            })
        });
        huge[29..33].copy_from_slice(&(!crc).to_be_bytes());
        let alone = at.join("huge.png");
        fs::write(&alone, huge).unwrap();
        let error = open(&alone).err().unwrap().to_string();
        assert!(error.contains("huge.png (20000 x 20000 pixels; at most 64 million"), "{error}");
    }

    /// Writes a zip of these files.
    fn zip(path: &Path, files: &[(&str, Vec<u8>)]) {
        let mut writer = zip::ZipWriter::new(fs::File::create(path).unwrap());
        for (name, bytes) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
    }

    fn bytes(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.to_rgb8().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_zip_of_pictures_is_read_like_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("digits.zip");
        let png = bytes(&stroke(28, false), ImageFormat::Png);
        let photo = bytes(&stroke(200, true), ImageFormat::Jpeg);
        let files = [
            ("digits/3/a.png", png.clone()),
            ("digits/3/b.jpg", photo),
            ("digits/7/c.png", png.clone()),
            ("digits/7/cut.png", png[..50].to_vec()),
            ("digits/README.md", b"what is in it".to_vec()),
            ("digits/.DS_Store", vec![0; 8]),
            ("__MACOSX/digits/3/._a.png", b"\0\x05\x16\x07\0\x02\0\0Mac OS X".to_vec()),
        ];
        zip(&at, &files);
        let found = open(&at).unwrap().unwrap();
        let mut labels = found.labels.clone();
        labels.sort_unstable();
        assert_eq!((labels.as_slice(), found.pixels.len()), (&[3, 3, 7][..], 3 * 784));
        for part in
            ["3 pictures of digits: all have a class", "1 had dark ink", "cut.png", "3 other files"]
        {
            assert!(found.said.contains(part), "{part}: {}", found.said);
        }
        zip(&at, &[("a.png", png.clone()), ("b.png", png)]);
        let flat = open(&at).unwrap().unwrap();
        assert!(flat.labels.is_empty() && flat.pixels.len() == 2 * 784, "{}", flat.said);
    }

    #[test]
    fn classes_are_mixed_from_the_first_digits_on() {
        let folder = tempfile::tempdir().unwrap();
        for i in 0..40 {
            let name = format!("{}/{i}.png", i / 20);
            save(folder.path(), &name, &stroke(28, i < 20), ImageFormat::Png);
        }
        let found = open(folder.path()).unwrap().unwrap();
        assert_eq!(found.labels[..10].iter().filter(|&&label| label == 1).count(), 5);
    }

    #[test]
    fn a_folder_without_pictures_gives_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.txt"), "hello").unwrap();
        assert!(open(folder.path()).unwrap().is_none());
        assert!(open(Path::new("/nowhere/at/all")).is_err());
    }
}
