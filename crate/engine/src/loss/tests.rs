//! Losses compared with their papers, PyTorch and central differences.

use super::*;

const PLAIN: Targets = Targets { real: 1., fake: 0., generator: 1. };

/// D's two terms and G's loss for the logits [-2, 0.5, 3], both of real and of
/// generated images.
fn values(loss: Loss, targets: Targets) -> [f64; 3] {
    let x = [-2f32, 0.5, 3.];
    let scores = Scores { real: &x, fake: &x };
    let of_d = loss.discriminator(&scores, targets, 1.);
    [of_d.real, of_d.fake, loss.generator(&scores, targets, 1.).value]
}

fn close(got: [f64; 3], want: [f64; 3]) {
    assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-6), "{got:?}, {want:?}");
}

/// torch.nn.functional.binary_cross_entropy_with_logits against 1, 0 and 0.9.
#[test]
fn values_equal_binary_cross_entropy() {
    close(values(Loss::NonSaturating, PLAIN), [0.883_197_4, 1.383_197_4, 0.883_197_4]);
    close(values(Loss::Minimax, PLAIN), [0.883_197_4, 1.383_197_4, -1.383_197_4]);
    let smooth = Targets { real: 0.9, ..PLAIN };
    close(values(Loss::NonSaturating, smooth), [0.933_197_4, 1.383_197_4, 0.883_197_4]);
}

/// By hand: (9 + 0.25 + 4) / 6 and so on.
#[test]
fn other_losses_have_the_values_of_their_papers() {
    close(values(Loss::LeastSquares, PLAIN), [13.25 / 6., 13.25 / 6., 13.25 / 6.]);
    let pearson = Targets { real: 1., fake: -1., generator: 0. };
    close(values(Loss::LeastSquares, pearson), [13.25 / 6., 19.25 / 6., 13.25 / 6.]);
    close(values(Loss::Wasserstein, PLAIN), [-0.5, 0.5, -0.5]);
    close(values(Loss::Hinge, PLAIN), [3.5 / 3., 5.5 / 3., -0.5]);
}

/// By hand: softplus of -1 and of 3.
#[test]
fn relativistic_loss_compares_pairs() {
    let scores = Scores { real: &[1f32, -2.], fake: &[0., 1.] };
    let d = Loss::Relativistic.discriminator(&scores, PLAIN, 1.);
    let g = Loss::Relativistic.generator(&scores, PLAIN, 1.);
    let (of_lead, of_lag) = (0.313_261_7 + 3.048_587_4, 1.313_261_7 + 0.048_587_35);
    close([d.real, d.fake, g.value], [of_lead / 4., of_lead / 4., of_lag / 2.]);
}

#[test]
fn losses_and_slopes_are_finite_for_huge_logits() {
    for loss in Loss::ALL {
        let (x, others) = ([-1e3f32, 1e3, 0.], [1e3, 1e3, -1e3]);
        for target in [1., 0.9] {
            let targets = Targets { real: target, ..PLAIN };
            let (ahead, behind) =
                (Scores { real: &others, fake: &x }, Scores { real: &x, fake: &others });
            let fake = loss.discriminator(&ahead, targets, 1.);
            let real = loss.discriminator(&behind, targets, 1.);
            let g = loss.generator(&ahead, targets, 1.);
            // Only the derivative of a square grows, as fast as the logit.
            let most = if loss == Loss::LeastSquares { 1e3 } else { 1. };
            for (value, slopes) in
                [(real.real, real.by_real), (fake.fake, fake.by_fake), (g.value, g.by_fake)]
            {
                assert!(value.is_finite());
                assert!(
                    slopes.iter().all(|g| g.is_finite() && g.abs() <= most),
                    "{loss:?}: {:?}",
                    &slopes[..]
                );
            }
        }
    }
}

