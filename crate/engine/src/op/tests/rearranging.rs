//! Operations that move numbers rather than compute, and the tangents of all
//! that have one.

use super::*;
use crate::kernel::Workspace;

#[test]
fn maxout_takes_the_greatest_and_sends_its_gradient_there() {
    let x = variable(&[3, 12], 1).unwrap();
    for pieces in [1, 2, 3, 12] {
        let worst = worst_error(std::slice::from_ref(&x), || mixed(&maxout(&x, pieces)?)).unwrap();
        assert!(worst < 1e-6, "{pieces} pieces: {worst}");
    }
    let row = Tensor::new(&[[1f32, 5., 5., -2., f32::NAN, 3.]], &Device::Cpu).unwrap();
    let y = maxout(&row, 3).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    assert!(y[0] == 5. && y[1].is_nan(), "{y:?}");
    assert!(maxout(&x, 5).is_err() && maxout(&x, 0).is_err());
}

#[test]
fn packs_are_the_channels_of_one_image() {
    // Two images of two pixels and two channels.
    let x = Tensor::new(&[[1f32, 2., 3., 4.], [5., 6., 7., 8.]], &Device::Cpu).unwrap();
    let y = pack(&x, 2, 2).unwrap();
    assert_eq!(y.to_vec2::<f32>().unwrap(), [[1., 2., 5., 6., 3., 4., 7., 8.]]);
    let x = variable(&[6, 12], 1).unwrap();
    for (count, channels) in [(1, 3), (2, 1), (3, 4), (6, 12)] {
        let packed = || mixed(&pack(&x, count, channels)?);
        assert!(worst_error(std::slice::from_ref(&x), packed).unwrap() < 1e-6);
    }
    assert!(pack(&x, 4, 1).is_err() && pack(&x, 2, 5).is_err());
}

#[test]
fn constants_stand_beside_each_pixel() {
    let x = Tensor::new(&[[1f32, 2.], [3., 4.]], &Device::Cpu).unwrap();
    let y = beside(&x, 1, vec![0.5, 0.25], 1).unwrap();
    assert_eq!(y.to_vec2::<f32>().unwrap(), [[1., 0.5, 2., 0.5], [3., 0.25, 4., 0.25]]);
    let x = variable(&[2, 6], 1).unwrap();
    let wider = || mixed(&beside(&x, 3, vec![1., -1., 0.5, 2.], 2)?);
    assert!(worst_error(std::slice::from_ref(&x), wider).unwrap() < 1e-6);
    assert!(beside(&x, 4, vec![1.; 4], 2).is_err() && beside(&x, 3, vec![1.; 3], 2).is_err());
}

/// The tangent of each operation that has one, against what a small move of its
/// first argument does.
#[test]
fn tangents_are_what_small_moves_do() {
    fn check<O: Operation<N>, const N: usize>(op: &O, vars: [&Var; N]) {
        let mut ws = Workspace::default();
        let args = vars.map(Var::as_tensor);
        let result = run(op, args, &mut ws).unwrap();
        let direction = variable(args[0].dims(), 9).unwrap();
        let moved = tangent(op, args, &result, &direction, &mut ws).unwrap();
        let mut at = |step: f64| {
            let mut args = args;
            let first = (args[0] + (direction.as_tensor() * step).unwrap()).unwrap();
            args[0] = &first;
            run(op, args, &mut ws).unwrap()
        };
        let difference = ((at(1e-5) - at(-1e-5)).unwrap() / 2e-5).unwrap();
        close(&moved, &difference, 1e-8);
    }
    let number = |shape: &[usize], seed| variable(shape, seed).unwrap();
    for activation in [Activation::Identity, Activation::Relu, Activation::LeakyRelu] {
        let (x, w, b) = (number(&[5, 3], 1), number(&[3, 4], 2), number(&[4], 3));
        check(&Dense(activation), [&x, &w, &b]);
        for window in WINDOWS {
            let x = number(&[2, window.image()], 4);
            check(
                &Conv { window, activation },
                [&x, &number(&[window.columns(), 3], 5), &number(&[3], 6)],
            );
        }
    }
    let x = number(&[4, 6], 7);
    check(&Dropout::draw(24, 0.4, &mut ChaCha8Rng::seed_from_u64(1)).unwrap(), [&x]);
    check(&AddNoise::draw(24, 0.4, &mut ChaCha8Rng::seed_from_u64(1)), [&x]);
    check(&Maxout { pieces: 3 }, [&x]);
    check(&Pack { count: 2, channels: 3 }, [&x]);
    check(&Beside { channels: 2, constants: vec![1.; 8], more: 2 }, [&x]);
}

#[test]
fn what_is_curved_has_no_tangent() {
    let (x, w, b) =
        (variable(&[5, 3], 1).unwrap(), variable(&[3, 4], 2).unwrap(), variable(&[4], 3).unwrap());
    let mut ws = Workspace::default();
    let op = Dense(Activation::Tanh);
    let y = run(&op, [&x, &w, &b], &mut ws).unwrap();
    assert!(tangent(&op, [&x, &w, &b], &y, &x, &mut ws).is_err());
    let (op, gamma) = (BatchNorm::train(Activation::Relu), variable(&[3], 4).unwrap());
    let y = run(&op, [&x, &gamma, &gamma], &mut ws).unwrap();
    assert!(tangent(&op, [&x, &gamma, &gamma], &y, &x, &mut ws).is_err());
}
