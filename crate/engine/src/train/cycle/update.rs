//! The two steps of an iteration that move weights.

use candle_core::{Result as Tensors, Tensor};

use super::super::work::{finite, held};
use super::Cycle;
use crate::error::{Error, Result};
use crate::kernel::meter::Part;
use crate::loss::Scores;

impl Cycle {
    /// One step of both translators on the sum of their losses (equation 3), and of the averages that are shown.
    pub(super) fn update_generators(&mut self) -> Result<()> {
        let hyper = self.hyper;
        let (mut game, mut kept) = (Vec::new(), Vec::new());
        for half in &self.halves {
            let work = &half.work;
            // The paper's squares are not halved, as the loss's are: cycle and identity are weighed against whole ones.
            let scored = &held(&work.scored)?.output;
            game.push((hyper.loss.generator(scored, hyper.targets)? * 2.)?);
            let real = held(&work.real)?;
            kept.push((distance(&held(&work.cycled)?.output, real)? * hyper.cycle)?);
            if let Some(same) = &work.same {
                kept.push((distance(&same.output, real)? * hyper.identity)?);
            }
        }
        let (game, kept) = (sum(&game)?, sum(&kept)?);
        let steps = self.iterations;
        self.losses.generator = finite(game.to_scalar()?, "the translators' loss", steps)?;
        self.losses.cycle = finite(kept.to_scalar()?, "the cycle's loss", steps)?;
        let mut gradients = (game + kept)?.backward()?;

        let ws = &mut self.workspace;
        let mut of_fakes = Vec::new();
        for half in &self.halves {
            of_fakes.push(held(&half.work.scored)?.backward(true, &mut gradients, ws)?);
        }
        for (side, half) in self.halves.iter().enumerate() {
            if let Some(same) = &half.work.same {
                same.backward(false, &mut gradients, ws)?;
            }
            // Back through the translation of what the other one made.
            let through = held(&half.work.cycled)?.backward(true, &mut gradients, ws)?;
            if let (Some(sum), Some(through)) = (&mut of_fakes[1 - side], through) {
                *sum = (&*sum + through)?;
            }
        }
        for (half, gradient) in self.halves.iter().zip(of_fakes) {
            let missing = || Error::Internal { reason: "a translation has no gradient".into() };
            held(&half.work.fake)?.backward_from(gradient.ok_or_else(missing)?, &mut gradients, ws)?;
        }

        let start = self.workspace.meter.start();
        for half in &self.halves {
            finite(half.g.norm(&gradients)? as f32, "a translator's gradient", steps)?;
        }
        // Early averages forget fast: the first weights are noise.
        let age = f64::from(steps);
        let decay = hyper.ema.min((1. + age) / (10. + age));
        for half in &mut self.halves {
            half.g.step(&gradients)?;
            half.average.follow(&half.g, decay)?;
        }
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }

    /// One step of both discriminators, each on its own domain.
    pub(super) fn update_discriminators(&mut self) -> Result<()> {
        let (mut on_real, mut on_fake) = (Vec::new(), Vec::new());
        for half in &self.halves {
            let (real, fake) = (held(&half.work.real_scores)?, held(&half.work.fake_scores)?);
            let scores = Scores { real: &real.output, fake: &fake.output };
            let (real, fake) = self.hyper.loss.discriminator(&scores, self.hyper.targets)?;
            on_real.push(real);
            on_fake.push(fake);
        }
        let (on_real, on_fake) = (sum(&on_real)?, sum(&on_fake)?);
        let steps = self.iterations;
        self.losses.real = finite(on_real.to_scalar()?, "the discriminators' loss on real digits", steps)?;
        self.losses.fake = finite(on_fake.to_scalar()?, "the discriminators' loss on translations", steps)?;
        let mut gradients = (on_real + on_fake)?.backward()?;
        for half in &self.halves {
            for scored in [&half.work.real_scores, &half.work.fake_scores] {
                held(scored)?.backward(false, &mut gradients, &mut self.workspace)?;
            }
        }
        let start = self.workspace.meter.start();
        for half in &self.halves {
            finite(half.d.norm(&gradients)? as f32, "a discriminator's gradient", steps)?;
        }
        for half in &mut self.halves {
            half.d.step(&gradients)?;
        }
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }
}

/// mean |a - b|, a scalar (equation 2).
fn distance(a: &Tensor, b: &Tensor) -> Tensors<Tensor> {
    a.sub(b)?.abs()?.mean_all()
}

/// Of scalars.
fn sum(terms: &[Tensor]) -> Tensors<Tensor> {
    Tensor::stack(terms, 0)?.sum_all()
}
