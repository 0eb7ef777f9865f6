//! Directions of a net with known directions; inversions of generated images.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::data::{PIXELS, Sample, Shape};
use crate::net::{Init, Layer};
use crate::op::Activation;
use crate::params::first_weights;
use crate::rng::{Noise, Purpose, stream};

/// A generator with latent vectors of N numbers: the first layer scales them by
/// `stretch`, the second writes them into 784 pixels.
fn generator<const N: usize>(stretch: [f32; N], write: impl Fn(usize, usize) -> f32) -> Net {
    let layers = vec![
        Layer::Dense { outputs: N, activation: Activation::Identity },
        Layer::Dense { outputs: PIXELS, activation: Activation::Sigmoid },
    ];
    let vb = first_weights(stream(1, Purpose::Weights));
    let mut net = Net::build(layers, Shape::row(N), Init::He, &vb).unwrap();
    let weights = net.params_mut().weights_mut();
    let (first, rest) = weights.split_at_mut(N * N);
    for (i, weight) in first.iter_mut().enumerate() {
        *weight = if i % (N + 1) == 0 { stretch[i / N] } else { 0. };
    }
    // After the first layer's biases.
    for (i, weight) in rest[N..N + N * PIXELS].iter_mut().enumerate() {
        *weight = write(i / PIXELS, i % PIXELS);
    }
    net
}

/// Latent vectors without modes.
fn numbers(numbers: usize, noise: Noise) -> Latents {
    Latents { numbers, noise, modes: 0 }
}

fn directions(net: &Net) -> Directions {
    let mut ws = Workspace::default();
    Directions::of(&mut LatentGenerator {
        net,
        latents: numbers(4, Noise::Normal),
        classes: 0,
        shape: Sample::DIGIT.shape,
        workspace: &mut ws,
    })
    .unwrap()
}

#[test]
fn directions_are_the_axes_that_vary_most() {
    let net = generator([1., 3., 0.5, 2.], |_, _| 0.1);
    let found = directions(&net);
    assert_eq!(found.shares.len(), 4, "at most the dimensions of a latent vector");
    // Variances are the squares of the stretches, with a sum of 14.25.
    for ((axis, share), (vector, got)) in [(1, 9.), (3, 4.), (0, 1.), (2, 0.25)]
        .iter()
        .zip(found.vectors.chunks(4).zip(&found.shares))
    {
        let expected: f32 = share / 14.25;
        assert!((got - expected).abs() < 1e-4, "{got} for {expected}");
        for (i, &x) in vector.iter().enumerate() {
            let expected = if i == *axis { 1. } else { 0. };
            assert!((x - expected).abs() < 1e-2, "{vector:?} is not axis {axis}");
        }
        let length: f32 = vector.iter().map(|x| x * x).sum();
        assert!((length - 1.).abs() < 1e-5);
    }
    assert_eq!(directions(&net), found, "directions are deterministic");
}

#[test]
fn effects_name_what_a_direction_changes() {
    // Latent 0 adds ink everywhere; 1 at the top right and bottom left; 2 at
    // the sides; 3 at top and bottom.
    let far = |place: usize| (place as f32 - 13.5).abs() > 7.;
    let write = |latent, pixel: usize| {
        let (x, y) = (pixel % 28, pixel / 28);
        let right_up = (x > 13) == (y < 14);
        match latent {
            0 => 0.4,
            1 => {
                if right_up {
                    0.4
                } else {
                    -0.4
                }
            }
            2 => {
                if far(x) {
                    0.4
                } else {
                    -0.4
                }
            }
            _ => {
                if far(y) {
                    0.4
                } else {
                    -0.4
                }
            }
        }
    };
    let net = generator([4., 3., 2., 1.], write);
    for (i, effects) in directions(&net).effects.iter().enumerate() {
        let strongest = (0..EFFECTS).max_by(|&a, &b| effects[a].abs().total_cmp(&effects[b].abs()));
        assert_eq!(strongest, Some(i), "{effects:?}");
        assert!(effects[i] > 0.5, "{effects:?}");
    }
}

#[test]
fn inversion_finds_the_latent_vector_of_a_generated_image() {
    for noise in [Noise::Normal, Noise::Uniform] {
        let net = generator([1.; 4], |latent, pixel| ((pixel * (latent + 3)) as f32).sin());
        let mut ws = Workspace::default();
        let mut maker = LatentGenerator {
            net: &net,
            latents: numbers(4, noise),
            classes: 0,
            shape: Sample::DIGIT.shape,
            workspace: &mut ws,
        };
        let latent = [0.5, -1.2, 1.6, 0.1];
        let target = maker.make(&latent, &[]).unwrap();
        let mut search = Inversion::new(&maker, target, 0);
        assert!(search.best().2.is_infinite());
        search.step(&mut maker).unwrap();
        let first = search.best().2;
        while !search.done() {
            search.step(&mut maker).unwrap();
        }
        let (found, image, error) = search.best();
        assert!(error < 1e-6 && error < first / 100., "{error} after {first}");
        assert!(found.iter().zip(latent).all(|(a, b)| (a - b).abs() < 0.02), "{found:?}");
        assert_eq!(image.len(), PIXELS);
        assert!(found.iter().all(|z| z.abs() <= noise.reach().min(3.)));
        // The generator can be replaced during a search.
        maker.latents.numbers = 3;
        search.step(&mut maker).unwrap();
        assert!(search.done());
    }
}

/// With a generator of 4 numbers and 2 modes.
#[test]
fn inversion_keeps_modes_and_directions_exclude_them() {
    // The modes have a far larger effect than the numbers.
    let net = generator([1., 3., 0.5, 2., 9., 9.], |latent, pixel| {
        ((pixel * (latent + 3)) as f32).sin() / 4.
    });
    let mut ws = Workspace::default();
    let latents = Latents { numbers: 4, noise: Noise::Normal, modes: 2 };
    let mut maker = LatentGenerator {
        net: &net,
        latents,
        classes: 0,
        shape: Sample::DIGIT.shape,
        workspace: &mut ws,
    };

    let found = Directions::of(&mut maker).unwrap();
    assert_eq!((found.vectors.len(), found.shares.len()), (4 * 6, 4));
    for (vector, axis) in found.vectors.chunks_exact(6).zip([1, 3, 0, 2]) {
        assert!(vector[axis] > 0.99 && vector[4..] == [0., 0.], "{vector:?}");
    }

    let latent = [0.5, -1.2, 1.6, 0.1, 0., Latents::MODE];
    let target = maker.make(&latent, &[]).unwrap();
    let mut search = Inversion::new(&maker, target, 0);
    while !search.done() {
        search.step(&mut maker).unwrap();
    }
    let (nearest, _, error) = search.best();
    assert!(error < 1e-6, "{error}");
    assert!(nearest[4..] == [0., Latents::MODE], "{nearest:?}");
    assert!(nearest.iter().zip(latent).all(|(a, b)| (a - b).abs() < 0.02), "{nearest:?}");
}
