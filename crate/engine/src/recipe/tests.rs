//! Each recipe: the gradients of both players' losses against central
//! differences in f64.

use super::*;
use crate::data::{Domains, PIXELS, Sample};
use crate::kernel::{Batch, Workspace};
use crate::loss::{OfDiscriminator, OfGenerator, Scores};
use crate::net::penalty::{self, Penalty, PenaltyTarget};
use crate::net::{Net, Pass, Trace};
use crate::op::gradient::worst_error;
use crate::params::first_weights;
use crate::rng::{Purpose, stream, uniforms};

/// A net of f64 weights.
fn net(layers: Vec<Layer>, input: Shape, init: Init, seed: u32) -> Net<f64> {
    Net::build(layers, input, init, &first_weights(stream(seed, Purpose::Weights))).unwrap()
}

fn batch(columns: usize, seed: u32) -> Batch<f64> {
    let mut values = vec![0f32; 4 * columns];
    uniforms(&mut stream(seed, Purpose::Latents), &mut values, 0., 1.);
    Batch::new(4, values.into_iter().map(f64::from).collect::<Vec<_>>())
}

/// The classes of a batch.
const LABELS: [u8; 4] = [3, 1, 4, 1];

/// A pass with the same dropout masks at every call, so that the loss is a
/// function of the weights.
fn pass(net: &Net<f64>, x: &Batch<f64>) -> Trace<f64> {
    let masks = net.masks(x.rows(), &mut stream(1, Purpose::Dropout));
    net.trace(x, &LABELS, Pass::Train(&masks), &mut Workspace::default()).unwrap()
}

/// A game in which one player learns and the other is fixed.
struct Game<'a> {
    hyper: &'a Hyper,
    z: Batch<f64>,
    real: Batch<f64>,
}

impl Game<'_> {
    /// D's loss, without its penalties, and its passes over both batches.
    fn discriminator_loss(
        &self,
        d: &Net<f64>,
        fake: &Batch<f64>,
    ) -> (OfDiscriminator<f64>, Trace<f64>, Trace<f64>) {
        let (on_real, on_fake) = (pass(d, &self.real), pass(d, fake));
        let (real, fake) = (on_real.output().numbers(), on_fake.output().numbers());
        let loss = self.hyper.loss.discriminator(&Scores { real, fake }, self.hyper.targets, 1.);
        (loss, on_real, on_fake)
    }

    /// D's penalties that are switched on, with their passes.
    fn penalties(&self, d: &Net<f64>, fake: &Batch<f64>) -> Vec<(Penalty<f64>, Trace<f64>)> {
        let Hyper { penalty, r1, r2, pack, .. } = *self.hyper;
        let mut places = vec![0.; 4 / pack as usize];
        uniforms(&mut stream(1, Purpose::Penalty), &mut places, 0., 1.);
        let between = penalty::interpolate(&self.real, fake, &places);
        let all = [
            (r1, PenaltyTarget::Zero, &self.real),
            (r2, PenaltyTarget::Zero, fake),
            (penalty, PenaltyTarget::One, &between),
        ];
        all.into_iter()
            .filter(|(weight, ..)| *weight > 0.)
            .map(|(weight, target, points)| {
                let trace = pass(d, points);
                let ws = &mut Workspace::default();
                (Penalty::of(d, &trace, target, weight, ws).unwrap(), trace)
            })
            .collect()
    }

    /// G's loss and the passes of both players.
    fn generator_loss(
        &self,
        g: &Net<f64>,
        d: &Net<f64>,
    ) -> (OfGenerator<f64>, Trace<f64>, Trace<f64>) {
        let made = pass(g, &self.z);
        let (on_fake, on_real) = (pass(d, made.output()), pass(d, &self.real));
        let (real, fake) = (on_real.output().numbers(), on_fake.output().numbers());
        let loss = self.hyper.loss.generator(&Scores { real, fake }, self.hyper.targets, 1.);
        (loss, made, on_fake)
    }
}

/// The greatest error of a gradient by the weights of a net.
fn worst(net: &mut Net<f64>, gradient: &[f64], loss: impl Fn(&Net<f64>) -> f64) -> f64 {
    let parts: Vec<_> = net.params().trained().map(|variable| variable.range.clone()).collect();
    worst_error(net, |net| net.params_mut().weights_mut(), &parts, gradient, loss)
}

