//! Nets: inferred widths, training and sampling passes, and running statistics
//! as in PyTorch.

use super::*;
use crate::kernel::{Batch, Workspace};
use crate::op::Activation;
use crate::params::first_weights;
use crate::rng::{Purpose, stream};

mod residual;

fn layers() -> Vec<Layer> {
    vec![
        Layer::Dense { outputs: 6, activation: Activation::Identity },
        Layer::BatchNorm { activation: Activation::Relu },
        Layer::Dropout { rate: 0.5 },
        Layer::Dense { outputs: 2, activation: Activation::Sigmoid },
    ]
}

fn build(seed: u32) -> Net {
    let vb = first_weights(stream(seed, Purpose::Weights));
    Net::build(layers(), Shape::row(3), Init::Torch, &vb).unwrap()
}

fn input() -> Batch {
    Batch::new(4, vec![1f32, -2., 0.5, 0.1, 0.2, -0.3, 2., 1., 0., -1., 0.4, 0.9])
}

fn train(net: &Net, x: &Batch) -> Batch {
    let masks = net.masks(x.rows(), &mut stream(1, Purpose::Dropout));
    net.forward(x, &[], Pass::Train(&masks), &mut Workspace::default()).unwrap()
}

fn bits(numbers: &[f32]) -> Vec<u32> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

#[test]
fn weights_are_counted_and_named_in_order() {
    let net = build(1);
    let names: Vec<&str> =
        net.params().variables().iter().map(|variable| variable.name.as_str()).collect();
    let expected = "0.weight 0.bias 1.weight 1.bias 1.running_mean 1.running_var 3.weight 3.bias";
    assert_eq!(names.join(" "), expected);
    assert_eq!(net.params().weights().len() as u64, weights(&layers(), Shape::row(3)));
}

#[test]
fn equal_seeds_give_equal_bits_and_other_seeds_do_not() {
    let run = |seed| bits(train(&build(seed), &input()).numbers());
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn sampling_is_a_function_of_the_input_alone() {
    let (net, ws) = (build(3), &mut Workspace::default());
    let whole = net.forward(&input(), &[], Pass::Eval, ws).unwrap();
    let first = net.forward(&input().part(0..1), &[], Pass::Eval, ws).unwrap();
    assert_eq!(bits(whole.numbers())[..2], bits(first.numbers())[..]);
}

#[test]
fn running_statistics_update_as_in_pytorch() {
    let (mut net, x) = (build(1), input());
    train(&net, &x);
    let hidden = net.forward_part(..1, &x, &[], Pass::Eval, &mut Workspace::default()).unwrap();
    let column = |j: usize| hidden.numbers().iter().skip(j).step_by(6);
    let mean = |j: usize| column(j).sum::<f32>() / 4.;
    let variance = |j: usize| column(j).map(|h| (h - mean(j)).powi(2)).sum::<f32>() / 3.;
    let start: Vec<f32> = [[0.; 6], [1.; 6]].concat();
    assert_eq!(net.params().statistics(), start, "unchanged before the step");
    net.update_running_statistics();
    let expected = (0..6).map(|j| 0.1 * mean(j)).chain((0..6).map(|j| 0.9 + 0.1 * variance(j)));
    for (got, expected) in net.params().statistics().iter().zip(expected) {
        assert!((got - expected).abs() < 1e-6, "{got} is not {expected}");
    }
}

#[test]
fn batch_statistics_are_taken_in_once_or_forgotten() {
    let mut net = build(1);
    let running = |net: &Net| bits(net.params().statistics());
    let start = running(&net);
    train(&net, &input());
    net.forget();
    net.update_running_statistics();
    assert_eq!(running(&net), start);
    // Two passes before one step equal two passes with a step each.
    train(&net, &input());
    net.update_running_statistics();
    train(&net, &input());
    net.update_running_statistics();
    let twice = running(&net);
    net.update_running_statistics();
    assert_eq!(running(&net), twice);
    let mut other = build(1);
    for _ in 0..2 {
        train(&other, &input());
    }
    other.update_running_statistics();
    assert_eq!(running(&other), twice);
    // A batch whose variance exceeds f32.
    let huge: Vec<f32> = input().numbers().iter().map(|x| x * 1e30).collect();
    train(&net, &Batch::new(4, huge));
    assert!(!net.statistics_are_finite());
    net.forget();
    assert!(net.statistics_are_finite() && running(&net) == twice);
}

#[test]
fn variables_are_set_together_or_not_at_all() {
    let (mut net, other) = (build(1), build(2));
    let tensors = other.params().tensors().unwrap();
    let named = |name: &str, missing: &str| match tensors.iter().find(|(other, _)| other == name) {
        Some((_, tensor)) if name != missing => Ok(tensor.clone()),
        _ => candle_core::bail!("{name} is missing"),
    };
    let before = bits(net.params().weights());
    assert!(net.params_mut().set(|name| named(name, "3.bias")).is_err());
    assert_eq!(bits(net.params().weights()), before);
    net.params_mut().set(|name| named(name, "")).unwrap();
    assert_eq!(bits(net.params().weights()), bits(other.params().weights()));
}

#[test]
fn first_weights_have_the_deviation_of_their_init() {
    for (init, deviation) in
        [(Init::He, (2f64 / 400.).sqrt()), (Init::Torch, 1. / (400f64 * 3.).sqrt())]
    {
        let layer = vec![Layer::Dense { outputs: 300, activation: Activation::Relu }];
        let vb = first_weights(stream(1, Purpose::Weights));
        let net = Net::<f64>::build(layer, Shape::row(400), init, &vb).unwrap();
        let weights = net.params().numbers(&net.params().variables()[0]);
        let variance = weights.iter().map(|w| w * w).sum::<f64>() / weights.len() as f64;
        assert!((variance.sqrt() / deviation - 1.).abs() < 0.01, "{init:?}");
    }
}
