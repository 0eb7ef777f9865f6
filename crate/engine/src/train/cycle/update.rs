//! The two steps of an iteration that move weights.

use candle_core::Tensor;
use candle_core::backprop::GradStore;

use super::super::work::{entered, finite, held, take_in};
use super::{Cycle, Work};
use crate::error::Result;
use crate::kernel::Workspace;
use crate::kernel::meter::Part;
use crate::loss::{Scores, distance};
use crate::net::Trace;
use crate::op::sum;
use crate::recipe::Hyper;

/// Two terms of a loss, the gradient of their sum, and that by the pixels of
/// what was made for each side, where something was.
pub(super) type Terms = (f64, f64, GradStore, Vec<Tensor>);

/// What both translators minimise (equation 3 and section 5.2): what the
/// discriminators say, and what is not kept.
pub(super) fn of_translators(work: [&Work; 2], hyper: &Hyper, ws: &mut Workspace) -> Result<Terms> {
    let (mut game, mut kept, mut gradients) = (0., 0., GradStore::default());
    let mut pushes = Vec::new();
    for work in work {
        let scored = held(&work.scored)?;
        // Only a loss that compares reads the scores of real digits.
        let real = work.real_scores.as_ref().unwrap_or(scored).output();
        // The paper's squares are not halved, as the loss's are: cycle and
        // identity are weighed against whole ones.
        let scores = Scores { real, fake: scored.output() };
        let loss = hyper.loss.generator(&scores, hyper.targets, 2.)?;
        game += loss.value;
        pushes.push(entered(scored.backward(loss.by_fake, true, &mut gradients, ws)?)?);
    }
    for (side, work) in work.into_iter().enumerate() {
        let real = held(&work.real)?;
        if let Some(same) = &work.same {
            let (apart, slope) = distance(same.output(), real, hyper.identity)?;
            kept += apart;
            same.backward(slope, false, &mut gradients, ws)?;
        }
        if hyper.cycle > 0. {
            // Back through the translation of what the other one made.
            let cycled = held(&work.cycled)?;
            let (apart, slope) = distance(cycled.output(), real, hyper.cycle)?;
            kept += apart;
            let through = entered(cycled.backward(slope, true, &mut gradients, ws)?)?;
            pushes[1 - side] = sum(&pushes[1 - side], &through)?;
        }
    }
    for (work, push) in work.into_iter().zip(&pushes) {
        held(&work.fake)?.backward(push.clone(), false, &mut gradients, ws)?;
    }
    Ok((game, kept, gradients, pushes))
}

/// What the discriminators minimise, each on its own domain: on real digits, on
/// translations.
pub(super) fn of_discriminators(
    work: [&Work; 2],
    hyper: &Hyper,
    ws: &mut Workspace,
) -> Result<Terms> {
    let (mut on_real, mut on_fake, mut gradients) = (0., 0., GradStore::default());
    for work in work {
        let (real, fake) = (held(&work.real_scores)?, held(&work.fake_scores)?);
        let scores = Scores { real: real.output(), fake: fake.output() };
        let loss = hyper.loss.discriminator(&scores, hyper.targets)?;
        on_real += loss.real;
        on_fake += loss.fake;
        real.backward(loss.by_real, false, &mut gradients, ws)?;
        fake.backward(loss.by_fake, false, &mut gradients, ws)?;
    }
    Ok((on_real, on_fake, gradients, Vec::new()))
}

impl Cycle {
    /// One step of both translators, and of the averages that are shown.
    pub(super) fn update_generators(&mut self) -> Result<()> {
        let (hyper, steps) = (self.hyper, self.iterations);
        let work = self.halves.each_ref().map(|half| &half.work);
        let (game, kept, mut gradients, pushes) =
            of_translators(work, &hyper, &mut self.workspace)?;
        self.losses.generator = finite(game, "the translators' loss", steps)?;
        self.losses.cycle = finite(kept, "the cycle's loss", steps)?;
        let start = self.workspace.meter.start();
        let mut norm = 0f32;
        for half in &self.halves {
            norm =
                norm.hypot(finite(half.g.norm(&mut gradients)?, "a translator's gradient", steps)?);
        }
        let [a, b] = &self.halves;
        take_in(&[(&a.g.net, "G"), (&b.g.net, "G"), (&a.d.net, "D"), (&b.d.net, "D")], steps)?;
        self.stats.g_norm = norm;
        for (half, push) in self.halves.iter_mut().zip(pushes) {
            half.work.push = Some(push);
        }
        let kept = hyper.kept(steps);
        for half in &mut self.halves {
            half.g.step(&gradients)?;
            half.average.follow(&half.g, kept)?;
        }
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }

    /// One step of both discriminators.
    pub(super) fn update_discriminators(&mut self) -> Result<()> {
        let (hyper, steps) = (self.hyper, self.iterations);
        let work = self.halves.each_ref().map(|half| &half.work);
        let [a, b] = work;
        let said = |[a, b]: [&Option<Trace>; 2]| -> Result<[Tensor; 2]> {
            Ok([held(a)?.output().clone(), held(b)?.output().clone()])
        };
        let (on_real, on_fake) =
            (said([&a.real_scores, &b.real_scores])?, said([&a.fake_scores, &b.fake_scores])?);
        self.stats.scored(&on_real.each_ref(), &on_fake.each_ref(), &hyper)?;
        let (real, fake, mut gradients, _) = of_discriminators(work, &hyper, &mut self.workspace)?;
        self.losses.real = finite(real, "the discriminators' loss on real digits", steps)?;
        self.losses.fake = finite(fake, "the discriminators' loss on translations", steps)?;
        let start = self.workspace.meter.start();
        let mut norm = 0f32;
        for half in &self.halves {
            norm = norm.hypot(finite(
                half.d.norm(&mut gradients)?,
                "a discriminator's gradient",
                steps,
            )?);
        }
        take_in(&self.halves.each_ref().map(|half| (&half.d.net, "D")), steps)?;
        self.stats.d_norm = norm;
        for half in &mut self.halves {
            half.d.step(&gradients)?;
            half.d.normalise(&mut self.workspace)?;
        }
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }
}
