//! Every operation compared with central differences and with candle's.

use candle_core::{Device, Result, Tensor, Var};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::gradient::{numbers, worst_error};
use super::*;
use crate::kernel::{Batch, Window, Workspace};

mod rearranging;

const ACTIVATIONS: [Activation; 4] =
    [Activation::Identity, Activation::Relu, Activation::LeakyRelu, Activation::Sigmoid];

/// The inputs of an operation: a batch, and weights if it has any.
#[derive(Clone)]
struct Inputs {
    rows: usize,
    /// Batch, weight and bias, one after another.
    all: Vec<f64>,
    lengths: [usize; 3],
}

impl Inputs {
    /// A batch of this shape and these numbers of weights and biases.
    fn new([rows, columns]: [usize; 2], weights: [usize; 2], seed: u32) -> Self {
        let lengths = [rows * columns, weights[0], weights[1]];
        let parts = lengths.into_iter().zip(seed..).flat_map(|(count, seed)| numbers(count, seed));
        Self { rows, all: parts.collect(), lengths }
    }

    fn part(&self, i: usize) -> &[f64] {
        let start = self.lengths[..i].iter().sum();
        &self.all[start..start + self.lengths[i]]
    }

    fn x(&self) -> Batch<f64> {
        Batch::new(self.rows, self.part(0))
    }

    fn weights(&self) -> Weights<'_, f64> {
        Weights { weight: self.part(1), bias: self.part(2) }
    }

    fn run(&self, op: &impl Operation<f64>) -> Result<Batch<f64>> {
        op.forward(&self.x(), self.weights(), &mut Workspace::default())
    }

    /// The gradients of batch, weight and bias, concatenated, from that of the
    /// output.
    fn gradient(
        &self,
        op: &impl Operation<f64>,
        slope: impl Fn(&Batch<f64>) -> Vec<f64>,
    ) -> Vec<f64> {
        let (x, ws) = (self.x(), &mut Workspace::default());
        let y = op.forward(&x, self.weights(), ws).unwrap();
        let (mut weight, mut bias) = (vec![0.; self.lengths[1]], vec![0.; self.lengths[2]]);
        let into = WeightGradients { weight: &mut weight, bias: &mut bias };
        let slope = Batch::new(y.rows(), slope(&y));
        let call = Call { x: &x, weights: self.weights(), y: &y };
        let dx = op.backward(call, &slope, true, Some(into), ws).unwrap().unwrap();
        [dx.numbers(), &weight, &bias].concat()
    }

    /// The worst error of the gradients of a sum with a different weight for
    /// every number, so that no gradient is symmetric by accident.
    fn worst<O: Operation<f64>>(&self, op: impl Fn() -> O) -> f64 {
        let weight = |i: usize| ((i * 7 + 3) % 11) as f64 / 5. - 1.;
        let gradient =
            self.gradient(&op(), |y| (0..y.numbers().len()).map(weight).collect::<Vec<_>>());
        let sum = |inputs: &Self| {
            let y = inputs.run(&op()).unwrap();
            y.numbers().iter().enumerate().map(|(i, y)| weight(i) * y).sum()
        };
        let [a, b, c] = self.lengths;
        let parts = [0..a, a..a + b, a + b..a + b + c];
        worst_error(&mut self.clone(), |inputs| &mut inputs.all, &parts, &gradient, sum)
    }

    /// The parts as candle variables of these shapes.
    fn vars<const N: usize>(&self, shapes: [&[usize]; N]) -> [Var; N] {
        let mut i = 0;
        shapes.map(|shape| {
            i += 1;
            Var::from_tensor(&Tensor::from_slice(self.part(i - 1), shape, &Device::Cpu).unwrap())
                .unwrap()
        })
    }
}

fn close(ours: &[f64], theirs: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), theirs.len());
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }
}

