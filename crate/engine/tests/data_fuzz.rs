//! IDX files cut and spoilt at random: never a panic, only errors that have a
//! sentence, the same however the bytes come.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::Error;
use ganvas::data::{Dataset, PIXELS, idx};
use proptest::prelude::*;

/// Sends `file` in pieces, whose lengths go round `steps`, to `push`; the
/// errors told.
fn send(
    file: &[u8],
    steps: &[usize],
    mut push: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Vec<Error> {
    let (mut rest, mut told) = (file, Vec::new());
    for &step in steps.iter().cycle() {
        let (piece, after) = rest.split_at(step.min(rest.len()));
        told.extend(push(piece).err());
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    told
}

/// All of a set that can be seen, and the errors told on the way.
fn outcome(images: &[u8], labels: &[u8], steps: &[usize]) -> (u32, u32, Vec<u8>, Vec<Error>) {
    let mut data = Dataset::files(false);
    let mut told = send(images, steps, |bytes| data.push_images(bytes));
    told.extend(send(labels, steps, |bytes| data.push_labels(bytes)));
    told.extend(data.close().err());
    let pixels = (0..data.available()).flat_map(|i| data.digit(i).to_vec()).collect();
    (data.total(), data.labels(), pixels, told)
}

/// A small file of each kind, with some bytes replaced (most of them in the
/// header), then cut or prolonged.
fn files() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let spoil = || (proptest::collection::vec((0usize..24, any::<u8>()), 0..3), -900i32..900);
    (1usize..5, spoil(), spoil()).prop_map(|(count, images, labels)| {
        let pixels: Vec<u8> = (0..count * PIXELS).map(|i| i as u8).collect();
        let names: Vec<u8> = (0..count).map(|i| i as u8).collect();
        (spoilt(idx::write_images(&pixels), images), spoilt(idx::write_labels(&names), labels))
    })
}

fn spoilt(mut file: Vec<u8>, (bytes, grow): (Vec<(usize, u8)>, i32)) -> Vec<u8> {
    for (place, byte) in bytes {
        let place = place % file.len();
        file[place] = byte;
    }
    // A third of the files keep their length.
    if grow.abs() > 300 {
        file.resize(file.len().saturating_add_signed(grow as isize), 3);
    }
    file
}

proptest! {
    #[test]
    fn spoilt_files_never_panic_and_are_told_alike(
        (images, labels) in files(),
        steps in proptest::collection::vec(1usize..2000, 1..6),
    ) {
        let pieces = outcome(&images, &labels, &steps);
        let known = ["idx-magic", "idx-size", "idx-empty", "idx-truncated", "idx-trailing", "data-too-large",
            "label-count", "label-value"];
        prop_assert!(pieces.3.iter().all(|error| known.contains(&error.code())), "{:?}", pieces.3);
        prop_assert!(pieces.3.len() <= 2);
        prop_assert_eq!(pieces.2.len(), pieces.0 as usize * PIXELS);
        prop_assert!(pieces.1 == 0 || pieces.1 <= pieces.0);
        prop_assert_eq!(outcome(&images, &labels, &[usize::MAX]), pieces);
    }
}
