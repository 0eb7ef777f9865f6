//! Every operation against central differences and against candle's own.

use candle_core::{DType, Device, Result, Tensor, Var};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::gradient::{variable, worst_error};
use super::*;
use crate::kernel::Window;

mod rearranging;

const ACTIVATIONS: [Activation; 5] = [
    Activation::Identity,
    Activation::Relu,
    Activation::LeakyRelu,
    Activation::Tanh,
    Activation::Sigmoid,
];

/// A scalar that weighs every number differently, so that no gradient is
/// symmetric by accident.
fn mixed(y: &Tensor) -> Result<Tensor> {
    let n = y.elem_count();
    let weights: Vec<f64> = (0..n).map(|i| ((i * 7 + 3) % 11) as f64 / 5. - 1.).collect();
    (y.flatten_all()? * Tensor::from_vec(weights, n, &Device::Cpu)?)?.sum_all()
}

fn close(a: &Tensor, b: &Tensor, tolerance: f64) {
    let difference = (a - b).unwrap().abs().unwrap().flatten_all().unwrap().max(0).unwrap();
    let difference = difference.to_dtype(DType::F64).unwrap().to_scalar::<f64>().unwrap();
    assert!(difference < tolerance, "differs by {difference}");
}

#[test]
fn dense_gradients_are_central_differences() {
    for activation in ACTIVATIONS {
        for (rows, inputs, outputs) in [(1, 1, 1), (5, 3, 7), (2, 9, 1), (17, 4, 5)] {
            let vars = [
                variable(&[rows, inputs], 1).unwrap(),
                variable(&[inputs, outputs], 2).unwrap(),
                variable(&[outputs], 3).unwrap(),
            ];
            let f = || mixed(&dense(&vars[0], &vars[1], &vars[2], activation)?);
            let worst = worst_error(&vars, f).unwrap();
            assert!(worst < 1e-6, "{activation:?} {rows} x {inputs} -> {outputs}: {worst}");
        }
    }
}

#[test]
fn dense_equals_candles_linear() {
    let [x, w, b] = [(&[13, 29][..], 4), (&[29, 11], 5), (&[11], 6)].map(|(shape, seed)| {
        Var::from_tensor(&variable(shape, seed).unwrap().to_dtype(DType::F32).unwrap()).unwrap()
    });
    let linear = candle_nn::Linear::new(w.t().unwrap(), Some(b.as_tensor().clone()));
    let theirs = candle_nn::Module::forward(&linear, &x).unwrap().relu().unwrap();
    let ours = dense(&x, &w, &b, Activation::Relu).unwrap();
    close(&ours, &theirs, 1e-5);
    let (g, h) = (ours.sqr().unwrap().sum_all().unwrap(), theirs.sqr().unwrap().sum_all().unwrap());
    let (g, h) = (g.backward().unwrap(), h.backward().unwrap());
    for var in [&x, &w, &b] {
        close(g.get(var).unwrap(), h.get(var).unwrap(), 1e-3);
    }
}

#[test]
fn untracked_inputs_get_no_gradient() {
    let [x, w, b] =
        [(&[4, 3][..], 1), (&[3, 2], 2), (&[2], 3)].map(|(s, seed)| variable(s, seed).unwrap());
    let frozen = dense(&x, &w.detach(), &b.detach(), Activation::Tanh).unwrap();
    let gradients = frozen.sum_all().unwrap().backward().unwrap();
    assert!(
        gradients.get(&x).is_some() && gradients.get(&w).is_none() && gradients.get(&b).is_none()
    );
}

#[test]
fn transposed_and_broadcast_views_are_read_by_their_layout() {
    let (x, w) = (variable(&[3, 5], 1).unwrap(), variable(&[4, 3], 2).unwrap());
    let b = variable(&[1], 3).unwrap();
    let (xt, wt) = (x.t().unwrap(), w.t().unwrap());
    let wide = b.broadcast_as(4).unwrap();
    let ours = dense(&xt, &wt, &wide, Activation::Identity).unwrap();
    let theirs = xt.contiguous().unwrap().matmul(&wt.contiguous().unwrap()).unwrap();
    close(&ours, &theirs.broadcast_add(&b).unwrap(), 1e-12);
    let views = || mixed(&dense(&x.t()?, &w.t()?, &b.broadcast_as(4)?, Activation::Tanh)?);
    assert!(worst_error(&[x.clone(), w.clone(), b.clone()], views).unwrap() < 1e-6);
}