fn flat(tensor: &Tensor) -> Vec<f64> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// Asserts that `op` and candle's `theirs` give the same numbers and, for the
/// sum of their squares, the same gradients.
fn same(inputs: &Inputs, op: &impl Operation<f64>, theirs: &Tensor, vars: &[Var]) {
    close(inputs.run(op).unwrap().numbers(), &flat(theirs), 1e-10);
    let ours = inputs.gradient(op, |y| y.numbers().iter().map(|y| 2. * y).collect());
    let gradients = theirs.sqr().unwrap().sum_all().unwrap().backward().unwrap();
    let all: Vec<f64> = vars.iter().flat_map(|var| flat(gradients.get(var).unwrap())).collect();
    close(&ours, &all, 1e-9);
}

#[test]
fn dense_gradients_equal_central_differences() {
    for activation in ACTIVATIONS {
        for (rows, inputs, outputs) in [(1, 1, 1), (5, 3, 7), (2, 9, 1), (17, 4, 5)] {
            let at = Inputs::new([rows, inputs], [inputs * outputs, outputs], 1);
            let worst = at.worst(|| Dense(activation));
            assert!(worst < 1e-6, "{activation:?} {rows} x {inputs} -> {outputs}: {worst}");
        }
    }
}

#[test]
fn dense_equals_candles_linear() {
    let inputs = Inputs::new([13, 29], [29 * 11, 11], 4);
    let [x, w, b] = inputs.vars([&[13, 29], &[29, 11], &[11]]);
    let linear = candle_nn::Linear::new(w.t().unwrap(), Some(b.as_tensor().clone()));
    let theirs = candle_nn::Module::forward(&linear, &x).unwrap().relu().unwrap();
    same(&inputs, &Dense(Activation::Relu), &theirs, &[x, w, b]);
}

#[test]
fn weight_gradients_accumulate() {
    let (inputs, ws) = (Inputs::new([4, 3], [6, 2], 1), &mut Workspace::default());
    let (op, x) = (Dense(Activation::Sigmoid), inputs.x());
    let y = op.forward(&x, inputs.weights(), ws).unwrap();
    let call = Call { x: &x, weights: inputs.weights(), y: &y };
    let mut add = |weight: &mut [f64], bias: &mut [f64]| {
        op.backward(call, &y, false, Some(WeightGradients { weight, bias }), ws).unwrap()
    };
    let (mut once, mut twice, mut bias) = (vec![0.; 6], vec![0.; 6], vec![0.; 2]);
    assert!(add(&mut once, &mut []).is_none(), "the gradient of the input is not requested");
    add(&mut twice, &mut bias);
    add(&mut twice, &mut bias);
    close(&twice, &once.iter().map(|g| 2. * g).collect::<Vec<_>>(), 1e-12);
}

#[test]
fn batch_norm_gradients_equal_central_differences() {
    for activation in ACTIVATIONS {
        for (rows, columns) in [(2, 1), (7, 3), (16, 5)] {
            let at = Inputs::new([rows, columns], [columns, columns], 1);
            let worst = at.worst(|| BatchNorm::train(activation));
            assert!(worst < 1e-6, "{activation:?} {rows} x {columns}: {worst}");
            let mean = numbers(columns, 4);
            let variance: Vec<f64> = numbers(columns, 5).iter().map(|x| x * x).collect();
            assert!(at.worst(|| BatchNorm::eval(&mean, &variance, activation)) < 1e-6);
        }
    }
}

#[test]
fn batch_norm_equals_candle_nns() {
    let inputs = Inputs::new([9, 4], [4, 4], 1);
    let [x, gamma, beta] = inputs.vars([&[9, 4], &[4], &[4]]);
    let column = |value: f64| Tensor::full(value, 4, &Device::Cpu).unwrap();
    let (gamma, beta) = (gamma.as_tensor().clone(), beta.as_tensor().clone());
    let theirs = candle_nn::BatchNorm::new(4, column(0.), column(1.), gamma, beta, 1e-5).unwrap();
    let op = BatchNorm::train(Activation::Identity);
    let y = inputs.run(&op).unwrap();
    close(y.numbers(), &flat(&theirs.forward_train(&x).unwrap()), 1e-10);
    let statistics = Operation::<f64>::statistics(&op).unwrap();
    close(&statistics.mean, &flat(&x.mean(0).unwrap()), 1e-12);
}

