//! Operations that rearrange numbers, and the tangents of all operations that
//! have one.

use super::*;

fn moved(op: &impl Operation<f32>, rows: usize, x: &[f32]) -> Vec<f32> {
    let x = Batch::new(rows, x);
    op.forward(&x, Weights::default(), &mut Workspace::default()).unwrap().numbers().to_vec()
}

#[test]
fn maxout_gives_the_maximum_and_passes_the_gradient_to_it() {
    let at = Inputs::new([3, 12], [0, 0], 1);
    for pieces in [1, 2, 3, 12] {
        let worst = at.worst(|| Maxout { pieces });
        assert!(worst < 1e-6, "{pieces} pieces: {worst}");
    }
    let y = moved(&Maxout { pieces: 3 }, 1, &[1., 5., 5., -2., f32::NAN, 3.]);
    assert!(y[0] == 5. && y[1].is_nan(), "{y:?}");
    assert!(at.run(&Maxout { pieces: 5 }).is_err() && at.run(&Maxout { pieces: 0 }).is_err());
}

#[test]
fn pack_stacks_images_as_channels() {
    // Two images of two pixels and two channels.
    let y = moved(&Pack { count: 2, channels: 2 }, 2, &[1., 2., 3., 4., 5., 6., 7., 8.]);
    assert_eq!(y, [1., 2., 5., 6., 3., 4., 7., 8.]);
    let at = Inputs::new([6, 12], [0, 0], 1);
    for (count, channels) in [(1, 3), (2, 1), (3, 4), (6, 12)] {
        assert!(at.worst(|| Pack { count, channels }) < 1e-6);
    }
    assert!(at.run(&Pack { count: 4, channels: 1 }).is_err());
    assert!(at.run(&Pack { count: 2, channels: 5 }).is_err());
}

#[test]
fn constants_are_concatenated_to_each_pixel() {
    let op = Concat { channels: 1, constants: vec![0.5, 0.25], more: 1 };
    let y = moved(&op, 2, &[1., 2., 3., 4.]);
    assert_eq!(y, [1., 0.5, 2., 0.5, 3., 0.25, 4., 0.25]);
    let at = Inputs::new([2, 6], [0, 0], 1);
    let wider = || Concat { channels: 3, constants: vec![1., -1., 0.5, 2.], more: 2 };
    assert!(at.worst(wider) < 1e-6);
    let refused = |channels, count, more| {
        at.run(&Concat { channels, constants: vec![1.; count], more }).is_err()
    };
    assert!(refused(4, 4, 2) && refused(3, 3, 2));
}

/// Tests every operation that has a tangent, in the direction of its input.
#[test]
fn tangents_equal_central_differences() {
    fn check(op: &impl Operation<f64>, inputs: &Inputs) {
        let (x, ws) = (inputs.x(), &mut Workspace::default());
        let y = inputs.run(op).unwrap();
        let direction = Batch::new(x.rows(), numbers(x.numbers().len(), 9));
        let call = Call { x: &x, weights: inputs.weights(), y: &y };
        let moved = op.tangent(call, &direction, ws).unwrap();
        let at = |step: f64| {
            let mut inputs = inputs.clone();
            inputs.all.iter_mut().zip(direction.numbers()).for_each(|(x, d)| *x += step * d);
            inputs.run(op).unwrap().numbers().to_vec()
        };
        let difference: Vec<f64> =
            at(1e-5).iter().zip(at(-1e-5)).map(|(above, below)| (above - below) / 2e-5).collect();
        close(moved.numbers(), &difference, 1e-8);
    }
    for activation in [Activation::Identity, Activation::Relu, Activation::LeakyRelu] {
        check(&Dense(activation), &Inputs::new([5, 3], [12, 4], 1));
        for window in WINDOWS {
            let at = Inputs::new([2, window.image()], [window.columns() * 3, 3], 4);
            check(&Conv { window, activation }, &at);
        }
    }
    let x = Inputs::new([4, 6], [0, 0], 7);
    check(&Dropout::draw(24, 0..24, 0.4, &mut ChaCha8Rng::seed_from_u64(1)).unwrap(), &x);
    check(&AddNoise::draw(24, 0..24, 0.4, &mut ChaCha8Rng::seed_from_u64(1)), &x);
    check(&Maxout { pieces: 3 }, &x);
    check(&Pack { count: 2, channels: 3 }, &x);
    check(&Concat { channels: 2, constants: vec![1.; 8], more: 2 }, &x);
}

#[test]
fn operations_with_a_changing_slope_refuse_a_tangent() {
    fn refused(op: &impl Operation<f64>, inputs: &Inputs) -> bool {
        let (x, y) = (inputs.x(), inputs.run(op).unwrap());
        let call = Call { x: &x, weights: inputs.weights(), y: &y };
        op.tangent(call, &x, &mut Workspace::default()).is_err()
    }
    assert!(refused(&Dense(Activation::Sigmoid), &Inputs::new([5, 3], [12, 4], 1)));
    assert!(refused(&BatchNorm::train(Activation::Relu), &Inputs::new([5, 3], [3, 3], 1)));
}
