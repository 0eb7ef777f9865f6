//! Detects the type of a file by its first bytes and, if those do not say, by
//! its name.

use std::path::Path;

use image::ImageFormat;

/// Whether a file's name has the ending of a picture.
pub(super) fn says_picture(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    const ENDINGS: [&str; 22] = [
        "png", "apng", "jpg", "jpeg", "jfif", "webp", "gif", "bmp", "avif", "svg", "heic", "heif",
        "tif", "tiff", "ico", "pbm", "pgm", "pnm", "ppm", "jxl", "psd", "jpe",
    ];
    ENDINGS.contains(&ending.as_str())
}

/// The picture format with these first bytes: one that is decoded here, or the
/// name of an unsupported one; None if they are not of a picture.
pub(super) fn format_of(head: &[u8]) -> Option<Result<ImageFormat, &'static str>> {
    use ImageFormat::{Avif, Bmp, Gif, Ico, Jpeg, Png, Pnm, Tiff, WebP};
    let brand = head.get(4..12).unwrap_or_default();
    if brand.starts_with(b"ftypavi") {
        return Some(Err("AVIF"));
    }
    if [&b"ftyphe"[..], b"ftypmif1", b"ftypmsf1"].iter().any(|start| brand.starts_with(start)) {
        return Some(Err("HEIC"));
    }
    if head.starts_with(b"8BPS") {
        return Some(Err("PSD"));
    }
    if head.starts_with(b"\xff\x0a") || brand.starts_with(b"JXL ") {
        return Some(Err("JPEG XL"));
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') && text.contains("<svg") {
        return Some(Err("SVG"));
    }
    match image::guess_format(head) {
        // A text can begin with the same two letters; a bitmap has four zeros
        // after its size.
        Ok(Bmp) if head.get(6..10) != Some(&[0; 4]) => None,
        Ok(format @ (Png | Jpeg | Gif | WebP | Bmp)) => Some(Ok(format)),
        Ok(Tiff) => Some(Err("TIFF")),
        Ok(Ico) => Some(Err("ICO")),
        Ok(Avif) => Some(Err("AVIF")),
        Ok(Pnm) if is_pnm(head) => Some(Err("PNM")),
        _ => None,
    }
}

/// Whether a server sent a web page in place of a file.
pub(super) fn is_web_page(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["<!doctype html", "<html", "<head", "<title"].iter().any(|start| text.starts_with(start))
}

/// Whether the size or a comment follows the two letters: a text can also begin
/// with "P1".
fn is_pnm(head: &[u8]) -> bool {
    let rest = head.get(2..).unwrap_or_default();
    let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
    rest.first().is_some_and(u8::is_ascii_whitespace)
        && next.is_some_and(|&b| b.is_ascii_digit() || b == b'#')
}
