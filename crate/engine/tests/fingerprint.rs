//! Which data sets the fingerprint distinguishes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::data::{Dataset, FIRST, Likeness, PIXELS, idx};

/// `count` images whose neighbouring pixels differ.
fn pixels(count: usize) -> Vec<u8> {
    (0..count * PIXELS).map(|i| (i * 7 + i / PIXELS) as u8).collect()
}

fn labels(count: usize) -> Vec<u8> {
    (0..count).map(|i| (i % 10) as u8).collect()
}

/// The fingerprint of a complete set that arrives in pieces of `cut` bytes.
fn fingerprint(images: &[u8], labels: Option<&[u8]>, cut: usize) -> String {
    let mut data = Dataset::files(false);
    images.chunks(cut).for_each(|bytes| data.push_images(bytes).unwrap());
    labels
        .iter()
        .flat_map(|labels| labels.chunks(cut))
        .for_each(|bytes| data.push_labels(bytes).unwrap());
    data.close().unwrap();
    data.fingerprint()
}

#[test]
fn the_fingerprint_covers_every_image_and_every_label() {
    let count = FIRST as usize + 50;
    let (ours, names) = (pixels(count), labels(count));
    let of = |pixels: &[u8], labels: Option<&[u8]>| {
        fingerprint(&idx::write_images(pixels), labels.map(idx::write_labels).as_deref(), 50_000)
    };
    let whole = of(&ours, Some(&names));
    for cut in [784, 785, 3000, usize::MAX] {
        assert_eq!(
            fingerprint(&idx::write_images(&ours), Some(&idx::write_labels(&names)), cut),
            whole
        );
    }
    let at_once =
        |names: Option<&[u8]>| Dataset::whole(ours.clone(), names, false).unwrap().fingerprint();
    assert_eq!(at_once(Some(&names)), whole);
    assert_eq!(at_once(None), of(&ours, None));
    for place in [0, PIXELS - 1, FIRST as usize * PIXELS, count * PIXELS - 1] {
        let mut others = ours.clone();
        others[place] ^= 1;
        assert_eq!(Likeness::of(&whole, &of(&others, Some(&names))), Likeness::Images, "{place}");
    }
    for place in [0, FIRST as usize + 1, count - 1] {
        let mut others = names.clone();
        others[place] = (others[place] + 1) % 10;
        assert_eq!(Likeness::of(&whole, &of(&ours, Some(&others))), Likeness::Labels, "{place}");
    }
    let bare = of(&ours, None);
    assert_eq!(Likeness::of(&whole, &bare), Likeness::LabelsMissing);
    assert_eq!(Likeness::of(&bare, &whole), Likeness::LabelsAdded);
    assert_eq!(
        (Likeness::of(&bare, &bare), Likeness::of(&whole, &whole)),
        (Likeness::Same, Likeness::Same)
    );
    let fewer = of(&ours[..(count - 1) * PIXELS], Some(&names[..count - 1]));
    assert_eq!(Likeness::of(&whole, &fewer), Likeness::Images);
    // The same two images in another order are a different set.
    let turned = [&ours[PIXELS..2 * PIXELS], &ours[..PIXELS]].concat();
    assert_eq!(Likeness::of(&of(&ours[..2 * PIXELS], None), &of(&turned, None)), Likeness::Images);
}

#[test]
fn likeness_is_unknown_while_images_are_missing_or_not_hashed() {
    let count = FIRST as usize + 50;
    let (images, names) = (idx::write_images(&pixels(count)), idx::write_labels(&labels(count)));
    let whole = fingerprint(&images, Some(&names), usize::MAX);
    let mut data = Dataset::files(false);
    data.push_images(&images[..images.len() - 1]).unwrap();
    let begun = data.fingerprint();
    assert_eq!(Likeness::of(&begun, &whole), Likeness::Unknown);
    assert_eq!(Likeness::of(&begun, &begun), Likeness::Unknown, "the rest is not loaded");
    data.push_images(&images[images.len() - 1..]).unwrap();
    assert_eq!(data.fingerprint(), begun, "labels can still arrive");
    data.push_labels(&names).unwrap();
    assert_eq!(data.fingerprint(), whole);
    // Older runs saved only the number of images and a hash of the first
    // 2,048.
    assert!(whole.starts_with(&format!("{begun}-")) && begun.matches('-').count() == 1);
    let mut other = images.clone();
    other[16 + 700] ^= 1;
    assert_eq!(Likeness::of(&begun, &fingerprint(&other, Some(&names), 9999)), Likeness::Images);
    let drawn = Dataset::drawn().fingerprint();
    assert_eq!(Likeness::of(&drawn, &drawn), Likeness::Same);
    assert_eq!(
        (Likeness::of(&drawn, &whole), Likeness::of(&begun, &drawn)),
        (Likeness::Images, Likeness::Images)
    );
    for nothing in ["", "-", "a-b-c", "--"] {
        assert_ne!(Likeness::of(nothing, &whole), Likeness::Same);
    }
    assert_eq!(Likeness::of("", ""), Likeness::Unknown);
}
