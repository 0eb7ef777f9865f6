//! The same engine in a web worker: kernels against naive loops, a run that repeats, usize of 32 bits.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::kernel::{Matrix, Real, gemm};
use ganvas::{Config, Dataset, Session, Standing, checkpoint};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn numbers(n: usize) -> Vec<f32> {
    (0..n as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 8) as f32 / 8_388_608. - 1.).collect()
}

#[wasm_bindgen_test]
fn products_agree_with_a_naive_loop() {
    for (m, k, n) in [(1, 1, 1), (3, 5, 7), (64, 784, 100), (100, 64, 784), (784, 64, 100), (65, 1, 33)] {
        let (a, b) = (numbers(m * k), numbers(k * n));
        let plain = gemm(Matrix::new(&a, m, k), Matrix::new(&b, k, n));
        let turned: Vec<f32> = (0..k * m).map(|i| a[(i % m) * k + i / m]).collect();
        let transposed = gemm(Matrix::new(&turned, k, m).transposed(), Matrix::new(&b, k, n));
        for i in 0..m {
            for j in 0..n {
                let sum: f64 = (0..k).map(|l| f64::from(a[i * k + l]) * f64::from(b[l * n + j])).sum();
                for got in [plain[i * n + j], transposed[i * n + j]] {
                    assert!((f64::from(got) - sum).abs() < 1e-4, "{m} {k} {n}: {got} is not {sum}");
                }
            }
        }
    }
}

#[wasm_bindgen_test]
fn functions_are_those_of_the_reals() {
    for i in -800..=800 {
        let x = i as f32 / 10.;
        let wide = f64::from(x);
        let pairs = [
            (Real::sigmoid(x), 1. / (1. + (-wide).exp())),
            (Real::tanh(x), wide.tanh()),
            (Real::softplus(x), wide.max(0.) + (-wide.abs()).exp().ln_1p()),
        ];
        for (got, want) in pairs {
            assert!(
                (f64::from(got) - want).abs() <= 4e-7 * want.abs().max(1e-30),
                "{x}: {got} is not {want}"
            );
        }
    }
}

/// The polynomials and ChaCha give the same bits on every target; only products may differ natively.
#[wasm_bindgen_test]
fn latents_are_the_same_bits_as_natively() {
    let mut out = [0f32; 5];
    ganvas::kernel::normals(&mut ganvas::chance::stream(42, ganvas::chance::Purpose::Latents), &mut out);
    assert_eq!(out.map(f32::to_bits), LATENTS);
}

const LATENTS: [u32; 5] = [1_061_672_864, 3_188_097_295, 1_061_986_540, 3_207_456_947, 3_212_681_857];

#[wasm_bindgen_test]
fn a_run_repeats_and_goes_on_from_its_checkpoint() {
    let session = || {
        let knobs = [("batch", "8"), ("d_norm", "true")];
        Session::new(Config::new("gan", 9, knobs).unwrap(), Dataset::drawn()).unwrap()
    };
    let train = |session: &mut Session| {
        for _ in 0..5 {
            assert_eq!(session.step().unwrap(), Standing::Done);
        }
    };
    let (mut whole, mut half) = (session(), session());
    train(&mut whole);
    train(&mut half);
    let bytes = checkpoint::save(&mut half).unwrap();
    let mut second = checkpoint::load(&bytes, Dataset::drawn()).unwrap();
    train(&mut whole);
    train(&mut second);
    assert_eq!(whole.digest().unwrap(), second.digest().unwrap());
}

#[wasm_bindgen_test]
fn too_many_digits_are_refused_not_aborted_on() {
    let mut data = Dataset::files(false);
    let header: Vec<u8> = [2051u32, u32::MAX, 28, 28].into_iter().flat_map(u32::to_be_bytes).collect();
    assert_eq!(data.push_images(&header).unwrap_err().code(), "data-too-large");
}
