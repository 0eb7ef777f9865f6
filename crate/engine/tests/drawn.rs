//! Digits drawn by the program: the same on every target, as dark as
//! handwriting, all different.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;

use ganvas::data::{PIXELS, SIDE, drawn_digit, label};

/// The hash of the first thousand digits, also on wasm32. If it changes, every
/// run on drawn digits changes.
const GOLDEN: u64 = 0x314e_15cd_8613_518e;

#[test]
fn drawn_digits_have_the_same_bits_everywhere() {
    // FNV-1a.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for i in 0..1000 {
        let (digit, class) = drawn_digit(0, i);
        for byte in digit.into_iter().chain([class]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    assert_eq!(hash, GOLDEN, "{hash:#x}");
}

#[test]
fn drawn_digits_have_as_much_ink_as_handwriting() {
    let (mut ink, mut count, mut digits) = ([0.0; 10], [0u32; 10], HashSet::new());
    for i in 0..10_000 {
        let (digit, class) = drawn_digit(1, i);
        assert_eq!(label(1, i), class);
        let row_or_column = |k: usize| (0..SIDE).map(move |j| (k * SIDE + j, j * SIDE + k));
        let edge = row_or_column(0).chain(row_or_column(SIDE - 1)).flat_map(|(a, b)| [a, b]);
        assert!(edge.into_iter().all(|place| digit[place] == 0), "digit {i} touches the edge");
        assert!(digit.iter().any(|&pixel| pixel > 230), "digit {i} is pale");
        ink[class as usize] +=
            digit.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / PIXELS as f64;
        count[class as usize] += 1;
        digits.insert(digit.to_vec());
    }
    assert_eq!(digits.len(), 10_000, "all digits differ");
    assert!(count.iter().all(|n| (880..1120).contains(n)), "{count:?}");
    let mean: Vec<f64> = ink.iter().zip(count).map(|(ink, n)| ink / f64::from(n)).collect();
    for (class, mean) in mean.iter().enumerate() {
        let bounds = if class == 1 { 15.0..24.0 } else { 26.0..46.0 };
        assert!(bounds.contains(mean), "class {class}: {mean}");
    }
    assert!((30.0..38.0).contains(&(mean.iter().sum::<f64>() / 10.0)));
}