/// Windows of various sizes, strides and paddings.
const WINDOWS: [Window; 5] = [
    Window { height: 6, width: 6, channels: 2, kernel: 4, stride: 2, padding: 1 },
    Window { height: 5, width: 7, channels: 1, kernel: 3, stride: 1, padding: 0 },
    Window { height: 4, width: 3, channels: 3, kernel: 3, stride: 3, padding: 2 },
    Window { height: 8, width: 8, channels: 1, kernel: 5, stride: 2, padding: 2 },
    Window { height: 1, width: 1, channels: 2, kernel: 1, stride: 1, padding: 0 },
];

#[test]
fn convolution_gradients_equal_central_differences() {
    for (window, batch) in WINDOWS.into_iter().zip([3, 1, 2, 1, 4]) {
        for activation in ACTIVATIONS {
            let (channels, rows, columns) = (3, window.rows(), window.columns());
            let at = Inputs::new([batch, window.image()], [columns * channels, channels], 3);
            let worst = at.worst(|| Conv { window, activation });
            assert!(worst < 1e-6, "conv {activation:?} {window:?}: {worst}");
            let at =
                Inputs::new([batch, rows * channels], [channels * columns, window.channels], 6);
            let worst = at.worst(|| Deconv { window, activation });
            assert!(worst < 1e-6, "deconv {activation:?} {window:?}: {worst}");
        }
    }
}

/// (batch, height width channels) -> (batch, channels, height, width), the
/// order of candle's images.
fn channels_first(x: &Tensor, [height, width, channels]: [usize; 3]) -> Tensor {
    let batch = x.dim(0).unwrap();
    let image = x.reshape((batch, height, width, channels)).unwrap();
    image.permute((0, 3, 1, 2)).unwrap().contiguous().unwrap()
}

#[test]
fn convolutions_equal_candles() {
    let activation = Activation::Identity;
    // The last is so large that its images are processed one at a time.
    let large = Window { height: 28, width: 28, channels: 8, kernel: 4, stride: 2, padding: 1 };
    for window in WINDOWS.into_iter().filter(|window| window.height == window.width).chain([large])
    {
        let Window { height, width, channels, kernel, stride, padding } = window;
        let ((rows, lines), outputs, batch) = (window.grid().unwrap(), 5, 3);
        let columns = window.columns();
        let at = Inputs::new([batch, window.image()], [columns * outputs, outputs], 1);
        let [x, w, b] =
            at.vars([&[batch, window.image()], &[kernel, kernel, channels, outputs], &[outputs]]);
        let filters = w.permute((3, 2, 0, 1)).unwrap().contiguous().unwrap();
        let image = channels_first(&x, [height, width, channels]);
        let theirs = image.conv2d(&filters, padding, stride, 1, 1).unwrap();
        let theirs = theirs.broadcast_add(&b.reshape((1, outputs, 1, 1)).unwrap()).unwrap();
        let theirs = theirs.permute((0, 2, 3, 1)).unwrap();
        same(&at, &Conv { window, activation }, &theirs, &[x, w, b]);

        let at = Inputs::new([batch, rows * lines * outputs], [outputs * columns, channels], 2);
        let [x, w, b] = at.vars([
            &[batch, rows * lines * outputs],
            &[outputs, kernel, kernel, channels],
            &[channels],
        ]);
        let filters = w.permute((0, 3, 1, 2)).unwrap().contiguous().unwrap();
        let image = channels_first(&x, [rows, lines, outputs]);
        let rest = height - ((rows - 1) * stride + kernel - 2 * padding);
        let theirs = image.conv_transpose2d(&filters, padding, rest, stride, 1).unwrap();
        let theirs = theirs.broadcast_add(&b.reshape((1, channels, 1, 1)).unwrap()).unwrap();
        let theirs = theirs.permute((0, 2, 3, 1)).unwrap();
        same(&at, &Deconv { window, activation }, &theirs, &[x, w, b]);
    }
}

