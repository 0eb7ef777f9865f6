//! MNIST as a table: one picture per line, its label first, last or absent,
//! with or without a header.

use std::borrow::Cow;
use std::str::Utf8Error;

use super::marks::Marks;
use super::pixels::{Levels, Scale};
use crate::data::{MOST_IMAGES, PIXELS};
use crate::{Error, Result};

/// Names of the label column.
const LABELS: [&str; 6] = ["label", "labels", "class", "target", "digit", "y"];
/// Names of columns that only number the lines.
const NUMBERING: [&str; 5] = ["", "id", "index", "imageid", "unnamed: 0"];
/// Least number of pixels that can show a digit.
const FEWEST: usize = 64;

/// Whether the first bytes of a file are a table of numbers, or the header of a
/// table of pictures.
pub(super) fn begins(head: &[u8]) -> bool {
    let head = match text(head) {
        Ok(text) => text,
        // The last character can be cut.
        Err(error) => String::from_utf8_lossy(&head[..error.valid_up_to()]),
    };
    let Some((_, line)) = lines(&head).next() else { return false };
    let cells: Vec<&str> = cells(line).collect();
    // The last cell can be cut.
    let whole = &cells[..cells.len().saturating_sub(1)];
    whole.len() >= 16
        && (whole.iter().all(|cell| number(cell).is_some())
            || whole.iter().filter(|cell| is_pixel(cell)).count() + 2 >= whole.len())
}

/// The pictures of a complete table, 28 x 28 bytes each, and its labels.
///
/// Errors: a line that is not one of pixels (`CsvLine`), pixels that do not
/// form a square (`CsvColumns`), too many lines (`DataTooLarge`), no lines
/// (`IdxEmpty`).
pub(super) fn read(name: &str, file: &[u8]) -> Result<(Vec<u8>, Option<Marks>)> {
    let wrong = |line: usize| Error::CsvLine { name: name.to_owned(), line: line.to_string() };
    let text = text(file).map_err(|error| {
        wrong(1 + file[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count())
    })?;
    let mut lines = lines(&text).peekable();
    let header = lines.next_if(|(_, line)| cells(line).any(|cell| number(cell).is_none()));
    let (_, line) =
        lines.peek().copied().ok_or_else(|| Error::IdxEmpty { kind: "images".into() })?;
    let width = cells(line).count();
    let columns = match header {
        Some((_, header)) => by_names(header, width),
        None => by_numbers(width, lines.clone().map(|(_, line)| line)),
    };
    let Some(Columns { pixels, label, side }) = columns else {
        return Err(Error::CsvColumns { name: name.to_owned(), got: width.to_string() });
    };
    let mut bounds = (0f64, 0f64);
    let mut count = 0;
    for (at, line) in lines.clone() {
        let mut width = 0;
        for (place, cell) in cells(line).enumerate() {
            let value = number(cell).ok_or_else(|| wrong(at + 1))?;
            if Some(place) != label && pixels.contains(&place) {
                bounds = (bounds.0.min(value), bounds.1.max(value));
            }
            width += 1;
        }
        if width < pixels.end.max(label.map_or(0, |label| label + 1)) {
            return Err(wrong(at + 1));
        }
        count += 1;
    }
    if count > MOST_IMAGES as usize {
        return Err(Error::DataTooLarge { got: count.to_string(), most: MOST_IMAGES.to_string() });
    }
    let (levels, scale) = (Levels::of(bounds.0, bounds.1), Scale::new(side));
    let mut out = Vec::with_capacity(count * PIXELS);
    let mut labels = Vec::with_capacity(count);
    let mut picture = vec![0; side * side];
    for (_, line) in lines {
        for (place, cell) in cells(line).enumerate() {
            let value = number(cell).unwrap_or_default();
            if Some(place) == label {
                labels.push(value);
            } else if pixels.contains(&place) {
                picture[place - pixels.start] = levels.byte(value);
            }
        }
        scale.append(&picture, &mut out);
    }
    Ok((out, label.map(|_| Marks::of(name, &labels))))
}

/// The columns of pixels and of the label.
struct Columns {
    pixels: std::ops::Range<usize>,
    label: Option<usize>,
    side: usize,
}

impl Columns {
    fn new(pixels: std::ops::Range<usize>, label: Option<usize>) -> Option<Self> {
        let side = pixels.len().isqrt();
        (side * side == pixels.len() && pixels.len() >= FEWEST).then_some(Self {
            pixels,
            label,
            side,
        })
    }
}

fn by_names(header: &str, width: usize) -> Option<Columns> {
    let names: Vec<String> = cells(header).map(str::to_lowercase).collect();
    let label = names.iter().position(|name| LABELS.contains(&name.as_str()));
    let rest: Vec<usize> = (0..width)
        .filter(|&at| {
            Some(at) != label
                && !names.get(at).is_some_and(|name| NUMBERING.contains(&name.as_str()))
        })
        .collect();
    let (&first, &last) = (rest.first()?, rest.last()?);
    // Pixel columns are adjacent.
    if last + 1 - first != rest.len() { None } else { Columns::new(first..last + 1, label) }
}

/// Without names the label is the first column, as in most such files, unless
/// the first column is a pixel: 0 in all lines.
fn by_numbers<'a>(width: usize, lines: impl Iterator<Item = &'a str> + Clone) -> Option<Columns> {
    if let Some(columns) = Columns::new(0..width, None) {
        return Some(columns);
    }
    let blank = |place: usize| {
        lines.clone().all(|line| cells(line).nth(place).and_then(number) == Some(0.))
    };
    if blank(0) && !blank(width - 1) {
        return Columns::new(0..width - 1, Some(width - 1));
    }
    Columns::new(1..width, Some(0))
}

/// The text of a table: UTF-8, or UTF-16 as spreadsheets can write it, if its
/// byte order mark says so.
fn text(file: &[u8]) -> std::result::Result<Cow<'_, str>, Utf8Error> {
    let word: fn([u8; 2]) -> u16 = match file {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => {
            return std::str::from_utf8(file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file))
                .map(Cow::Borrowed);
        }
    };
    let words = file[2..].as_chunks::<2>().0.iter().map(|&bytes| word(bytes));
    let letters =
        char::decode_utf16(words).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
    Ok(Cow::Owned(letters.collect()))
}

/// The lines that are not blank, with their indices, without a first line that
/// declares the separator to a spreadsheet: `sep=;`. Old programs end lines
/// with only a carriage return.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> + Clone {
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let says_separator =
        |line: &str| line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    let lines = text.split(end).enumerate();
    lines.filter(move |&(at, line)| !(line.trim().is_empty() || at == 0 && says_separator(line)))
}

/// The cells of a line. A comma separates them only if there is no other
/// separator: otherwise it can be part of a number.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    let separator =
        [';', '\t', ','].into_iter().find(|&separator| line.contains(separator)).unwrap_or(' ');
    line.trim_end_matches(['\r', '\n']).split(separator).map(|cell| cell.trim().trim_matches('"'))
}

/// A finite number with a decimal point or a decimal comma.
fn number(cell: &str) -> Option<f64> {
    // Nearly all numbers are integers.
    if let Ok(whole) = cell.parse::<i32>() {
        return Some(f64::from(whole));
    }
    let number = cell.parse().or_else(|_| cell.replacen(',', ".", 1).parse::<f64>());
    number.ok().filter(|number| number.is_finite())
}

/// Whether a column has the name of a pixel: `pixel0`, `1x1`, `p_3`.
fn is_pixel(name: &str) -> bool {
    let name = name.to_lowercase();
    let digits = name.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '-');
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == 'x')
}