#[test]
fn losses_propagate_nan() {
    let x = [f32::NAN, 0.];
    for loss in Loss::ALL {
        let scores = Scores { real: &x, fake: &x };
        let d = loss.discriminator(&scores, PLAIN, 1.);
        assert!(d.real.is_nan() && d.fake.is_nan(), "{loss:?}");
        assert!(loss.generator(&scores, PLAIN, 1.).value.is_nan(), "{loss:?}");
    }
}

/// At points where the losses have no kink.
#[test]
fn slopes_equal_central_differences() {
    let targets = Targets { real: 0.9, fake: -0.2, generator: 0.7 };
    let (at, others) = ([-2., 0.5, 3.], [0.3, -0.4, 2.]);
    for loss in Loss::ALL {
        let of = |real: &[f64], fake: &[f64]| {
            let scores = Scores { real, fake };
            let d = loss.discriminator(&scores, targets, 1.);
            (d, loss.generator(&scores, targets, 2.))
        };
        let (d, g) = of(&at, &others);
        let (by_real, by_fake, g_by_fake) = (d.by_real, d.by_fake, g.by_fake);
        for i in 0..3 {
            let moved = |values: [f64; 3], by: f64| {
                let mut values = values;
                values[i] += by;
                values
            };
            let slope = |value: &dyn Fn(f64) -> f64| (value(1e-5) - value(-1e-5)) / 2e-5;
            let d_real = slope(&|by| {
                let d = of(&moved(at, by), &others).0;
                d.real + d.fake
            });
            let d_fake = slope(&|by| {
                let d = of(&at, &moved(others, by)).0;
                d.real + d.fake
            });
            let g_fake = slope(&|by| of(&at, &moved(others, by)).1.value);
            for (ours, theirs) in
                [(by_real[i], d_real), (by_fake[i], d_fake), (g_by_fake[i], g_fake)]
            {
                assert!((ours - theirs).abs() < 1e-8, "{loss:?}: {ours}, {theirs}");
            }
        }
    }
}

#[test]
fn distance_is_the_weighted_mean_absolute_difference() {
    let (value, slopes) = distance(&[1f32, -2.], &[0.5, 1.], 3.);
    assert_eq!((value, &slopes[..]), (3. * 3.5 / 2., &[1.5f32, -1.5][..]));
}

/// Each term of the facts is the mean that the losses compute. The neutral
/// score of least squares is (b + a) / 2.
#[test]
fn facts_hold_the_formulas_of_the_losses() {
    let targets = Targets { real: 0.9, fake: -0.2, generator: 0.7 };
    let (x, y) = ([-2., 0.5, 3., 1.25], [0.3, -0.4, 2., -1.5]);
    let scores = Scores { real: &x, fake: &y };
    let means = [x, y].map(|scores| scores.iter().sum::<f64>() / 4.);
    let mean = |term: &Term| {
        let each = |i: usize| term.each.value(targets, At { scores: [x[i], y[i]], means });
        term.weight * (0..4).map(each).sum::<f64>() / 4.
    };
    for loss in Loss::ALL {
        let facts = loss.facts();
        let d = loss.discriminator(&scores, targets, 1.);
        let g = loss.generator(&scores, targets, 1.);
        let [on_real, on_fake] = match facts.real {
            Some(real) => [mean(&real), mean(&facts.fake)],
            None => [mean(&facts.fake) / 2.; 2],
        };
        let of_g: f64 = facts.generator.iter().map(mean).sum();
        for (ours, theirs) in [(d.real, on_real), (d.fake, on_fake), (g.value, of_g)] {
            assert!((ours - theirs).abs() < 1e-12, "{loss:?}: {ours}, {theirs}");
        }
    }
    let square = Loss::LeastSquares.middle(targets).unwrap();
    assert!((square - 0.35).abs() < 1e-12);
    assert_eq!((Loss::Hinge.middle(targets), Loss::Wasserstein.middle(targets)), (Some(0.), None));
}
