//! Inversion of an image: gradient descent on latent vectors until their images
//! are near it (Zhu et al. 2016, arXiv:1609.03552, equation 3).

use candle_core::Result;

use super::LatentGenerator;
use crate::kernel::{AdamPass, Batch, Buffer, adam};
use crate::net::Pass;
use crate::rng::{Latents, Purpose, stream};

/// Random starts, of which the best continue.
const STARTS: usize = 32;
/// Number of starts that continue.
const BEST: usize = 8;
/// Steps after which the worse starts are dropped.
const SORTING: u32 = 30;
/// Steps of a complete search.
const STEPS: u32 = 600;
/// Adam's initial rate; it falls along half a cosine to a twentieth.
const RATE: f64 = 0.1;
/// Bound of the absolute values of a latent vector, the range of sliders and of
/// training draws; for bounded noise, its bound applies too.
const REACH: f32 = 3.;

/// A search for the latent vector of an image.
pub struct Inversion {
    /// An image in [0, 1].
    target: Vec<f32>,
    class: u8,
    latents: Vec<f32>,
    /// Adam's first and second moments of each number.
    moments: [Vec<f32>; 2],
    iterations: u32,
    /// The best so far: its latent vector, its image and the mean squared error
    /// of its pixels.
    best: (Vec<f32>, Vec<f32>, f64),
}

impl Inversion {
    /// A search for `target`, an image in [0, 1], by a generator conditioned on
    /// `class`, if it is conditional.
    pub fn new(maker: &LatentGenerator, target: Vec<f32>, class: u8) -> Self {
        let width = maker.latents.width();
        let mut latents = vec![0.; STARTS * width];
        maker.latents.fill(&mut stream(0, Purpose::Samples), &mut latents);
        maker.latents.in_turn(&mut latents);
        let moments = [(); 2].map(|()| vec![0.; latents.len()]);
        let best = (vec![0.; width], vec![0.; target.len()], f64::INFINITY);
        Self { target, class, latents, moments, iterations: 0, best }
    }

    /// The best latent vector so far, its image in [0, 1], and the mean squared
    /// error of its pixels, infinite before the first step.
    pub fn best(&self) -> (&[f32], &[f32], f64) {
        (&self.best.0, &self.best.1, self.best.2)
    }

    /// Steps of descent so far.
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Whether the search has taken all its steps.
    pub fn done(&self) -> bool {
        self.iterations >= STEPS
    }

    /// A step of descent on all vectors at once by the present generator; one
    /// of another latent size ends the search. Errors: those of a pass.
    pub fn step(&mut self, maker: &mut LatentGenerator) -> Result<()> {
        let size = maker.latents.width();
        if size != self.best.0.len() {
            self.iterations = STEPS;
            return Ok(());
        }
        let count = self.latents.len() / size;
        let z = Batch::new(count, &self.latents[..]);
        let labels = vec![self.class; if maker.classes > 0 { count } else { 0 }];
        let trace = maker.net.trace(&z, &labels, Pass::Eval, maker.workspace)?;
        let images = trace.output().numbers();
        let errors = self.note(images, size);
        let pixels = self.target.len();
        let derivatives = images
            .iter()
            .zip(self.target.iter().cycle())
            .map(|(a, b)| (a - b) * (2. / pixels as f32));
        let mut slope = Buffer::unspecified(images.len());
        slope.iter_mut().zip(derivatives).for_each(|(slope, value)| *slope = value);
        let gradient = trace.input_slope(maker.net, Batch::new(count, slope), maker.workspace)?;
        self.iterations += 1;
        self.descend(gradient.numbers().to_vec(), maker.latents);
        if self.iterations == SORTING {
            self.keep_best(&errors, size);
        }
        Ok(())
    }

    /// The mean squared error of each image; keeps the best.
    fn note(&mut self, images: &[f32], size: usize) -> Vec<f64> {
        let square = |image: &[f32]| {
            let all = image.iter().zip(&self.target).map(|(a, b)| f64::from(a - b).powi(2));
            all.sum::<f64>() / self.target.len() as f64
        };
        let pixels = self.target.len();
        let errors: Vec<f64> = images.chunks_exact(pixels).map(square).collect();
        for (i, &error) in errors.iter().enumerate() {
            if error < self.best.2 {
                let latent = self.latents[i * size..][..size].to_vec();
                self.best = (latent, images[i * pixels..][..pixels].to_vec(), error);
            }
        }
        errors
    }

    /// A step of [`adam`] within the bounds; each vector keeps its mode.
    fn descend(&mut self, mut gradient: Vec<f32>, space: Latents) {
        let reach = REACH.min(space.noise.reach());
        let done = f64::from(self.iterations) / f64::from(STEPS);
        let rate = RATE * (0.05 + 0.95 * 0.5 * (1. + (std::f64::consts::PI * done).cos()));
        let t = self.iterations as i32;
        let pass = AdamPass {
            rate: rate as f32,
            share1: 0.1,
            beta2: 0.999,
            share2: 0.001,
            epsilon: 1e-10,
            correction1: (1. - 0.9f64.powi(t)) as f32,
            correction2: (1. - 0.999f64.powi(t)) as f32,
        };
        // A slope of 0 keeps the modes unchanged.
        for slopes in gradient.chunks_exact_mut(space.width()) {
            slopes[space.numbers..].fill(0.);
        }
        let [first, second] = &mut self.moments;
        adam(&mut self.latents, &gradient, first, second, &pass);
        for vector in self.latents.chunks_exact_mut(space.width()) {
            vector[..space.numbers].iter_mut().for_each(|z| *z = z.clamp(-reach, reach));
        }
    }

    fn keep_best(&mut self, errors: &[f64], size: usize) {
        let mut order: Vec<usize> = (0..errors.len()).collect();
        order.sort_by(|&a, &b| errors[a].total_cmp(&errors[b]));
        order.truncate(BEST);
        let places = || order.iter().flat_map(|&i| i * size..(i + 1) * size);
        let kept = |all: &[f32]| places().map(|i| all[i]).collect::<Vec<f32>>();
        self.latents = kept(&self.latents);
        self.moments = self.moments.each_ref().map(|moments| kept(moments));
    }
}
