//! The engine in a web worker: kernels against naive loops, a reproducible run,
//! usize of 32 bits.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::kernel::{Batch, Matrix, Panels, Real, Window, Workspace, gemm, gemm_into};
use ganvas::op::{
    Activation, BatchNorm, Call, Conv, Deconv, Dense, Operation, WeightGradients, Weights,
};
use ganvas::{Config, Dataset, Session, StepOutcome, checkpoint};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn numbers(n: usize) -> Vec<f32> {
    (0..n as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 8) as f32 / 8_388_608. - 1.).collect()
}

#[wasm_bindgen_test]
fn products_agree_with_a_naive_loop() {
    let mut panels = Panels::default();
    let shapes = [
        (1, 1, 1),
        (3, 5, 7),
        (64, 784, 100),
        (100, 64, 784),
        (784, 64, 100),
        (65, 1, 33),
        (5, 0, 3),
    ];
    let more = [
        (16, 900, 16),
        (13, 257, 1),
        (1, 33, 9),
        (130, 16, 17),
        (33, 300, 12),
        (4, 513, 6),
        (11, 40, 5),
    ];
    for (m, k, n) in shapes.into_iter().chain(more) {
        let (a, b) = (numbers(m * k), numbers(k * n));
        let turn = |data: &[f32], rows: usize, columns: usize| -> Vec<f32> {
            (0..rows * columns).map(|i| data[(i % rows) * columns + i / rows]).collect()
        };
        let (a_turned, b_turned) = (turn(&a, m, k), turn(&b, k, n));
        for case in 0..4 {
            let left = if case & 1 == 0 {
                Matrix::new(&a, m, k)
            } else {
                Matrix::new(&a_turned, k, m).transposed()
            };
            let right = if case & 2 == 0 {
                Matrix::new(&b, k, n)
            } else {
                Matrix::new(&b_turned, n, k).transposed()
            };
            let out = gemm(left, right, &mut panels);
            let mut twice = out.clone();
            gemm_into(&mut twice, true, left, right, &mut panels);
            for i in 0..m {
                for j in 0..n {
                    let sum: f64 =
                        (0..k).map(|l| f64::from(a[i * k + l]) * f64::from(b[l * n + j])).sum();
                    let (got, doubled) = (f64::from(out[i * n + j]), f64::from(twice[i * n + j]));
                    assert!(
                        (got - sum).abs() < 1e-4,
                        "{m} {k} {n} case {case}: {got} is not {sum}"
                    );
                    assert!(
                        (doubled - 2. * sum).abs() < 2e-4,
                        "{m} {k} {n} case {case}: {doubled}"
                    );
                }
            }
        }
    }
}

/// The output and all gradients of an operation, as [y, dx, dw, db]; `counts`
/// is the numbers of x, weight and bias, and `rows` the rows of the batch.
fn results<T: Real>(op: &dyn Operation<T>, rows: usize, counts: [usize; 3]) -> Vec<Vec<f64>> {
    let [x, weight, bias] =
        counts.map(|count| numbers(count).into_iter().map(|x| T::of(x.into())).collect::<Vec<T>>());
    let (x, ws) = (Batch::new(rows, x), &mut Workspace::default());
    let weights = Weights { weight: &weight, bias: &bias };
    let y = op.forward(&x, weights, ws).unwrap();
    let share = T::of(2. / y.numbers().len() as f64);
    let slope: Vec<T> = y.numbers().iter().map(|&y| y * share).collect();
    let (mut dw, mut db) = (vec![T::ZERO; counts[1]], vec![T::ZERO; counts[2]]);
    let into = WeightGradients { weight: &mut dw, bias: &mut db };
    let call = Call { x: &x, weights, y: &y };
    let dx = op.backward(call, &Batch::new(y.rows(), slope), true, Some(into), ws);
    let dx = dx.unwrap().unwrap();
    let wide = |numbers: &[T]| numbers.iter().map(|x| x.wide()).collect();
    [y.numbers(), dx.numbers(), &dw, &db].map(wide).to_vec()
}

/// Output and gradients agree in f32, by our own matrix products, and in f64,
/// by the library's.
#[wasm_bindgen_test]
fn operations_in_f32_agree_with_f64() {
    fn check<O: Operation<f32> + Operation<f64>>(
        op: impl Fn() -> O,
        rows: usize,
        counts: [usize; 3],
    ) {
        let (single, double) =
            (results::<f32>(&op(), rows, counts), results::<f64>(&op(), rows, counts));
        for (got, want) in single.iter().zip(&double) {
            let scale = want.iter().fold(1e-3, |scale: f64, x| scale.max(x.abs()));
            for (got, want) in got.iter().zip(want) {
                assert!((got - want).abs() < 2e-5 * scale, "{counts:?}: {got} is not {want}");
            }
        }
    }
    let window = Window { height: 14, width: 14, channels: 5, kernel: 4, stride: 2, padding: 1 };
    let (image, rows, columns) = (window.image(), window.rows(), window.columns());
    check(|| Dense(Activation::Sigmoid), 9, [9 * 37, 37 * 13, 13]);
    let conv = || Conv { window, activation: Activation::LeakyRelu };
    check(conv, 7, [7 * image, columns * 11, 11]);
    let deconv = || Deconv { window, activation: Activation::Sigmoid };
    check(deconv, 7, [7 * rows * 11, 11 * columns, 5]);
    check(|| BatchNorm::train(Activation::Relu), 6, [6 * 77, 11, 11]);
}

#[wasm_bindgen_test]
fn sigmoid_tanh_and_softplus_agree_with_f64() {
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

/// The polynomials and ChaCha give the same bits on every target; natively only
/// products can differ.
#[wasm_bindgen_test]
fn latents_have_the_same_bits_as_natively() {
    let mut out = [0f32; 5];
    ganvas::kernel::normals(&mut ganvas::rng::stream(42, ganvas::rng::Purpose::Latents), &mut out);
    assert_eq!(out.map(f32::to_bits), LATENTS);
}

const LATENTS: [u32; 5] =
    [1_061_672_864, 3_188_097_295, 1_061_986_540, 3_207_456_947, 3_212_681_857];

#[wasm_bindgen_test]
fn a_run_resumes_from_its_checkpoint_bit_for_bit() {
    for recipe in ganvas::recipe::ALL {
        resumes(recipe.id);
    }
}

fn resumes(recipe: &str) {
    let session = || {
        Session::new(Config::new(recipe, 9, [("batch", "8")]).unwrap(), Dataset::drawn()).unwrap()
    };
    let train = |session: &mut Session| {
        for _ in 0..5 {
            assert_eq!(session.step().unwrap(), StepOutcome::Done);
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
fn too_many_images_give_an_error_and_no_abort() {
    let mut data = Dataset::files(false);
    let header: Vec<u8> =
        [2051u32, u32::MAX, 28, 28].into_iter().flat_map(u32::to_be_bytes).collect();
    assert_eq!(data.push_images(&header).unwrap_err().code(), "data-too-large");
}
