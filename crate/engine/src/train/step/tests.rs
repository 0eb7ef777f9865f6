//! Gradients of parts of a batch add up to that of the batch.

use std::ops::Range;
use std::sync::{Arc, Barrier, Mutex};

use super::*;
use crate::data::{PIXELS, Sample, Shape};
use crate::kernel::SumOfParts;
use crate::net::{Init, Layer};
use crate::op::gradient::numbers;
use crate::params::first_weights;
use crate::recipe::{ALL, Recipe, Trainer};
use crate::rng::{Purpose, stream};
use crate::train::draws::Draws;

const ROWS: usize = 8;

fn net<T: Element>(layers: &[Layer], input: Shape, init: Init, seed: u32) -> Net<T> {
    let vb = first_weights(stream(seed, Purpose::Weights));
    Net::build(layers.to_vec(), input, init, &vb).unwrap()
}

/// Losses and the gradients of both players, G's and D's.
type Found = (f64, Vec<f64>, Vec<f64>);

struct Step<'a> {
    hyper: &'a Hyper,
    g: Net<f64>,
    d: Net<f64>,
    /// Draws of a step of D and of a step of G.
    draws: [Draws; 2],
    latents: Batch<f64>,
    real: Batch<f64>,
    labels: Vec<u8>,
}

impl Step<'_> {
    /// What both steps compute on some of the rows.
    fn of(&self, rows: Range<usize>, parts: Option<Box<dyn SumOfParts>>) -> Found {
        let Self { hyper, g, d, .. } = self;
        let [of_d, of_g] = self.draws.each_ref().map(|draws| draws.part(rows.clone(), ROWS));
        let share = rows.len() as f64 / ROWS as f64;
        let labels = &self.labels[rows.clone()];
        let (latents, real) = (self.latents.part(rows.clone()), self.real.part(rows));
        let ws = &mut Workspace::default();
        ws.parts = parts;
        let mut by_d = vec![0.; d.params().weights().len()];
        let made = pass(g, &latents, labels, &of_d.generate, ws).unwrap();
        let passes = DiscriminatorPasses {
            on_real: &pass(d, &real, labels, &of_d.real, ws).unwrap(),
            on_fake: &pass(d, made.output(), labels, &of_d.fake, ws).unwrap(),
            real: &real,
            fake: made.output(),
            labels,
            between: of_d.between.as_ref(),
        };
        let losses = discriminator(d, &passes, hyper, share, &mut by_d, ws).unwrap();

        let mut by_g = vec![0.; g.params().weights().len()];
        let made = pass(g, &latents, labels, &of_g.generate, ws).unwrap();
        let on_fake = pass(d, made.output(), labels, &of_g.fake, ws).unwrap();
        let on_real = of_g.real.is_some().then(|| pass(d, &real, labels, &of_g.real, ws).unwrap());
        let (loss, push) = generator(d, &on_fake, on_real.as_ref(), hyper, share, ws).unwrap();
        made.backward(g, push, false, Some(&mut by_g), ws).unwrap();
        (losses.real + losses.fake + losses.penalty + loss, by_g, by_d)
    }
}

/// The sums that the parts of a batch exchange, each part in its own thread.
struct Shared {
    sums: Mutex<Vec<Vec<f64>>>,
    barrier: Barrier,
}

impl Shared {
    fn new(parts: usize) -> Arc<Self> {
        Arc::new(Self { sums: Mutex::new(vec![Vec::new(); parts]), barrier: Barrier::new(parts) })
    }
}

/// The access of one part to the sums of the others.
struct PartOf {
    shared: Arc<Shared>,
    part: usize,
}

impl SumOfParts for PartOf {
    fn add_up(&mut self, sums: &mut [f64]) {
        self.shared.sums.lock().unwrap()[self.part] = sums.to_vec();
        self.shared.barrier.wait();
        sums.fill(0.);
        for part in self.shared.sums.lock().unwrap().iter() {
            assert_eq!(part.len(), sums.len(), "the parts are at different layers");
            sums.iter_mut().zip(part).for_each(|(sum, number)| *sum += number);
        }
        self.shared.barrier.wait();
    }
}

fn close(sum: &[f64], whole: &[f64], what: &str) {
    let scale = whole.iter().fold(1e-6, |scale: f64, x| scale.max(x.abs()));
    for (sum, whole) in sum.iter().zip(whole) {
        assert!((sum - whole).abs() < 1e-12 * scale, "{what}: {sum} is not {whole}");
    }
}

