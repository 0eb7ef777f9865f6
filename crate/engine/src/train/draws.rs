//! All random draws of one player's step, made before anything is computed.

#[cfg(test)]
use std::ops::Range;

use rand_chacha::ChaCha8Rng;

use crate::kernel::{Batch, Buffer};
use crate::net::{Masks, Net};
use crate::recipe::Hyper;
use crate::rng::uniforms;

/// The draws of a step of D or of G; a part of the rows needs only its part of
/// them.
#[derive(Clone, Default)]
pub(super) struct Draws {
    /// New latent vectors, (batch, latent).
    pub latents: Option<Batch>,
    /// Masks of G's pass.
    pub generate: Option<Masks>,
    /// Masks of D's pass over real images.
    pub real: Option<Masks>,
    /// Masks of D's pass over generated images.
    pub fake: Option<Masks>,
    /// Draws of D's pass between both.
    pub between: Option<Between>,
}

/// Points between real and generated images.
#[derive(Clone)]
pub(super) struct Between {
    /// The place of each, in [0, 1): one for each `pack` rows.
    pub places: Vec<f32>,
    pub masks: Masks,
}

impl Draws {
    /// The draws of a step of D, without G's latent vectors.
    pub fn of_discriminator(
        hyper: &Hyper,
        (g, d): (&Net, &Net),
        masks: &mut ChaCha8Rng,
        mixing: &mut ChaCha8Rng,
    ) -> Self {
        let rows = hyper.batch as usize;
        let [generate, real, fake] = [g, d, d].map(|net| Some(net.masks(rows, masks)));
        let between = (hyper.penalty > 0.).then(|| {
            let mut places = vec![0.; rows / hyper.pack as usize];
            uniforms(mixing, &mut places, 0., 1.);
            Between { places, masks: d.masks(rows, masks) }
        });
        Self { latents: None, generate, real, fake, between }
    }

    /// The draws of a step of G, with the masks of its own pass if it makes new
    /// images.
    pub fn of_generator(
        hyper: &Hyper,
        (g, d): (&Net, &Net),
        makes: bool,
        masks: &mut ChaCha8Rng,
    ) -> Self {
        let rows = hyper.batch as usize;
        let generate = makes.then(|| g.masks(rows, masks));
        let fake = Some(d.masks(rows, masks));
        let real = hyper.loss.compares().then(|| d.masks(rows, masks));
        Self { generate, real, fake, ..Self::default() }
    }

    /// Adds latent vectors drawn from `rng`.
    pub fn with_latents(mut self, hyper: &Hyper, rng: &mut ChaCha8Rng) -> Self {
        let (rows, space) = (hyper.batch as usize, hyper.latents());
        let mut latents = Buffer::unspecified(rows * space.width());
        space.fill(rng, &mut latents);
        self.latents = Some(Batch::new(rows, latents));
        self
    }

    /// The draws of `rows`, out of `of`.
    #[cfg(test)]
    pub fn part(&self, rows: Range<usize>, of: usize) -> Self {
        let part = |masks: &Option<Masks>| masks.as_ref().map(|masks| masks.part(rows.clone()));
        let between = self.between.as_ref().map(|Between { places, masks }| {
            let place = |row: usize| places.len() * row / of;
            Between {
                places: places[place(rows.start)..place(rows.end)].to_vec(),
                masks: masks.part(rows.clone()),
            }
        });
        Self {
            latents: self.latents.as_ref().map(|latents| latents.part(rows.clone())),
            generate: part(&self.generate),
            real: part(&self.real),
            fake: part(&self.fake),
            between,
        }
    }
}
