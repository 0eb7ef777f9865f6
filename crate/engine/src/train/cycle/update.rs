//! The two steps of an iteration that move weights.

use candle_core::backprop::GradStore;
use candle_core::{Result as Tensors, Tensor};

use super::super::work::{Passed, finite, held, take_in};
use super::{Cycle, Work};
use crate::error::{Error, Result};
use crate::kernel::Workspace;
use crate::kernel::meter::Part;
use crate::loss::Scores;
use crate::recipe::Hyper;

/// Two terms of a loss, scalars, the gradient of their sum, and that by the pixels of what was made for each side, where something was.
pub(super) type Terms = (Tensor, Tensor, GradStore, Vec<Tensor>);

/// What both translators minimise (equation 3 and section 5.2): what the discriminators say, and what is not kept.
pub(super) fn of_translators(work: [&Work; 2], hyper: &Hyper, ws: &mut Workspace) -> Result<Terms> {
    let (mut game, mut kept) = (Vec::new(), Vec::new());
    for work in work {
        // The paper's squares are not halved, as the loss's are: cycle and identity are weighed against whole ones.
        let fake = &held(&work.scored)?.output;
        // Only a loss that compares reads the scores of real digits.
        let real = work.real_scores.as_ref().map_or(fake, |scores| &scores.output);
        game.push((hyper.loss.generator(&Scores { real, fake }, hyper.targets)? * 2.)?);
        let real = held(&work.real)?;
        // Not times 0: candle's tape leaves out what is multiplied by it, and there would be no gradient to take back.
        if hyper.cycle > 0. {
            kept.push((distance(&held(&work.cycled)?.output, real)? * hyper.cycle)?);
        }
        if let Some(same) = &work.same {
            kept.push((distance(&same.output, real)? * hyper.identity)?);
        }
    }
    let game = sum(&game)?;
    let kept = if kept.is_empty() { game.zeros_like()? } else { sum(&kept)? };
    let mut gradients = (&game + &kept)?.backward()?;
    let mut of_fakes = Vec::new();
    for work in work {
        of_fakes.push(held(&work.scored)?.backward(true, &mut gradients, ws)?);
    }
    for (side, work) in work.into_iter().enumerate() {
        if let Some(same) = &work.same {
            same.backward(false, &mut gradients, ws)?;
        }
        if hyper.cycle == 0. {
            continue;
        }
        // Back through the translation of what the other one made.
        let through = held(&work.cycled)?.backward(true, &mut gradients, ws)?;
        if let (Some(sum), Some(through)) = (&mut of_fakes[1 - side], through) {
            *sum = (&*sum + through)?;
        }
    }
    let mut pushes = Vec::new();
    for (work, gradient) in work.into_iter().zip(of_fakes) {
        let missing = || Error::Internal { reason: "a translation has no gradient".into() };
        let gradient = gradient.ok_or_else(missing)?;
        held(&work.fake)?.backward_from(gradient.clone(), &mut gradients, ws)?;
        pushes.push(gradient);
    }
    Ok((game, kept, gradients, pushes))
}

/// What the discriminators minimise, each on its own domain: on real digits, on translations.
pub(super) fn of_discriminators(work: [&Work; 2], hyper: &Hyper, ws: &mut Workspace) -> Result<Terms> {
    let (mut on_real, mut on_fake) = (Vec::new(), Vec::new());
    for work in work {
        let scores =
            Scores { real: &held(&work.real_scores)?.output, fake: &held(&work.fake_scores)?.output };
        let (real, fake) = hyper.loss.discriminator(&scores, hyper.targets)?;
        on_real.push(real);
        on_fake.push(fake);
    }
    let (on_real, on_fake) = (sum(&on_real)?, sum(&on_fake)?);
    let mut gradients = (&on_real + &on_fake)?.backward()?;
    for work in work {
        for scored in [&work.real_scores, &work.fake_scores] {
            held(scored)?.backward(false, &mut gradients, ws)?;
        }
    }
    Ok((on_real, on_fake, gradients, Vec::new()))
}

impl Cycle {
    /// One step of both translators, and of the averages that are shown.
    pub(super) fn update_generators(&mut self) -> Result<()> {
        let (hyper, steps) = (self.hyper, self.iterations);
        let work = self.halves.each_ref().map(|half| &half.work);
        let (game, kept, mut gradients, pushes) = of_translators(work, &hyper, &mut self.workspace)?;
        self.losses.generator = finite(game.to_scalar()?, "the translators' loss", steps)?;
        self.losses.cycle = finite(kept.to_scalar()?, "the cycle's loss", steps)?;
        let start = self.workspace.meter.start();
        let mut norm = 0f32;
        for half in &self.halves {
            norm = norm.hypot(finite(half.g.norm(&mut gradients)? as f32, "a translator's gradient", steps)?);
        }
        let [a, b] = &self.halves;
        take_in(&[(&a.g.net, "G"), (&b.g.net, "G"), (&a.d.net, "D"), (&b.d.net, "D")], steps)?;
        self.pulse.g_norm = norm;
        for (half, push) in self.halves.iter_mut().zip(pushes) {
            half.work.push = Some(push);
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

    /// One step of both discriminators.
    pub(super) fn update_discriminators(&mut self) -> Result<()> {
        let (hyper, steps) = (self.hyper, self.iterations);
        let work = self.halves.each_ref().map(|half| &half.work);
        let [a, b] = work;
        let said = |scores: [&Option<Passed>; 2]| -> Result<Vec<Tensor>> {
            scores.into_iter().map(|passed| Ok(held(passed)?.output.as_detached_tensor())).collect()
        };
        let (on_real, on_fake) =
            (said([&a.real_scores, &b.real_scores])?, said([&a.fake_scores, &b.fake_scores])?);
        self.pulse.scored(&[&on_real[0], &on_real[1]], &[&on_fake[0], &on_fake[1]], &hyper)?;
        let (real, fake, mut gradients, _) = of_discriminators(work, &hyper, &mut self.workspace)?;
        self.losses.real = finite(real.to_scalar()?, "the discriminators' loss on real digits", steps)?;
        self.losses.fake = finite(fake.to_scalar()?, "the discriminators' loss on translations", steps)?;
        let start = self.workspace.meter.start();
        let mut norm = 0f32;
        for half in &self.halves {
            norm =
                norm.hypot(finite(half.d.norm(&mut gradients)? as f32, "a discriminator's gradient", steps)?);
        }
        take_in(&self.halves.each_ref().map(|half| (&half.d.net, "D")), steps)?;
        self.pulse.d_norm = norm;
        for half in &mut self.halves {
            half.d.step(&gradients)?;
            half.d.normalise(&mut self.workspace)?;
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
