//! Residual blocks and instance norm: gradients, and slopes of slopes, against
//! central differences.

use candle_core::{Tensor, Var};

use super::*;
use crate::net::penalty::{Penalty, PenaltyTarget};
use crate::op::gradient::{variable, worst_error_of};

fn conv(channels: usize, activation: Activation) -> Layer {
    Layer::Conv { channels, kernel: 3, stride: 1, activation }
}

/// A block within a block, each with a way around, on images of 4 x 4.
fn net(norm: bool) -> (Net, Vec<Var>) {
    let (leaky, plain) = (Activation::LeakyRelu, Activation::Identity);
    let mut layers = vec![conv(2, leaky), conv(2, plain)];
    if norm {
        layers.push(Layer::InstanceNorm { activation: Activation::Relu });
    }
    let inner = layers.len();
    layers.extend([conv(2, leaky), Layer::Reshape(Shape::image(4, 4, 2)), Layer::Add { back: 2 }]);
    // Back to what entered the second convolution.
    layers.extend([conv(2, plain), Layer::Add { back: inner + 3 }]);
    layers.push(Layer::Dense { outputs: 1, activation: plain });
    let params = Params::new(stream(4, Purpose::Weights));
    let net = Net::build(layers, Shape::image(4, 4, 1), Init::Torch, &params.builder(DType::F64))
        .unwrap();
    (net, params.trained().into_iter().map(|(_, var)| var).collect())
}

fn trace(net: &Net, x: &Tensor) -> Trace {
    let mut rng = stream(1, Purpose::Dropout);
    net.trace(x, &[], Pass::Train(&mut rng), &mut Workspace::default()).unwrap()
}

#[test]
fn gradients_take_both_ways() {
    for norm in [false, true] {
        let (net, mut vars) = net(norm);
        let x = variable(&[3, 16], 7).unwrap();
        let loss = || {
            let trace = trace(&net, &x);
            Ok((trace.output().sqr()?.sum_all()?.to_scalar()?, trace))
        };
        let made = loss().unwrap().1;
        let (slope, mut gradients) = ((made.output() * 2.).unwrap(), GradStore::default());
        let of_x =
            made.backward(slope, true, &mut gradients, &mut Workspace::default()).unwrap().unwrap();
        gradients.insert(&x, of_x);
        vars.push(x.clone());
        let worst = worst_error_of(&vars, &gradients, || loss().map(|(value, _)| value)).unwrap();
        assert!(worst < 1e-6, "norm {norm}: off by {worst}");
    }
}

#[test]
fn a_penalty_takes_both_ways() {
    let (net, vars) = net(false);
    let x = variable(&[3, 16], 7).unwrap();
    let penalty =
        |trace: &Trace| Penalty::of(trace, PenaltyTarget::One, 2., &mut Workspace::default());
    let made = trace(&net, &x);
    let value = penalty(&made).unwrap();
    let mut gradients = GradStore::default();
    value.backward(&made, &mut gradients, &mut Workspace::default()).unwrap();
    let weights: Vec<Var> = vars.into_iter().filter(|var| gradients.get(var).is_some()).collect();
    assert!(weights.len() >= 5, "{} weights have a gradient", weights.len());
    let worst =
        worst_error_of(&weights, &gradients, || Ok(penalty(&trace(&net, &x))?.value)).unwrap();
    assert!(worst < 1e-6, "off by {worst}");
}

#[test]
fn a_block_that_does_not_fit_is_refused() {
    let params = Params::new(stream(4, Purpose::Weights));
    for back in [0, 1, 3] {
        let layers =
            vec![conv(1, Activation::Relu), conv(2, Activation::Relu), Layer::Add { back }];
        let built =
            Net::build(layers, Shape::image(4, 4, 1), Init::Torch, &params.builder(DType::F32));
        assert!(built.is_err(), "add {back}");
    }
}
