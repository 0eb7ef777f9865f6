//! Which phases move which weights, to the bit, and both sides' gradients
//! against central differences in f64.

use std::ops::Range;

use super::update::{Side, of_discriminators, of_translators};
use super::{Side as Domain, *};
use crate::data::{PIXELS, Sample};
use crate::kernel::Workspace;
use crate::loss::Loss;
use crate::net::{Net, Pass};
use crate::op::gradient::worst_error;
use crate::params::first_weights;
use crate::recipe::{ALL, Hyper, Kind, Recipe, Trainer};
use crate::rng::{Purpose, stream};
use crate::train::trained_net::TrainedNet;

/// The recipe of this trainer.
fn recipe() -> &'static Recipe {
    ALL.iter().find(|recipe| recipe.trainer == Trainer::Cycle).unwrap()
}

fn config(knobs: &[(&'static str, &'static str)]) -> Config {
    let narrow = [("batch", "4"), ("g_channels", "2"), ("d_channels", "2")];
    Config::new(recipe().id, 1, narrow.into_iter().chain(knobs.iter().copied())).unwrap()
}

/// Digests of both translators, then of both discriminators: weights and
/// moments.
fn bits(cycle: &Cycle) -> [u64; 2] {
    let digest = |player: fn(&Half) -> &TrainedNet| {
        let mut state = State::default();
        for (half, name) in cycle.halves.iter().zip(["a", "b"]) {
            player(half).save(name, &mut state).unwrap();
        }
        state.digest().unwrap()
    };
    [digest(|half| &half.pair.g), digest(|half| &half.pair.d)]
}

#[test]
fn update_of_one_side_leaves_the_other_unchanged() {
    let mut cycle = Cycle::new(&config(&[("identity", "1")])).unwrap();
    let mut data = Dataset::drawn();
    let mut moves = Vec::new();
    loop {
        let (phase, before) = (cycle.progress.phase, bits(&cycle));
        let outcome = cycle.advance(&mut data).unwrap();
        let after = bits(&cycle);
        for side in 0..2 {
            if before[side] != after[side] {
                moves.push((phase, side));
            }
        }
        if outcome == StepOutcome::Done {
            break;
        }
    }
    assert_eq!(moves, [(Phase::GUpdate, 0), (Phase::DUpdate, 1)]);
}

/// A net of f64 weights.
fn net(layers: Vec<crate::net::Layer>, seed: u32) -> Net<f64> {
    let vb = first_weights(stream(seed, Purpose::Weights));
    Net::build(layers, Sample::DIGIT.shape, recipe().g_init, &vb).unwrap()
}

/// Translators into A and B, discriminators of A and B.
type Nets = [Net<f64>; 4];

/// Checks that the gradients of both rows add up to that of the batch.
fn parts_add_up(nets: &Nets, real: &[Batch<f64>; 2], hyper: &Hyper, knobs: &[(&str, &str)]) {
    for translators in [true, false] {
        let of = |rows| loss(nets, real, rows, hyper, translators);
        let (whole, parts) = (of(0..2), [of(0..1), of(1..2)]);
        assert!((parts[0].0 + parts[1].0 - whole.0).abs() < 1e-12 * whole.0.abs(), "{knobs:?}");
        for side in 0..2 {
            let sums = parts[0].1[side].iter().zip(&parts[1].1[side]).map(|(a, b)| a + b);
            for (sum, whole) in sums.zip(&whole.1[side]) {
                assert!((sum - whole).abs() < 1e-11, "{knobs:?}: {sum} is not {whole}");
            }
        }
    }
}

/// The passes of an iteration for its two updates, of some rows.
fn passes(
    nets: &Nets,
    real: &[Batch<f64>; 2],
    rows: Range<usize>,
    hyper: &Hyper,
) -> [Work<f64>; 2] {
    let of = real[0].rows();
    let real = real.each_ref().map(|real| real.part(rows.clone()));
    let pass = |net: usize, x: &Batch<f64>| {
        let masks = nets[net].masks(of, &mut stream(1, Purpose::Dropout)).part(rows.clone());
        let ws = &mut Workspace::default();
        Some(nets[net].trace(x, &[], Pass::Train(&masks), ws).unwrap())
    };
    let fakes = [0, 1].map(|side| pass(side, &real[1 - side]).unwrap());
    let outputs = fakes.each_ref().map(|fake| fake.output().clone());
    let mut side = 0;
    fakes.map(|fake| {
        let work = Work {
            cycled: pass(side, &outputs[1 - side]),
            same: if hyper.identity > 0. { pass(side, &real[side]) } else { None },
            scored: pass(2 + side, &outputs[side]),
            real_scores: pass(2 + side, &real[side]),
            fake_scores: pass(2 + side, &outputs[side]),
            real: Some(real[side].clone()),
            fake: Some(fake),
            push: None,
        };
        side += 1;
        work
    })
}

/// The loss of the translators, or of the discriminators, and the gradients by
/// the weights of both, of some rows.
fn loss(
    nets: &Nets,
    real: &[Batch<f64>; 2],
    rows: Range<usize>,
    hyper: &Hyper,
    translators: bool,
) -> (f64, [Vec<f64>; 2]) {
    let share = rows.len() as f64 / real[0].rows() as f64;
    let work = passes(nets, real, rows, hyper);
    let first = if translators { 0 } else { 2 };
    let mut gradients = [0, 1].map(|side| vec![0.; nets[first + side].params().weights().len()]);
    let [a, b] = &mut gradients;
    let mut side = 0;
    let sides = [a, b].map(|gradient| {
        let at = side;
        side += 1;
        Side { learner: &nets[first + at], d: &nets[2 + at], work: &work[at], gradient }
    });
    let ws = &mut Workspace::default();
    let (one, other) = if translators {
        let (game, cycle, _) = of_translators(sides, hyper, share, ws).unwrap();
        (game, cycle)
    } else {
        of_discriminators(sides, hyper, share, ws).unwrap()
    };
    (one + other, gradients)
}