/// Nets and draws of a step, equal at every call.
fn step<'a>(recipe: &Recipe, hyper: &'a Hyper) -> Step<'a> {
    let layers =
        ((recipe.generator)(hyper, Sample::DIGIT), (recipe.discriminator)(hyper, Sample::DIGIT));
    let latent = Shape::row(hyper.latents().width());
    // Masks come from nets of f32, as in training, with the same layers.
    let (g, d) = (
        net::<f32>(&layers.0, latent, recipe.g_init, 1),
        net::<f32>(&layers.1, Sample::DIGIT.shape, recipe.d_init, 2),
    );
    let (masks, mixing) = (&mut stream(3, Purpose::Dropout), &mut stream(3, Purpose::Penalty));
    Step {
        hyper,
        g: net(&layers.0, latent, recipe.g_init, 1),
        d: net(&layers.1, Sample::DIGIT.shape, recipe.d_init, 2),
        draws: [
            Draws::of_discriminator(hyper, (&g, &d), masks, mixing),
            Draws::of_generator(hyper, (&g, &d), true, masks),
        ],
        latents: Batch::new(ROWS, numbers(ROWS * latent.size(), 4)),
        real: Batch::new(ROWS, numbers(ROWS * PIXELS, 5)),
        labels: vec![3, 1, 4, 1, 5, 9, 2, 6],
    }
}

fn check(recipe: &Recipe, hyper: &Hyper, what: &str) {
    let whole = step(recipe, hyper).of(0..ROWS, None);
    for parts in [2, 4] {
        let size = ROWS / parts;
        let shared = Shared::new(parts);
        let found: Vec<Found> = std::thread::scope(|threads| {
            let start = |part| {
                let rows = part * size..(part + 1) * size;
                let parts = PartOf { shared: Arc::clone(&shared), part };
                threads.spawn(move || step(recipe, hyper).of(rows, Some(Box::new(parts))))
            };
            let running: Vec<_> = (0..parts).map(start).collect();
            running.into_iter().map(|part| part.join().unwrap()).collect()
        });
        let sum = |of: &dyn Fn(&Found) -> &[f64]| {
            let mut sum = vec![0.; of(&whole).len()];
            for part in &found {
                sum.iter_mut().zip(of(part)).for_each(|(sum, number)| *sum += number);
            }
            sum
        };
        let what = format!("{} {what}, {parts} parts", recipe.id);
        let loss: f64 = found.iter().map(|part| part.0).sum();
        assert!((loss - whole.0).abs() < 1e-12 * whole.0.abs().max(1.), "{what}: {loss}");
        close(&sum(&|found| &found.1), &whole.1, &what);
        close(&sum(&|found| &found.2), &whole.2, &what);
    }
}

#[test]
fn gradients_of_parts_add_up_to_that_of_the_batch() {
    for recipe in ALL.iter().filter(|recipe| recipe.trainer == Trainer::Duel) {
        let with = |knobs: &[(&str, &str)]| {
            let mut hyper = recipe.hyper;
            let narrow =
                [("batch", "8"), ("latent", "8"), ("g_channels", "3"), ("d_channels", "3")];
            let plain = [("g_norm", "false"), ("d_norm", "false"), ("g_hidden", "24-16")];
            for (key, value) in narrow.iter().chain(&plain).chain(knobs) {
                if let Ok(knob) = recipe.knob(key) {
                    knob.set(&mut hyper, value).unwrap();
                }
            }
            hyper
        };
        check(recipe, &with(&[]), "without batch norm");
        // Penalties and batch norm exclude each other.
        let norm = [("g_norm", "true"), ("d_norm", "true")];
        let free = [("penalty", "0"), ("r1", "0"), ("r2", "0")];
        check(recipe, &with(&[norm.as_slice(), &free].concat()), "with batch norm");
        let random = [("g_dropout", "0.3"), ("d_dropout", "0.3"), ("d_noise", "0.2")];
        let penalties = [("pack", "2"), ("penalty", "3"), ("r1", "0.7"), ("r2", "0.9")];
        check(recipe, &with(&random), "with dropout and noise");
        check(recipe, &with(&[random.as_slice(), &penalties].concat()), "with penalties, on pairs");
        if let Ok(knob) = recipe.knob("loss") {
            // A loss of means over the batch is not a sum over its rows.
            let sums = |option: &&&str| **option != "relativistic-average";
            for option in knob.options(&recipe.hyper).iter().filter(sums) {
                check(recipe, &with(&[("loss", option)]), option);
            }
        }
    }
}