#[test]
fn batch_norm_gradients_are_central_differences() {
    for activation in ACTIVATIONS {
        for (rows, columns) in [(2, 1), (7, 3), (16, 5)] {
            let vars = [
                variable(&[rows, columns], 1).unwrap(),
                variable(&[columns], 2).unwrap(),
                variable(&[columns], 3).unwrap(),
            ];
            let train = || mixed(&batch_norm_train(&vars[0], &vars[1], &vars[2], activation)?.0);
            let worst = worst_error(&vars, train).unwrap();
            assert!(worst < 1e-6, "{activation:?} {rows} x {columns}: {worst}");
            let mean = variable(&[columns], 4).unwrap();
            let variance = variable(&[columns], 5).unwrap().sqr().unwrap();
            let eval = || {
                mixed(&batch_norm_eval(&vars[0], &vars[1], &vars[2], &mean, &variance, activation)?)
            };
            assert!(worst_error(&vars, eval).unwrap() < 1e-6);
        }
    }
}

#[test]
fn batch_norm_equals_candle_nns() {
    let x = variable(&[9, 4], 1).unwrap();
    let theirs = candle_nn::BatchNorm::new(
        4,
        Tensor::zeros(4, DType::F64, &Device::Cpu).unwrap(),
        Tensor::ones(4, DType::F64, &Device::Cpu).unwrap(),
        variable(&[4], 2).unwrap().as_tensor().clone(),
        variable(&[4], 3).unwrap().as_tensor().clone(),
        1e-5,
    )
    .unwrap();
    let (gamma, beta) = (variable(&[4], 2).unwrap(), variable(&[4], 3).unwrap());
    let (y, seen) = batch_norm_train(&x, &gamma, &beta, Activation::Identity).unwrap();
    close(&y, &theirs.forward_train(&x).unwrap(), 1e-10);
    let mean = x.mean(0).unwrap().to_vec1::<f64>().unwrap();
    assert!(seen.mean.iter().zip(mean).all(|(a, b)| (a - b).abs() < 1e-12));
}

/// Windows of odd sizes, strides and paddings.
const WINDOWS: [Window; 5] = [
    Window { height: 6, width: 6, channels: 2, kernel: 4, stride: 2, padding: 1 },
    Window { height: 5, width: 7, channels: 1, kernel: 3, stride: 1, padding: 0 },
    Window { height: 4, width: 3, channels: 3, kernel: 3, stride: 3, padding: 2 },
    Window { height: 8, width: 8, channels: 1, kernel: 5, stride: 2, padding: 2 },
    Window { height: 1, width: 1, channels: 2, kernel: 1, stride: 1, padding: 0 },
];

#[test]
fn convolution_gradients_are_central_differences() {
    for (window, batch) in WINDOWS.into_iter().zip([3, 1, 2, 1, 4]) {
        for activation in ACTIVATIONS {
            let (channels, rows) = (3, window.rows());
            let [x, w, b] =
                [&[batch, window.image()][..], &[window.columns(), channels], &[channels]]
                    .map(|shape| variable(shape, 1 + shape.len() as u32).unwrap());
            let there = || mixed(&conv(&x, &w, &b, window, activation)?);
            let worst = worst_error(&[x.clone(), w.clone(), b.clone()], there).unwrap();
            assert!(worst < 1e-6, "conv {activation:?} {window:?}: {worst}");
            let [x, w, b] =
                [&[batch, rows * channels][..], &[channels, window.columns()], &[window.channels]]
                    .map(|shape| variable(shape, 4 + shape.len() as u32).unwrap());
            let back = || mixed(&deconv(&x, &w, &b, window, activation)?);
            let worst = worst_error(&[x.clone(), w.clone(), b.clone()], back).unwrap();
            assert!(worst < 1e-6, "deconv {activation:?} {window:?}: {worst}");
        }
    }
}

