//! Every recipe as a whole: the gradients of both players' losses against
//! central differences in f64.

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Tensor, Var};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::data::PIXELS;
use crate::kernel::Workspace;
use crate::loss::Scores;
use crate::net::penalty::{self, Penalty, PenaltyTarget};
use crate::net::{Net, Pass, Trace};
use crate::op::gradient::worst_error_of;
use crate::params::Params;
use crate::rng::{Purpose, stream};

/// A net of f64 weights, and the variables that its player moves.
fn net(layers: Vec<Layer>, input: Shape, init: Init, seed: u32) -> (Net, Vec<Var>) {
    let params = Params::new(stream(seed, Purpose::Weights));
    let net = Net::build(layers, input, init, &params.builder(DType::F64)).unwrap();
    (net, params.trained().into_iter().map(|(_, var)| var).collect())
}

fn batch(columns: usize, seed: u32) -> Tensor {
    let mut values = vec![0f32; 4 * columns];
    crate::rng::uniforms(&mut stream(seed, Purpose::Latents), &mut values, 0., 1.);
    Tensor::from_vec(values, (4, columns), &Device::Cpu).unwrap().to_dtype(DType::F64).unwrap()
}

/// The classes of a batch.
const LABELS: [u8; 4] = [3, 1, 4, 1];

/// The same dropout masks at every call, so that the loss is one function.
fn masks() -> ChaCha8Rng {
    stream(1, Purpose::Dropout)
}

fn check(recipe: &Recipe, hyper: &Hyper, what: &str) {
    let latent = hyper.latents().width();
    let (g, g_vars) = net((recipe.generator)(hyper), Shape::row(latent), recipe.g_init, 1);
    let (d, d_vars) = net((recipe.discriminator)(hyper), DIGIT, recipe.d_init, 2);
    let (z, real) = (batch(latent, 3), batch(PIXELS, 4));
    let made = || g.trace(&z, &LABELS, Pass::Train(&mut masks()), &mut Workspace::default());

    let fake = made().unwrap().output().clone();
    let pass = |d: &Net, digits: &Tensor, pass: Pass| {
        d.trace(digits, &LABELS, pass, &mut Workspace::default())
    };
    let back = |pass: &Trace, slope: Tensor, wanted: bool, gradients: &mut GradStore| {
        pass.backward(slope, wanted, gradients, &mut Workspace::default()).unwrap()
    };
    let judged = || -> candle_core::Result<_> {
        let on_real = pass(&d, &real, Pass::Train(&mut masks()))?;
        let on_fake = pass(&d, &fake, Pass::Train(&mut masks()))?;
        let scores = Scores { real: on_real.output(), fake: on_fake.output() };
        Ok((hyper.loss.discriminator(&scores, hyper.targets)?, on_real, on_fake))
    };
    let (loss, on_real, on_fake) = judged().unwrap();
    let mut gradients = GradStore::default();
    back(&on_real, loss.by_real, false, &mut gradients);
    back(&on_fake, loss.by_fake, false, &mut gradients);
    let (between, at_real, at_fake) = (hyper.penalty > 0., hyper.r1 > 0., hyper.r2 > 0.);
    let flat = |trace: &Trace, weight| {
        Penalty::of(trace, PenaltyTarget::Flat, weight, &mut Workspace::default())
    };
    for (on, weight, trace) in [(at_real, hyper.r1, &on_real), (at_fake, hyper.r2, &on_fake)] {
        if on {
            let penalty = flat(trace, weight).unwrap();
            penalty.backward(trace, &mut gradients, &mut Workspace::default()).unwrap();
        }
    }
    let penalised = || -> candle_core::Result<_> {
        let mut mixing = stream(1, Purpose::Penalty);
        let points = penalty::between(&real, &fake, hyper.pack as usize, &mut mixing)?;
        let trace =
            d.trace(&points, &LABELS, Pass::Train(&mut masks()), &mut Workspace::default())?;
        Ok((
            Penalty::of(&trace, PenaltyTarget::One, hyper.penalty, &mut Workspace::default())?,
            trace,
        ))
    };
    if between {
        let (penalty, trace) = penalised().unwrap();
        penalty.backward(&trace, &mut gradients, &mut Workspace::default()).unwrap();
    }
    let whole = || -> candle_core::Result<f64> {
        let (loss, on_real, on_fake) = judged()?;
        let mut sum = loss.real + loss.fake;
        if at_real {
            sum += flat(&on_real, hyper.r1)?.value;
        }
        if at_fake {
            sum += flat(&on_fake, hyper.r2)?.value;
        }
        if between {
            sum += penalised()?.0.value;
        }
        Ok(sum)
    };
    let worst = worst_error_of(&d_vars, &gradients, whole).unwrap();
    assert!(worst < 1e-6, "{} {what}: D's gradient is off by {worst}", recipe.id);

    let played = || -> candle_core::Result<_> {
        let made = made()?;
        let on_fake = pass(&d, made.output(), Pass::Frozen(&mut masks()))?;
        let on_real = pass(&d, &real, Pass::Frozen(&mut masks()))?;
        let scores = Scores { real: on_real.output(), fake: on_fake.output() };
        Ok((hyper.loss.generator(&scores, hyper.targets, 1.)?, made, on_fake))
    };
    let (loss, made, on_fake) = played().unwrap();
    let mut gradients = GradStore::default();
    let push = back(&on_fake, loss.by_fake, true, &mut gradients).unwrap();
    back(&made, push, false, &mut gradients);
    let worst = worst_error_of(&g_vars, &gradients, || Ok(played()?.0.value)).unwrap();
    assert!(worst < 1e-6, "{} {what}: G's gradient is off by {worst}", recipe.id);
    assert!(
        d_vars.iter().all(|var| gradients.get(var).is_none()),
        "{}: D is held still",
        recipe.id
    );
}

