//! Data sets that arrive in pieces, and what can be drawn from them and when.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::Error;
use ganvas::data::{
    DRAWN, Dataset, FIRST, MOST_IMAGES, PIXELS, SIDE, drawn_digit, idx, idx::Parser,
};

/// `count` images whose neighbouring pixels differ.
fn pixels(count: usize) -> Vec<u8> {
    (0..count * PIXELS).map(|i| (i * 7 + i / PIXELS) as u8).collect()
}

fn labels(count: usize) -> Vec<u8> {
    (0..count).map(|i| (i % 10) as u8).collect()
}

/// An IDX header of any words.
fn header(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The items of a complete file that arrives in one piece.
fn parse(mut parser: Parser, file: &[u8]) -> Result<Vec<u8>, Error> {
    let mut items = Vec::new();
    parser.push(file, &mut items)?;
    parser.finish().map(|()| items)
}

/// A set after `images` and then `labels` are pushed in pieces of 1,000 bytes,
/// and the errors returned.
fn arrive(images: &[u8], labels: &[u8]) -> (Dataset, Vec<Error>) {
    let mut data = Dataset::files(false);
    let mut errors = Vec::new();
    errors.extend(images.chunks(1000).filter_map(|bytes| data.push_images(bytes).err()));
    errors.extend(labels.chunks(1000).filter_map(|bytes| data.push_labels(bytes).err()));
    errors.extend(data.close().err());
    (data, errors)
}

#[test]
fn file_cut_anywhere_gives_its_items() {
    let file = idx::write_images(&pixels(2));
    for cut in 0..=file.len() {
        let (mut parser, mut items) = (Parser::images(), Vec::new());
        parser.push(&file[..cut], &mut items).unwrap();
        assert_eq!(parser.declared(), (cut >= 16).then_some(2));
        assert_eq!(parser.available() as usize, cut.saturating_sub(16) / PIXELS);
        parser.push(&file[cut..], &mut items).unwrap();
        parser.finish().unwrap();
        assert_eq!(items, pixels(2));
        assert_eq!(items.capacity(), items.len(), "reserved once, and no more than declared");
    }
}

#[test]
fn truncated_file_reports_the_items_received() {
    let images = idx::write_images(&pixels(2));
    for end in 0..images.len() {
        let error = parse(Parser::images(), &images[..end]).unwrap_err();
        let got = (end.saturating_sub(16) / PIXELS).to_string();
        let expected = if end < 8 { "?" } else { "2" }.to_string();
        assert_eq!(error, Error::IdxTruncated { kind: "images".into(), got, expected });
    }
    let file = idx::write_labels(&labels(5));
    for end in 0..file.len() {
        let error = parse(Parser::labels(), &file[..end]).unwrap_err();
        assert_eq!(error.code(), "idx-truncated");
    }
    assert_eq!(parse(Parser::labels(), &file), Ok(labels(5)));
}

#[test]
fn wrong_headers_have_specific_errors() {
    let images = |words: &[u32]| parse(Parser::images(), &header(words)).unwrap_err();
    let magic = |kind: &str, got: &str, expected: &str| Error::IdxMagic {
        kind: kind.into(),
        got: got.into(),
        expected: expected.into(),
    };
    assert_eq!(images(&[2049, 5]), magic("images", "2049", "2051"));
    assert_eq!(
        parse(Parser::labels(), &header(&[2051])).unwrap_err(),
        magic("labels", "2051", "2049")
    );
    assert_eq!(images(&[2051, 0, 28, 28]), Error::IdxEmpty { kind: "images".into() });
    assert_eq!(
        images(&[2051, 1, 32, 28]),
        Error::IdxSize { rows: "32".into(), columns: "28".into() }
    );
    assert_eq!(images(&[2051, 1, 28, u32::MAX]).code(), "idx-size");
    let large = Error::DataTooLarge { got: "4294967295".into(), most: MOST_IMAGES.to_string() };
    assert_eq!(images(&[2051, u32::MAX, 28, 28]), large);
    assert_eq!(images(&[2051, MOST_IMAGES + 1, 28, 28]).code(), "data-too-large");
    assert_eq!(parse(Parser::labels(), &header(&[2049, u32::MAX])).unwrap_err(), large);
}

#[test]
fn parser_stops_at_the_declared_size() {
    let mut items = Vec::new();
    let mut parser = Parser::images();
    parser.push(&idx::write_images(&pixels(1)), &mut items).unwrap();
    let trailing = Error::IdxTrailing { kind: "images".into(), expected: "1".into() };
    for _ in 0..100 {
        assert_eq!(parser.push(&[0; 65536], &mut items), Err(trailing.clone()));
    }
    assert_eq!((items.len(), items.capacity()), (PIXELS, PIXELS));
    assert_eq!(parser.finish(), Err(trailing));
}

#[test]
fn set_is_usable_once_the_first_images_are_loaded() {
    let count = FIRST + 100;
    let file = idx::write_images(&pixels(count as usize));
    let mut data = Dataset::files(false);
    assert_eq!((data.total(), data.usable(), data.complete()), (0, false, false));
    let enough = 16 + FIRST as usize * PIXELS;
    data.push_images(&file[..enough - 1]).unwrap();
    assert_eq!((data.available(), data.total(), data.usable()), (FIRST - 1, count, false));
    data.push_images(&file[enough - 1..enough]).unwrap();
    assert!(data.usable() && !data.complete());
    assert_eq!(data.digit(FIRST), [0; PIXELS], "not loaded yet: blank");
    data.push_images(&file[enough..]).unwrap();
    assert!(data.complete());
    assert_eq!(data.close(), Ok(()));
    let mut batch = vec![-1.0; 2 * PIXELS];
    data.write_batch(&[1, count - 1], &mut batch);
    let all = pixels(count as usize);
    let expected = all[PIXELS..2 * PIXELS].iter().chain(&all[(count as usize - 1) * PIXELS..]);
    assert!(batch.iter().zip(expected).all(|(value, &pixel)| *value == f32::from(pixel) / 255.0));
}

#[test]
fn transposed_images_are_turned_upright_for_any_cut() {
    let upright = pixels(3);
    let mut sideways = upright.clone();
    for (i, pixel) in sideways.iter_mut().enumerate() {
        let (image, row, column) = (i / PIXELS, i % PIXELS / SIDE, i % SIDE);
        *pixel = upright[image * PIXELS + column * SIDE + row];
    }
    let file = idx::write_images(&sideways);
    for step in [1, 7, 783, 784, 785, 5000] {
        let mut data = Dataset::files(true);
        file.chunks(step).for_each(|bytes| data.push_images(bytes).unwrap());
        for i in 0..3 {
            assert_eq!(data.digit(i as u32), &upright[i * PIXELS..][..PIXELS]);
        }
    }
}

#[test]
fn labels_can_arrive_before_or_after_images() {
    let (images, names) = (idx::write_images(&pixels(30)), idx::write_labels(&labels(30)));
    let (late, errors) = arrive(&images, &names);
    assert_eq!(
        (late.labels(), late.label(12), late.label(30), errors),
        (30, Some(2), None, vec![])
    );
    let mut early = Dataset::files(false);
    early.push_labels(&names).unwrap();
    assert_eq!(early.labels(), 30);
    early.push_images(&images).unwrap();
    assert_eq!((early.close(), early.label(29)), (Ok(()), Some(9)));
}

#[test]
fn labels_that_do_not_fit_are_dropped_and_reported_once() {
    let images = idx::write_images(&pixels(30));
    let (data, errors) = arrive(&images, &idx::write_labels(&labels(5000)));
    assert_eq!(errors, [Error::LabelCount { labels: "5000".into(), images: "30".into() }]);
    assert_eq!((data.labels(), data.available()), (0, 30));

    let mut letters = labels(30);
    letters[17] = 25;
    let (data, errors) = arrive(&images, &idx::write_labels(&letters));
    assert_eq!(
        errors,
        [Error::LabelValue { index: "17".into(), got: "25".into(), most: "9".into() }]
    );
    assert_eq!((data.labels(), data.usable()), (0, true));

    let names = idx::write_labels(&labels(30));
    let (data, errors) = arrive(&images, &names[..20]);
    assert_eq!(errors[0].code(), "idx-truncated");
    assert_eq!((errors.len(), data.labels(), data.available()), (1, 0, 30));
    let (data, errors) = arrive(&images, &[&names[..], &[0; 9999]].concat());
    assert_eq!(errors[0].code(), "idx-trailing");
    assert_eq!((errors.len(), data.labels()), (1, 30));
}

#[test]
fn loaded_images_stay_when_the_file_is_too_short_or_too_long() {
    let (images, names) = (idx::write_images(&pixels(30)), idx::write_labels(&labels(30)));
    let (mut data, errors) = arrive(&images[..16 + 12 * PIXELS + 5], &names);
    let expected =
        Error::IdxTruncated { kind: "images".into(), got: "12".into(), expected: "30".into() };
    assert_eq!(errors, [expected]);
    assert_eq!((data.available(), data.total(), data.labels()), (12, 12, 12));
    assert!(data.complete() && data.usable());
    assert_eq!(data.push_images(&images), Ok(()), "bytes after the end are ignored");
    assert_eq!(data.available(), 12);
    assert_eq!(data.digit(11), &pixels(12)[11 * PIXELS..]);
    let (data, errors) = arrive(&[&images[..], &[0; 100_000]].concat(), &names);
    assert_eq!(errors.len(), 1, "reported once");
    assert_eq!((errors[0].code(), data.available(), data.labels()), ("idx-trailing", 30, 30));
    let (data, errors) = arrive(b"<html>not found</html>", &[]);
    assert_eq!((errors.len(), errors[0].code()), (1, "idx-magic"));
    assert_eq!((data.complete(), data.usable(), data.total()), (true, false, 0));
    assert_eq!(Dataset::empty().push_images(&images), Err(Error::NoData {}));
    assert_eq!(Dataset::drawn().push_labels(&names), Err(Error::NoData {}));
}

#[test]
fn drawn_set_is_available_from_the_start() {
    let mut data = Dataset::drawn();
    assert_eq!((data.total(), data.available(), data.labels()), (DRAWN, DRAWN, DRAWN));
    assert!(data.usable() && data.complete());
    let (digit, class) = drawn_digit(0, DRAWN - 1);
    for _ in 0..2 {
        assert_eq!((data.label(DRAWN - 1), data.digit(DRAWN - 1)), (Some(class), &digit[..]));
    }
    assert_eq!((data.label(DRAWN), data.digit(DRAWN)), (None, &[0; PIXELS][..]));
    assert_eq!(data.close(), Ok(()));
}