/// (batch, height width channels) -> (batch, channels, height, width), as
/// candle has images.
fn channels_first(x: &Tensor, [height, width, channels]: [usize; 3]) -> Tensor {
    let batch = x.dim(0).unwrap();
    x.reshape((batch, height, width, channels))
        .unwrap()
        .permute((0, 3, 1, 2))
        .unwrap()
        .contiguous()
        .unwrap()
}

/// Results and all gradients of ours and of candle's agree.
fn same(ours: &Tensor, theirs: &Tensor, vars: &[Var]) {
    close(ours, theirs, 1e-10);
    let gradients = [ours, theirs].map(|y| y.sqr().unwrap().sum_all().unwrap().backward().unwrap());
    for var in vars {
        close(gradients[0].get(var).unwrap(), gradients[1].get(var).unwrap(), 1e-9);
    }
}

#[test]
fn convolutions_equal_candles() {
    // The last is so large that its images are taken one after another.
    let large = Window { height: 28, width: 28, channels: 8, kernel: 4, stride: 2, padding: 1 };
    for window in WINDOWS.into_iter().filter(|window| window.height == window.width).chain([large])
    {
        let Window { height, width, channels, kernel, stride, padding } = window;
        let ((rows, lines), outputs, batch) = (window.grid().unwrap(), 5, 3);
        let [x, w, b] = [&[batch, window.image()][..], &[window.columns(), outputs], &[outputs]]
            .map(|shape| variable(shape, 1).unwrap());
        let ours = conv(&x, &w, &b, window, Activation::Identity).unwrap();
        let filters =
            w.reshape((kernel, kernel, channels, outputs)).unwrap().permute((3, 2, 0, 1)).unwrap();
        let image = channels_first(&x, [height, width, channels]);
        let theirs = image.conv2d(&filters.contiguous().unwrap(), padding, stride, 1, 1).unwrap();
        let theirs = theirs.broadcast_add(&b.reshape((1, outputs, 1, 1)).unwrap()).unwrap();
        let theirs = theirs.permute((0, 2, 3, 1)).unwrap().reshape(ours.dims()).unwrap();
        same(&ours, &theirs, &[x, w, b]);

        let [x, w, b] =
            [&[batch, rows * lines * outputs][..], &[outputs, window.columns()], &[channels]]
                .map(|shape| variable(shape, 2).unwrap());
        let ours = deconv(&x, &w, &b, window, Activation::Identity).unwrap();
        let filters =
            w.reshape((outputs, kernel, kernel, channels)).unwrap().permute((0, 3, 1, 2)).unwrap();
        let image = channels_first(&x, [rows, lines, outputs]);
        let rest = height - ((rows - 1) * stride + kernel - 2 * padding);
        let theirs = image
            .conv_transpose2d(&filters.contiguous().unwrap(), padding, rest, stride, 1)
            .unwrap();
        let theirs = theirs.broadcast_add(&b.reshape((1, channels, 1, 1)).unwrap()).unwrap();
        let theirs = theirs.permute((0, 2, 3, 1)).unwrap().reshape(ours.dims()).unwrap();
        same(&ours, &theirs, &[x, w, b]);
    }
}

#[test]
fn batch_norm_of_images_takes_each_channel_over_all_pixels() {
    let (x, gamma, beta) = (variable(&[3, 12], 1), variable(&[2], 2), variable(&[2], 3));
    let (x, gamma, beta) = (x.unwrap(), gamma.unwrap(), beta.unwrap());
    let (ours, seen) = batch_norm_train(&x, &gamma, &beta, Activation::LeakyRelu).unwrap();
    let flat = x.reshape((18, 2)).unwrap();
    let (theirs, _) = batch_norm_train(&flat, &gamma, &beta, Activation::LeakyRelu).unwrap();
    assert_eq!((seen.rows, ours.dims()), (18, &[3, 12][..]));
    close(&ours, &theirs.reshape((3, 12)).unwrap(), 1e-15);
    let vars = [x.clone(), gamma.clone(), beta.clone()];
    let train = || mixed(&batch_norm_train(&x, &gamma, &beta, Activation::LeakyRelu)?.0);
    assert!(worst_error(&vars, train).unwrap() < 1e-6);
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let window = WINDOWS[0];
    let number = |shape: &[usize]| variable(shape, 1).unwrap();
    let (x, w, b) = (number(&[2, window.image()]), number(&[window.columns(), 3]), number(&[3]));
    let refused = |x: &Tensor, w: &Tensor, b: &Tensor, window: Window| {
        conv(x, w, b, window, Activation::Relu).is_err()
            && deconv(x, w, b, window, Activation::Relu).is_err()
    };
    assert!(conv(&x, &w, &b, window, Activation::Relu).is_ok());
    assert!(refused(&number(&[2, 5]), &w, &b, window));
    assert!(refused(&x, &number(&[5, 3]), &b, window));
    assert!(refused(&x, &w, &number(&[4]), window));
    assert!(refused(&x, &w, &b, Window { kernel: 9, ..window }));
    assert!(dense(&x, &w, &b, Activation::Relu).is_err());
    assert!(batch_norm_train(&x, &number(&[7]), &number(&[7]), Activation::Relu).is_err());
}

