//! Nets: widths inferred, passes that train, freeze and sample, and candle-nn
//! as the oracle.

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Tensor};

use super::*;
use crate::kernel::Workspace;
use crate::op::Activation;
use crate::params::Params;
use crate::rng::{Purpose, stream};

mod residual;

fn layers() -> Vec<Layer> {
    vec![
        Layer::Dense { outputs: 6, activation: Activation::Identity },
        Layer::BatchNorm { activation: Activation::Relu },
        Layer::Dropout { rate: 0.5 },
        Layer::Dense { outputs: 2, activation: Activation::Tanh },
    ]
}

fn build(seed: u32) -> (Net, Params) {
    let params = Params::new(stream(seed, Purpose::Weights));
    (Net::build(layers(), Shape::row(3), Init::Torch, &params.builder(DType::F32)).unwrap(), params)
}

fn input() -> Tensor {
    Tensor::new(&[[1f32, -2., 0.5], [0.1, 0.2, -0.3], [2., 1., 0.], [-1., 0.4, 0.9]], &Device::Cpu)
        .unwrap()
}

fn bits(tensor: &Tensor) -> Vec<u32> {
    tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap().into_iter().map(f32::to_bits).collect()
}

#[test]
fn weights_are_counted_and_named_in_order() {
    let (_, params) = build(1);
    let names: Vec<String> = params.all().into_iter().map(|(name, _)| name).collect();
    let expected = "0.weight 0.bias 1.weight 1.bias 1.running_mean 1.running_var 3.weight 3.bias";
    assert_eq!(names.join(" "), expected);
    let count: usize = params.trained().iter().map(|(_, var)| var.elem_count()).sum();
    assert_eq!(count as u64, weights(&layers(), Shape::row(3)));
}

#[test]
fn equal_seeds_give_equal_bits_and_other_seeds_do_not() {
    let run = |seed| {
        let mut masks = stream(1, Purpose::Dropout);
        bits(
            &build(seed)
                .0
                .forward(&input(), &[], Pass::Train(&mut masks), &mut Workspace::default())
                .unwrap(),
        )
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn sampling_is_a_function_of_the_input_alone() {
    let (net, _) = build(3);
    let whole = net.forward(&input(), &[], Pass::Eval, &mut Workspace::default()).unwrap();
    let first = net
        .forward(&input().narrow(0, 0, 1).unwrap(), &[], Pass::Eval, &mut Workspace::default())
        .unwrap();
    assert_eq!(bits(&whole)[..2], bits(&first)[..]);
}

#[test]
fn running_statistics_follow_as_pytorchs_do() {
    let (net, params) = build(1);
    let x = input();
    net.forward(&x, &[], Pass::Train(&mut stream(1, Purpose::Dropout)), &mut Workspace::default())
        .unwrap();
    let var = |name: &str| {
        let found = params.all().into_iter().find(|(other, _)| other == name).unwrap().1;
        found.as_tensor().clone()
    };
    let hidden = x.matmul(&var("0.weight")).unwrap().broadcast_add(&var("0.bias")).unwrap();
    let mean = (hidden.mean(0).unwrap() * 0.1).unwrap().to_vec1::<f32>().unwrap();
    let variance =
        ((hidden.var(0).unwrap() * 0.1).unwrap() + 0.9).unwrap().to_vec1::<f32>().unwrap();
    let got = |name: &str| var(name).to_vec1::<f32>().unwrap();
    let before = (got("1.running_mean"), got("1.running_var"));
    assert_eq!(before, (vec![0.; 6], vec![1.; 6]), "they wait for the step");
    net.take_in().unwrap();
    let close = |a: Vec<f32>, b: Vec<f32>| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
    assert!(close(got("1.running_mean"), mean) && close(got("1.running_var"), variance));
}

#[test]
fn what_was_seen_is_taken_in_once_or_forgotten() {
    let (net, params) = build(1);
    let seen = || {
        let names = ["1.running_mean", "1.running_var"];
        params
            .all()
            .into_iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .flat_map(|(_, var)| bits(&var))
            .collect::<Vec<_>>()
    };
    let pass = |x: &Tensor| {
        let mut rng = stream(1, Purpose::Dropout);
        net.forward(x, &[], Pass::Train(&mut rng), &mut Workspace::default()).unwrap();
    };
    let start = seen();
    pass(&input());
    net.forget();
    net.take_in().unwrap();
    assert_eq!(seen(), start);
    // Two passes before a step are two moves.
    pass(&input());
    net.take_in().unwrap();
    pass(&input());
    net.take_in().unwrap();
    let twice = seen();
    net.take_in().unwrap();
    assert_eq!(seen(), twice);
    let (other, others) = build(1);
    for _ in 0..2 {
        let mut rng = stream(1, Purpose::Dropout);
        other.forward(&input(), &[], Pass::Train(&mut rng), &mut Workspace::default()).unwrap();
    }
    other.take_in().unwrap();
    let all = |params: &Params| {
        params.all().into_iter().flat_map(|(_, var)| bits(&var)).collect::<Vec<_>>()
    };
    assert_eq!(all(&params), all(&others));
    // A batch whose variance is beyond every f32.
    pass(&(input() * 1e30).unwrap());
    assert!(!net.seen_is_finite().unwrap());
    net.forget();
    assert!(net.seen_is_finite().unwrap() && seen() == twice);
}

#[test]
fn a_frozen_net_has_no_gradients_of_its_own() {
    let (net, params) = build(1);
    let mut ws = Workspace::default();
    let trace =
        net.trace(&input(), &[], Pass::Frozen(&mut stream(1, Purpose::Dropout)), &mut ws).unwrap();
    let (slope, mut gradients) = (trace.output().ones_like().unwrap(), GradStore::default());
    let input = trace.backward(slope, true, &mut gradients, &mut ws).unwrap();
    assert_eq!(input.unwrap().dims(), [4, 3]);
    assert!(params.all().iter().all(|(_, var)| gradients.get(var).is_none()));
}

#[test]
fn first_weights_have_the_deviation_asked_for() {
    for (init, deviation) in
        [(Init::He, (2f64 / 400.).sqrt()), (Init::Torch, 1. / (400f64 * 3.).sqrt())]
    {
        let params = Params::new(stream(1, Purpose::Weights));
        let layer = vec![Layer::Dense { outputs: 300, activation: Activation::Relu }];
        Net::build(layer, Shape::row(400), init, &params.builder(DType::F64)).unwrap();
        let weights = params.all()[0].1.flatten_all().unwrap().to_vec1::<f64>().unwrap();
        let variance = weights.iter().map(|w| w * w).sum::<f64>() / weights.len() as f64;
        assert!((variance.sqrt() / deviation - 1.).abs() < 0.01, "{init:?}");
    }
}