#[test]
fn gradients_of_both_sides_match_central_differences() {
    let mut all: Vec<Vec<(&str, &str)>> = vec![
        vec![("identity", "0"), ("cycle", "0")],
        vec![("identity", "0")],
        vec![("identity", "0.2"), ("blocks", "2")],
        vec![("identity", "0.2"), ("g_norm", "false"), ("d_norm", "false"), ("loss", "hinge")],
        vec![("identity", "0"), ("loss", "wasserstein"), ("d_noise", "0.2")],
    ];
    // Every choice and flag that enters the loss: not the domains, the
    // optimiser and spectral normalisation.
    for knob in
        recipe().knobs().filter(|knob| !["domains", "optimizer", "spectral"].contains(&knob.key))
    {
        let options = match knob.kind {
            Kind::Flag => &["true", "false"][..],
            _ => knob.options(&recipe().hyper),
        };
        all.extend(options.iter().map(|option| vec![("identity", "0.2"), (knob.key, *option)]));
    }
    assert!(all.iter().any(|knobs| knobs.contains(&("loss", "relativistic"))));
    for knobs in all {
        // Weights of 10 and 5 make a loss so large that its rounding shows in
        // the differences.
        let hyper = config(&knobs).hyper;
        // With kernels of 4 a kink lies within 1e-6 of some weight for every
        // seed (1, 5, 9, 21, 33 were tried): the comparison of ten losses with
        // PyTorch covers those.
        let hyper = Hyper { cycle: hyper.cycle.min(0.7), g_down: 3, ..hyper };
        let (g, d) = (
            (recipe().generator)(&hyper, Sample::DIGIT),
            (recipe().discriminator)(&hyper, Sample::DIGIT),
        );
        let mut nets = [(g.clone(), 1), (g, 2), (d.clone(), 3), (d, 4)]
            .map(|(layers, seed)| net(layers, seed));
        let mut data = Dataset::drawn();
        let real = Domain::ALL.map(|side| {
            let views = show::views(hyper.domains, side, 0..2, &mut data);
            let pixels: Vec<f64> = views.iter().map(|&pixel| f64::from(pixel) / 255.).collect();
            Batch::new(2, pixels)
        });
        // A loss of means over the batch is not a sum over its rows.
        if hyper.loss != Loss::RelativisticAverage {
            parts_add_up(&nets, &real, &hyper, &knobs);
        }
        for learner in 0..4 {
            let translators = learner < 2;
            let gradient = loss(&nets, &real, 0..2, &hyper, translators).1[learner % 2].clone();
            let trained = nets[learner].params().trained();
            let parts: Vec<_> = trained.map(|variable| variable.range.clone()).collect();
            let worst = worst_error(
                &mut nets,
                |nets| nets[learner].params_mut().weights_mut(),
                &parts,
                &gradient,
                |nets| loss(nets, &real, 0..2, &hyper, translators).0,
            );
            assert!(worst < 1e-6, "{knobs:?}, net {learner}: {worst}");
        }
    }
}

#[test]
fn one_image_is_refused_for_two_domains() {
    let mut data = Dataset::files(false);
    data.push_images(&crate::data::idx::write_images(&[9; PIXELS])).unwrap();
    data.close().unwrap();
    let mut cycle = Cycle::new(&config(&[])).unwrap();
    assert_eq!(cycle.advance(&mut data).unwrap_err().code(), "needs-halves");
}

#[test]
fn preview_shows_disjoint_halves_translated_there_and_back_and_the_truth() {
    let mut cycle = Cycle::new(&config(&[("domains", "invert")])).unwrap();
    let mut data = Dataset::drawn();
    let shown = cycle.preview(&mut data).unwrap();
    let cell = |i: usize| &shown[i * PIXELS..][..PIXELS];
    assert_eq!(cell(0), data.digit(0));
    assert!(cell(3).iter().zip(cell(0)).all(|(truth, digit)| truth + digit == 255));
    assert!(cell(4).iter().zip(data.digit(1)).all(|(given, digit)| given + digit == 255));
    assert_eq!(cell(7), data.digit(1));
    assert_eq!(cell(8), data.digit(2));
}

#[test]
fn iteration_view_has_images_of_both_domains_and_one_score_per_image() {
    let mut cycle = Cycle::new(&config(&[("domains", "invert"), ("batch", "16")])).unwrap();
    let mut data = Dataset::drawn();
    while cycle.advance(&mut data).unwrap() == StepOutcome::Ongoing {}
    let view = cycle.iteration();
    let sizes = [view.real.len(), view.fake.len(), view.push.len()];
    assert_eq!(sizes, [16 * PIXELS; 3]);
    assert_eq!((view.real_scores.len(), view.fake_scores.len()), (16, 16));
    // Inverted digits (B) are mostly ink, those of A mostly background.
    let ink = |digits: &[u8]| {
        digits.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / digits.len() as f64
    };
    let (b, a) = view.real.split_at(8 * PIXELS);
    assert!(ink(b) > 150. && ink(a) < 100., "{} {}", ink(b), ink(a));
}