/// The recipe with narrow nets, which take less time.
fn small(recipe: &Recipe) -> Hyper {
    let mut hyper = recipe.hyper;
    for (key, value) in [
        ("latent", "8"),
        ("g_hidden", "24-16"),
        ("d_hidden", "20-12"),
        ("g_channels", "3"),
        ("d_channels", "3"),
    ] {
        set(recipe, &mut hyper, key, value);
    }
    hyper
}

/// Turns a knob if the recipe has it.
fn set(recipe: &Recipe, hyper: &mut Hyper, key: &str, value: &str) {
    if let Ok(knob) = recipe.knob(key) {
        knob.set(hyper, value).unwrap();
    }
}

/// Everything that a knob of words or of yes and no can be set to. What
/// `spectral` does is a player's: train/player.rs checks its gradients.
fn options(knob: &Knob, recipe: &Recipe) -> Vec<&'static str> {
    match knob.kind {
        Kind::Flag => vec!["true", "false"],
        Kind::Choice => knob.options(&recipe.hyper).to_vec(),
        Kind::Number { .. } | Kind::Integer { .. } | Kind::Sizes => Vec::new(),
    }
}

#[test]
fn every_flag_and_every_word_is_an_option() {
    let of = |key: &str| {
        let recipe = find("dcgan").unwrap();
        options(recipe.knob(key).unwrap(), recipe)
    };
    assert_eq!(
        [of("spectral"), of("d_norm"), of("fresh_fakes")],
        [["true", "false"]; 3].map(Vec::from)
    );
    assert_eq!(of("optimizer"), ["adam", "rmsprop", "sgd"]);
}

