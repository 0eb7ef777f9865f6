//! Residual blocks and instance norm: gradients and second derivatives compared
//! with central differences.

use super::*;
use crate::net::penalty::{Penalty, PenaltyTarget};
use crate::op::gradient::{numbers, worst_error};

fn conv(channels: usize, activation: Activation) -> Layer {
    Layer::Conv { channels, kernel: 3, stride: 1, activation }
}

/// A residual block within a residual block, on images of 4 x 4.
fn net(norm: bool) -> Net<f64> {
    let (leaky, plain) = (Activation::LeakyRelu, Activation::Identity);
    let mut layers = vec![conv(2, leaky), conv(2, plain)];
    if norm {
        layers.push(Layer::InstanceNorm { activation: Activation::Relu });
    }
    let inner = layers.len();
    layers.extend([conv(2, leaky), Layer::Reshape(Shape::image(4, 4, 2)), Layer::Add { back: 2 }]);
    // Adds the input of the second convolution.
    layers.extend([conv(2, plain), Layer::Add { back: inner + 3 }]);
    layers.push(Layer::Dense { outputs: 1, activation: plain });
    let vb = first_weights(stream(4, Purpose::Weights));
    Net::build(layers, Shape::image(4, 4, 1), Init::Torch, &vb).unwrap()
}

fn trace(net: &Net<f64>, x: &[f64]) -> Trace<f64> {
    let (x, masks) = (Batch::new(3, x), net.masks(3, &mut stream(1, Purpose::Dropout)));
    net.trace(&x, &[], Pass::Train(&masks), &mut Workspace::default()).unwrap()
}

#[test]
fn gradients_flow_through_both_branches() {
    for norm in [false, true] {
        let mut at = (net(norm), numbers(48, 7));
        let loss = |(net, x): &(Net<f64>, Vec<f64>)| -> f64 {
            trace(net, x).output().numbers().iter().map(|y| y * y).sum()
        };
        let (pass, ws) = (trace(&at.0, &at.1), &mut Workspace::default());
        let slope: Vec<f64> = pass.output().numbers().iter().map(|y| 2. * y).collect();
        let mut gradient = vec![0.; at.0.params().weights().len()];
        let of_x = pass
            .backward(&at.0, Batch::new(3, slope), true, Some(&mut gradient), ws)
            .unwrap()
            .unwrap();
        let parts: Vec<_> =
            at.0.params().trained().map(|variable| variable.range.clone()).collect();
        let worst =
            worst_error(&mut at, |at| at.0.params_mut().weights_mut(), &parts, &gradient, loss);
        assert!(worst < 1e-6, "norm {norm}: the weight gradient is off by {worst}");
        let parts = std::slice::from_ref(&(0..48));
        let worst = worst_error(&mut at, |at| &mut at.1, parts, of_x.numbers(), loss);
        assert!(worst < 1e-6, "norm {norm}: the input gradient is off by {worst}");
    }
}

#[test]
fn penalty_gradients_flow_through_both_branches() {
    let (mut net, x) = (net(false), numbers(48, 7));
    let penalty = |net: &Net<f64>, trace: &Trace<f64>| {
        Penalty::of(net, trace, PenaltyTarget::One, 2., &mut Workspace::default()).unwrap()
    };
    let pass = trace(&net, &x);
    let mut gradient = vec![0.; net.params().weights().len()];
    penalty(&net, &pass).backward(&net, &pass, &mut gradient, &mut Workspace::default()).unwrap();
    let parts: Vec<_> = net.params().trained().map(|variable| variable.range.clone()).collect();
    let nonzero = parts.iter().filter(|part| gradient[(*part).clone()].iter().any(|g| *g != 0.));
    assert!(nonzero.count() >= 5);
    let value = |net: &Net<f64>| penalty(net, &trace(net, &x)).value;
    let worst =
        worst_error(&mut net, |net| net.params_mut().weights_mut(), &parts, &gradient, value);
    assert!(worst < 1e-6, "off by {worst}");
}

#[test]
fn a_block_that_does_not_fit_is_refused() {
    for back in [0, 1, 3] {
        let layers =
            vec![conv(1, Activation::Relu), conv(2, Activation::Relu), Layer::Add { back }];
        let vb = first_weights(stream(4, Purpose::Weights));
        let built = Net::<f32>::build(layers, Shape::image(4, 4, 1), Init::Torch, &vb);
        assert!(built.is_err(), "add {back}");
    }
}