#[test]
fn batch_norm_of_images_normalises_each_channel_over_all_pixels() {
    let images = Inputs::new([3, 12], [2, 2], 1);
    let rows = Inputs { rows: 18, ..images.clone() };
    let op = || BatchNorm::train(Activation::LeakyRelu);
    let (ours, on_rows) = (images.run(&op()).unwrap(), op());
    assert_eq!((ours.rows(), ours.columns()), (3, 12));
    close(ours.numbers(), rows.run(&on_rows).unwrap().numbers(), 1e-15);
    assert_eq!(Operation::<f64>::statistics(&on_rows).unwrap().rows, 18);
    assert!(images.worst(op) < 1e-6);
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let (window, activation) = (WINDOWS[0], Activation::Relu);
    let refused = |columns: usize, weights: usize, biases: usize, window: Window| {
        let at = Inputs::new([2, columns], [weights, biases], 1);
        at.run(&Conv { window, activation }).is_err()
            && at.run(&Deconv { window, activation }).is_err()
    };
    let (image, columns) = (window.image(), window.columns());
    let fits = Inputs::new([2, image], [columns * 3, 3], 1);
    assert!(fits.run(&Conv { window, activation }).is_ok());
    assert!(refused(5, columns * 3, 3, window));
    assert!(refused(image, 5 * 3, 3, window));
    assert!(refused(image, columns * 3, 4, window));
    assert!(refused(image, columns * 3, 3, Window { kernel: 9, ..window }));
    assert!(fits.run(&Dense(activation)).is_err());
    assert!(Inputs::new([2, image], [7, 7], 1).run(&BatchNorm::train(activation)).is_err());
}

#[test]
fn a_batch_of_one_has_no_variance_and_stays_finite() {
    let one = Inputs::new([1, 3], [3, 3], 1);
    let y = one.run(&BatchNorm::train(Activation::Identity)).unwrap();
    close(y.numbers(), one.part(2), 1e-12);
}

#[test]
fn dropout_keeps_the_mean_and_passes_gradients_where_values_pass() {
    let (ones, mut rng) = (Batch::new(200, vec![1f64; 100_000]), ChaCha8Rng::seed_from_u64(1));
    let (op, ws) =
        (Dropout::draw(100_000, 0..100_000, 0.3, &mut rng).unwrap(), &mut Workspace::default());
    let y = op.forward(&ones, Weights::default(), ws).unwrap();
    let mean = y.numbers().iter().sum::<f64>() / 100_000.;
    assert!((mean - 1.).abs() < 0.01, "{mean}");
    let call = Call { x: &ones, weights: Weights::default(), y: &y };
    let gradient = op.backward(call, &ones, true, None, ws).unwrap().unwrap();
    assert_eq!(gradient.numbers(), y.numbers());
    assert!(Dropout::draw(4, 0..4, 1., &mut rng).is_err());
    let seeded = || Dropout::draw(12, 0..12, 0.5, &mut ChaCha8Rng::seed_from_u64(2)).unwrap();
    assert!(Inputs::new([3, 4], [0, 0], 1).worst(seeded) < 1e-6);
}

#[test]
fn activations_propagate_nan() {
    let x = Batch::new(1, vec![f32::NAN]);
    for activation in ACTIVATIONS {
        let weights = Weights { weight: &[1.], bias: &[0.] };
        let y = Dense(activation).forward(&x, weights, &mut Workspace::default()).unwrap();
        assert!(y.numbers()[0].is_nan(), "{activation:?}");
    }
}

#[test]
fn instance_norm_gradients_equal_central_differences() {
    for activation in ACTIVATIONS {
        let at = Inputs::new([3, 12], [0, 0], 1);
        let worst = at.worst(|| InstanceNorm { channels: 2, activation });
        assert!(worst < 1e-6, "{activation:?}: {worst}");
    }
    let op = InstanceNorm { channels: 1, activation: Activation::Identity };
    let y = Inputs::new([2, 8], [0, 0], 2).run(&op).unwrap();
    for image in y.numbers().chunks(8) {
        let mean = image.iter().sum::<f64>() / 8.;
        let variance = image.iter().map(|v| v * v).sum::<f64>() / 8.;
        assert!(mean.abs() < 1e-12 && (variance - 1.).abs() < 1e-3, "{mean}, {variance}");
    }
}
