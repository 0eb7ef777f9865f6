//! The format of a file, from its first bytes; its name is not used.

use super::csv;
use super::layout::Layout;
use crate::{Error, Result};

/// Number of first bytes of an unpacked file that [`kind`] reads; it accepts
/// fewer.
pub const HEAD: usize = 1024;

/// The format of a file, from its first bytes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// An array of numbers: IDX or .npy.
    Array(Layout),
    /// A table with one picture per line.
    Csv,
    /// A picture that image decoders support: PNG, JPEG, WebP, GIF, BMP, AVIF,
    /// ICO.
    Picture,
    /// Safetensors: a run or a generator.
    Tensors,
    /// A gzip file: unpack it and call [`kind`] again.
    Gzip,
    /// A zip file (an .npz is one): call [`kind`] for each of its files.
    Zip,
    /// None of these; the error says what it is and what to do.
    Other(Error),
}

/// First bytes of array formats that are not supported.
const FOREIGN: [(&[u8], &str); 6] = [
    (b"PAR1", "Parquet"),
    (b"MATLAB 5.0 MAT-file", "MATLAB"),
    (b"\x89HDF\r\n", "HDF5"),
    (b"ARROW1", "Arrow"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
];

/// First bytes of packed formats other than gzip and zip.
const PACKED: [(&[u8], &str); 5] = [
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
];

/// First bytes of pictures that browsers decode.
const PICTURES: [&[u8]; 5] =
    [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"\0\0\x01\0", b"\0\0\x02\0"];

/// First bytes of pictures that not all browsers decode.
const RARE: [(&[u8], &str); 4] =
    [(b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"%PDF", "PDF"), (b"8BPS", "Photoshop")];

/// The format of the file `name` from `head`, its first [`HEAD`] bytes.
pub fn kind(name: &str, head: &[u8]) -> Kind {
    let name = name.to_owned();
    let begins = |(start, _): &&(&[u8], &str)| head.starts_with(start);
    if head.is_empty() {
        return Kind::Other(Error::FileEmpty { name });
    }
    if head.starts_with(&[0x1f, 0x8b]) {
        return Kind::Gzip;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if let Some((_, format)) = FOREIGN.iter().find(begins) {
        return Kind::Other(Error::FileForeign { name, format: (*format).into() });
    }
    let packed = PACKED.iter().find(begins).map(|(_, format)| *format);
    if let Some(format) = packed.or_else(|| (head.get(257..262) == Some(b"ustar")).then_some("tar"))
    {
        return Kind::Other(Error::FilePacked { name, format: format.into() });
    }
    if is_picture(head) {
        return Kind::Picture;
    }
    if let Some(format) = rare_picture(head) {
        return Kind::Other(Error::FilePicture { name, format: format.into() });
    }
    if is_tensors(head) {
        return Kind::Tensors;
    }
    match layout(&name, head) {
        Ok(Some(layout)) => return Kind::Array(layout),
        Err(error) => return Kind::Other(error),
        Ok(None) => {}
    }
    if is_markup(head) {
        return Kind::Other(Error::FileWebPage { name });
    }
    if csv::begins(head) { Kind::Csv } else { Kind::Other(Error::FileUnknown { name }) }
}

fn is_picture(head: &[u8]) -> bool {
    let bitmap = head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]);
    let webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    let avif =
        head.get(4..8) == Some(b"ftyp") && matches!(head.get(8..12), Some(b"avif" | b"avis"));
    bitmap || webp || avif || PICTURES.iter().any(|start| head.starts_with(start))
}

fn rare_picture(head: &[u8]) -> Option<&'static str> {
    if let Some((_, format)) = RARE.iter().find(|(start, _)| head.starts_with(start)) {
        return Some(format);
    }
    if head.get(4..8) == Some(b"ftyp") && matches!(head.get(8..10), Some(b"he" | b"mi")) {
        return Some("HEIC");
    }
    // P1 to P6, then white space.
    let netpbm = head.len() > 2
        && head[0] == b'P'
        && (b'1'..=b'6').contains(&head[1])
        && head[2].is_ascii_whitespace();
    if netpbm {
        return Some("PGM");
    }
    let text = head.trim_ascii_start();
    let svg =
        text.starts_with(b"<svg") || (text.starts_with(b"<?xml") && find(text, b"<svg").is_some());
    svg.then_some("SVG")
}

fn is_markup(head: &[u8]) -> bool {
    let text =
        head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().to_ascii_lowercase();
    text.starts_with(b"<!doctype") || text.starts_with(b"<html") || find(&text, b"<html").is_some()
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// Whether the bytes are a length of eight bytes that are not text, then JSON.
fn is_tensors(head: &[u8]) -> bool {
    head.len() > 8 && head[8] == b'{' && head[..8].iter().any(|&byte| byte == 0 || byte > 0xf7)
}

/// The layout of an IDX or .npy file; `None` if it is neither. Errors: it is
/// one, but damaged or unusable.
fn layout(name: &str, head: &[u8]) -> Result<Option<Layout>> {
    if head.starts_with(b"\x93NUMPY") {
        return Layout::npy(name, head).map(Some);
    }
    let named = || name.to_owned();
    // The words of the header are little-endian.
    if head.starts_with(&[3, 8, 0, 0]) || head.starts_with(&[1, 8, 0, 0]) {
        return Err(Error::IdxOrder { name: named() });
    }
    // Each byte is written as a 16-bit number.
    if head.len() >= 8
        && head[..4] == [0; 4]
        && head[4] == 8
        && head[5] == 0
        && head[6] <= 4
        && head[7] == 0
    {
        return Err(Error::IdxDoubled { name: named() });
    }
    Layout::idx(name, head)
}
