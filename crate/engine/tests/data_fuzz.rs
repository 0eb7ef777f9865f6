//! IDX files cut and corrupted at random: no panic, only errors that have a
//! sentence, the same for any cut of the bytes.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::Error;
use ganvas::data::{Dataset, PIXELS, idx};
use proptest::prelude::*;

/// Sends `file` to `push` in pieces, whose lengths cycle through `steps`;
/// returns the errors.
fn send(
    file: &[u8],
    steps: &[usize],
    mut push: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Vec<Error> {
    let (mut rest, mut errors) = (file, Vec::new());
    for &step in steps.iter().cycle() {
        let (piece, after) = rest.split_at(step.min(rest.len()));
        errors.extend(push(piece).err());
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    errors
}

/// Total, number of labels and pixels of a set, and the errors returned.
fn outcome(images: &[u8], labels: &[u8], steps: &[usize]) -> (u32, u32, Vec<u8>, Vec<Error>) {
    let mut data = Dataset::files(false);
    let mut errors = send(images, steps, |bytes| data.push_images(bytes));
    errors.extend(send(labels, steps, |bytes| data.push_labels(bytes)));
    errors.extend(data.close().err());
    let pixels = (0..data.available()).flat_map(|i| data.digit(i).to_vec()).collect();
    (data.total(), data.labels(), pixels, errors)
}

/// A small file of each type, with some bytes replaced (most of them in the
/// header), then cut or extended.
fn files() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let damage = || (proptest::collection::vec((0usize..24, any::<u8>()), 0..3), -900i32..900);
    (1usize..5, damage(), damage()).prop_map(|(count, images, labels)| {
        let pixels: Vec<u8> = (0..count * PIXELS).map(|i| i as u8).collect();
        let names: Vec<u8> = (0..count).map(|i| i as u8).collect();
        (
            corrupted(idx::write_images(&pixels), images),
            corrupted(idx::write_labels(&names), labels),
        )
    })
}

fn corrupted(mut file: Vec<u8>, (bytes, grow): (Vec<(usize, u8)>, i32)) -> Vec<u8> {
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
    fn corrupted_files_never_panic_and_have_the_same_errors_for_any_cut(
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