fn check(recipe: &Recipe, hyper: &Hyper, what: &str) {
    let latent = hyper.latents().width();
    let mut g = net((recipe.generator)(hyper, Sample::DIGIT), Shape::row(latent), recipe.g_init, 1);
    let mut d =
        net((recipe.discriminator)(hyper, Sample::DIGIT), Sample::DIGIT.shape, recipe.d_init, 2);
    let game = Game { hyper, z: batch(latent, 3), real: batch(PIXELS, 4) };
    let ws = &mut Workspace::default();

    let fake = pass(&g, &game.z).output().clone();
    let (loss, on_real, on_fake) = game.discriminator_loss(&d, &fake);
    let mut gradient = vec![0.; d.params().weights().len()];
    for (trace, slopes) in [(on_real, loss.by_real), (on_fake, loss.by_fake)] {
        let slopes = Batch::new(trace.output().rows(), slopes);
        trace.backward(&d, slopes, false, Some(&mut gradient), ws).unwrap();
    }
    for (penalty, trace) in game.penalties(&d, &fake) {
        penalty.backward(&d, &trace, &mut gradient, ws).unwrap();
    }
    let worst_of_d = worst(&mut d, &gradient, |d| {
        let loss = game.discriminator_loss(d, &fake).0;
        let penalties = game.penalties(d, &fake);
        loss.real + loss.fake + penalties.iter().map(|(penalty, _)| penalty.value).sum::<f64>()
    });
    assert!(worst_of_d < 1e-6, "{} {what}: D's gradient is off by {worst_of_d}", recipe.id);

    let (loss, made, on_fake) = game.generator_loss(&g, &d);
    let mut gradient = vec![0.; g.params().weights().len()];
    let slopes = Batch::new(on_fake.output().rows(), loss.by_fake);
    let push = on_fake.input_slope(&d, slopes, ws).unwrap();
    made.backward(&g, push, false, Some(&mut gradient), ws).unwrap();
    let worst_of_g = worst(&mut g, &gradient, |g| game.generator_loss(g, &d).0.value);
    assert!(worst_of_g < 1e-6, "{} {what}: G's gradient is off by {worst_of_g}", recipe.id);
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

/// Sets a knob if the recipe has it.
fn set(recipe: &Recipe, hyper: &mut Hyper, key: &str, value: &str) {
    if let Ok(knob) = recipe.knob(key) {
        knob.set(hyper, value).unwrap();
    }
}

/// All values of a knob that is a choice or a flag. train/trained_net.rs checks
/// the gradients under `spectral`.
fn options(knob: &Knob, recipe: &Recipe) -> Vec<&'static str> {
    match knob.kind {
        Kind::Flag => vec!["true", "false"],
        Kind::Choice => knob.options(&recipe.hyper).to_vec(),
        Kind::Number { .. } | Kind::Integer { .. } | Kind::Sizes => Vec::new(),
    }
}

#[test]
fn options_are_all_values_of_flags_and_choices() {
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
fn gradients_of_both_players_match_central_differences() {
    // CycleGAN's are in train/cycle/tests.rs.
    for recipe in ALL.iter().filter(|recipe| recipe.trainer == Trainer::Duel) {
        check(recipe, &recipe.hyper, "at its defaults");
        let small = small(recipe);
        for knob in recipe.knobs() {
            for option in options(knob, recipe) {
                let mut hyper = small;
                knob.set(&mut hyper, option).unwrap();
                if recipe.check(&hyper, Sample::DIGIT).is_err() {
                    // Penalties and batch norm exclude each other: penalties
                    // off.
                    ["penalty", "r1", "r2"]
                        .into_iter()
                        .for_each(|key| set(recipe, &mut hyper, key, "0"));
                }
                recipe.check(&hyper, Sample::DIGIT).unwrap();
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
            check(recipe, &hyper, "deep, with modes and every gradient penalty, on packs of 2");
        }
    }
}

#[test]
fn knob_with_a_condition_leaves_nets_unchanged_without_it() {
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
                let nets = |hyper: &Hyper| {
                    (
                        (recipe.generator)(hyper, Sample::DIGIT),
                        (recipe.discriminator)(hyper, Sample::DIGIT),
                    )
                };
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
fn generator_outputs_an_image_and_discriminator_one_logit_or_one_per_patch() {
    for recipe in ALL {
        let patches = if recipe.trainer == Trainer::Cycle { 49 } else { 1 };
        let end = |layers: Vec<Layer>, input| output(&layers, input);
        assert_eq!(
            end(
                (recipe.generator)(&recipe.hyper, Sample::DIGIT),
                recipe.source(&recipe.hyper, Sample::DIGIT)
            )
            .size(),
            PIXELS
        );
        assert_eq!(
            end((recipe.discriminator)(&recipe.hyper, Sample::DIGIT), Sample::DIGIT.shape).size(),
            patches
        );
    }
}

#[test]
fn fine_presets_are_valid_and_differ_from_the_defaults() {
    for recipe in ALL {
        let mut hyper = recipe.hyper;
        for (key, value) in recipe.fine {
            let knob = recipe.knob(key).unwrap();
            assert_ne!(knob.get(&recipe.hyper), *value, "{}: {key} is the default", recipe.id);
            knob.set(&mut hyper, value).unwrap();
            assert_eq!(knob.get(&hyper), *value, "{}: {key} as the page writes it", recipe.id);
        }
        recipe.check(&hyper, Sample::DIGIT).unwrap();
    }
}

#[test]
fn check_refuses_unfit_sides_and_domains_and_missing_labels() {
    let sample = |height, width, channels| Sample {
        shape: Shape::image(height, width, channels),
        ..Sample::DIGIT
    };
    for recipe in ALL {
        for shape in [sample(20, 12, 1), sample(16, 16, 3), sample(4, 4, 2)] {
            recipe.check(&recipe.hyper, shape).unwrap();
        }
        let odd = recipe.check(&recipe.hyper, sample(21, 11, 1)).map_err(|error| error.code());
        let dense = recipe.hyper.net == Form::Mlp;
        assert_eq!(odd, if dense { Ok(()) } else { Err("net-shape") }, "{}", recipe.id);
    }
    let mut hyper = find("cyclegan").unwrap().hyper;
    for (domains, refused) in
        [(Domains::Drawn, true), (Domains::QuarterTurn, true), (Domains::Slant, false)]
    {
        hyper.domains = domains;
        let checked = find("cyclegan").unwrap().check(&hyper, sample(20, 12, 1));
        assert_eq!(
            checked.is_err_and(|error| error.code() == "other-shape"),
            refused,
            "{domains:?}"
        );
    }
    let unlabelled = Sample { classes: 0, ..Sample::DIGIT };
    let cgan = find("cgan").unwrap();
    assert_eq!(cgan.check(&cgan.hyper, unlabelled).unwrap_err().code(), "needs-labels");
}