#[test]
fn gradients_of_both_players_are_central_differences() {
    // CycleGAN's are in train/cycle/tests.rs.
    for recipe in ALL.iter().filter(|recipe| recipe.trainer == Trainer::Duel) {
        check(recipe, &recipe.hyper, "at its defaults");
        let small = small(recipe);
        for knob in recipe.knobs() {
            for option in options(knob, recipe) {
                let mut hyper = small;
                knob.set(&mut hyper, option).unwrap();
                if recipe.check(&hyper).is_err() {
                    // A penalty goes with no batch norm: without the penalty
                    // then.
                    ["penalty", "r1", "r2"]
                        .into_iter()
                        .for_each(|key| set(recipe, &mut hyper, key, "0"));
                }
                recipe.check(&hyper).unwrap();
                check(recipe, &hyper, &format!("{}={option}", knob.key));
            }
        }
        let mut hyper = small;
        for (key, value) in [
            ("g_norm", "false"),
            ("d_norm", "true"),
            ("g_dropout", "0.3"),
            ("real_target", "0.9"),
            ("penalty", "0"),
            ("r1", "0"),
            ("r2", "0"),
            ("pack", "2"),
            ("d_noise", "0.2"),
        ] {
            set(recipe, &mut hyper, key, value);
        }
        check(recipe, &hyper, "with the opposite of its defaults");
        let deep =
            [("g_blocks7", "1"), ("g_blocks14", "1"), ("d_blocks14", "1"), ("d_blocks7", "1")];
        for net in ["mlp", "conv"] {
            let mut hyper = small;
            let penalties = [("penalty", "3"), ("r1", "0.7"), ("r2", "0.9")];
            let others = [("net", net), ("d_norm", "false"), ("pack", "2"), ("modes", "3")];
            for (key, value) in penalties.into_iter().chain(others).chain(deep) {
                set(recipe, &mut hyper, key, value);
            }
            check(recipe, &hyper, "deep, with modes and every gradient penalty, on pairs");
        }
    }
}

#[test]
fn a_knob_that_waits_for_another_shapes_nothing_without_it() {
    for recipe in ALL {
        for knob in recipe.knobs() {
            let Some((key, values)) = knob.when else { continue };
            let Ok(other) = recipe.knob(key) else { continue };
            let options = other.options(&recipe.hyper);
            assert!(
                values.iter().all(|value| options.contains(value)),
                "{}: {key} is never {values:?}",
                recipe.id
            );
            for option in options.iter().filter(|option| !values.contains(option)) {
                let mut hyper = recipe.hyper;
                other.set(&mut hyper, option).unwrap();
                let nets =
                    |hyper: &Hyper| ((recipe.generator)(hyper), (recipe.discriminator)(hyper));
                let before = nets(&hyper);
                let turned = match knob.kind {
                    Kind::Number { max, .. } => max.to_string(),
                    Kind::Integer { max, .. } => max.to_string(),
                    Kind::Flag => (knob.get(&hyper) != "true").to_string(),
                    Kind::Choice | Kind::Sizes => "33".to_owned(),
                };
                knob.set(&mut hyper, &turned).unwrap();
                assert!(nets(&hyper) == before, "{} {} {option}", recipe.id, knob.key);
            }
        }
    }
}

#[test]
fn nets_end_in_784_pixels_and_in_one_logit_or_one_a_patch() {
    for recipe in ALL {
        let patches = if recipe.trainer == Trainer::Cycle { 49 } else { 1 };
        let end = |layers: Vec<Layer>, input| {
            layers.iter().fold(input, |shape, layer: &Layer| layer.output(shape))
        };
        assert_eq!(
            end((recipe.generator)(&recipe.hyper), recipe.source(&recipe.hyper)).size(),
            PIXELS
        );
        assert_eq!(end((recipe.discriminator)(&recipe.hyper), DIGIT).size(), patches);
    }
}

#[test]
fn presets_for_fine_digits_are_valid_and_differ_from_the_defaults() {
    for recipe in ALL {
        let mut hyper = recipe.hyper;
        for (key, value) in recipe.fine {
            let knob = recipe.knob(key).unwrap();
            assert_ne!(knob.get(&recipe.hyper), *value, "{}: {key} is the default", recipe.id);
            knob.set(&mut hyper, value).unwrap();
            assert_eq!(knob.get(&hyper), *value, "{}: {key} as the page writes it", recipe.id);
        }
        recipe.check(&hyper).unwrap();
    }
}