#[test]
fn a_batch_of_one_has_no_variance_and_stays_finite() {
    let x = variable(&[1, 3], 1).unwrap();
    let (gamma, beta) = (variable(&[3], 2).unwrap(), variable(&[3], 3).unwrap());
    let (y, _) = batch_norm_train(&x, &gamma, &beta, Activation::Identity).unwrap();
    close(&y.squeeze(0).unwrap(), &beta, 1e-12);
}

#[test]
fn a_sum_is_of_one_shape() {
    let (x, y) = (variable(&[2, 3], 1).unwrap(), variable(&[3, 2], 2).unwrap());
    close(&sum(&x, &x).unwrap(), &(x.as_tensor() * 2.).unwrap(), 1e-12);
    // A view that is not contiguous.
    close(&sum(&x, &y.t().unwrap()).unwrap(), &(x.as_tensor() + y.t().unwrap()).unwrap(), 1e-12);
    assert!(sum(&x, &y).is_err());
}

#[test]
fn dropout_keeps_the_mean_and_passes_gradients_where_values_pass() {
    let ones = Var::ones((200, 500), DType::F64, &Device::Cpu).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let y = dropout(&ones, 0.3, &mut rng).unwrap();
    let mean = y.mean_all().unwrap().to_scalar::<f64>().unwrap();
    assert!((mean - 1.).abs() < 0.01, "{mean}");
    let gradients = y.sum_all().unwrap().backward().unwrap();
    close(gradients.get(&ones).unwrap(), &y, 1e-12);
    assert!(dropout(&ones, 1., &mut rng).is_err());
    let x = variable(&[3, 4], 1).unwrap();
    let seeded = || mixed(&dropout(&x, 0.5, &mut ChaCha8Rng::seed_from_u64(2))?);
    assert!(worst_error(std::slice::from_ref(&x), seeded).unwrap() < 1e-6);
}

#[test]
fn nan_is_not_hidden() {
    let x = Tensor::new(&[[f32::NAN]], &Device::Cpu).unwrap();
    let (w, b) = (
        Tensor::new(&[[1f32]], &Device::Cpu).unwrap(),
        Tensor::new(&[0f32], &Device::Cpu).unwrap(),
    );
    for activation in ACTIVATIONS {
        let y =
            dense(&x, &w, &b, activation).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(y[0].is_nan(), "{activation:?}");
    }
}

#[test]
fn instance_norm_gradients_are_central_differences() {
    for activation in ACTIVATIONS {
        let x = variable(&[3, 12], 1).unwrap();
        let op = || super::operation::OnTape(InstanceNorm { channels: 2, activation });
        let worst = worst_error(std::slice::from_ref(&x), || mixed(&x.apply_op1(op())?)).unwrap();
        assert!(worst < 1e-6, "{activation:?}: {worst}");
    }
    let x = variable(&[2, 8], 2).unwrap();
    let y = run(
        &InstanceNorm { channels: 1, activation: Activation::Identity },
        [&x],
        &mut Default::default(),
    );
    let y = y.unwrap().to_vec2::<f64>().unwrap();
    for image in y {
        let mean = image.iter().sum::<f64>() / 8.;
        let variance = image.iter().map(|v| v * v).sum::<f64>() / 8.;
        assert!(mean.abs() < 1e-12 && (variance - 1.).abs() < 1e-3, "{mean}, {variance}");
    }
}
