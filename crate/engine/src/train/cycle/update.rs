//! The two steps of an iteration that move weights.

use super::super::work::{entered, finite, held, take_in};
use super::half::Half;
use super::{Cycle, Work};
use crate::error::Result;
use crate::kernel::meter::Part;
use crate::kernel::{Batch, Workspace};
use crate::loss::{Scores, distance};
use crate::net::{Net, Trace};
use crate::params::Element;
use crate::recipe::Hyper;

/// One domain's half: what its nets left, and the gradient that is added to.
pub(super) struct Side<'a, T: Element = f32> {
    /// The net that learns in this step.
    pub learner: &'a Net<T>,
    /// The discriminator.
    pub d: &'a Net<T>,
    pub work: &'a Work<T>,
    /// By the learner's weights.
    pub gradient: &'a mut [T],
}

/// What both translators minimise (equation 3 and section 5.2): what the
/// discriminators say, and what is not kept; and the gradient by the pixels of
/// what was made for each side.
pub(super) fn of_translators<T: Element>(
    mut sides: [Side<T>; 2],
    hyper: &Hyper,
    ws: &mut Workspace,
) -> Result<(f64, f64, [Batch<T>; 2])> {
    let (mut game, mut kept) = (0., 0.);
    let mut pushes = Vec::new();
    for Side { d, work, .. } in &sides {
        let scored = held(&work.scored)?;
        let fake = scored.output();
        // Only a loss that compares reads the scores of real digits.
        let real = work.real_scores.as_ref().map_or(fake, Trace::output);
        // The paper's squares are not halved, as the loss's are: cycle and
        // identity are weighed against whole ones.
        let scores = Scores { real: real.numbers(), fake: fake.numbers() };
        let loss = hyper.loss.generator(&scores, hyper.targets, 2.);
        game += loss.value;
        let slopes = Batch::new(fake.rows(), loss.by_fake);
        pushes.push(scored.input_slope(d, slopes, ws)?);
    }
    for (i, Side { learner, work, gradient, .. }) in sides.iter_mut().enumerate() {
        let real = held(&work.real)?;
        let mut apart = |pass: &Trace<T>, weight: f64| {
            let (apart, slopes) = distance(pass.output().numbers(), real.numbers(), weight);
            kept += apart;
            Batch::new(real.rows(), slopes)
        };
        if let Some(same) = &work.same {
            let slopes = apart(same, hyper.identity);
            same.backward(learner, slopes, false, Some(gradient), ws)?;
        }
        if hyper.cycle > 0. {
            // Back through the translation of what the other one made.
            let cycled = held(&work.cycled)?;
            let slopes = apart(cycled, hyper.cycle);
            let through = entered(cycled.backward(learner, slopes, true, Some(gradient), ws)?)?;
            pushes[1 - i] = pushes[1 - i].plus(&through);
        }
    }
    for (Side { learner, work, gradient, .. }, push) in sides.iter_mut().zip(&pushes) {
        held(&work.fake)?.backward(learner, push.clone(), false, Some(gradient), ws)?;
    }
    Ok((game, kept, [pushes[0].clone(), pushes[1].clone()]))
}

/// What the discriminators minimise, each on its own domain: on real digits, on
/// translations.
pub(super) fn of_discriminators<T: Element>(
    sides: [Side<T>; 2],
    hyper: &Hyper,
    ws: &mut Workspace,
) -> Result<(f64, f64)> {
    let (mut on_real, mut on_fake) = (0., 0.);
    for Side { learner, work, gradient, .. } in sides {
        let (real, fake) = (held(&work.real_scores)?, held(&work.fake_scores)?);
        let scores = Scores { real: real.output().numbers(), fake: fake.output().numbers() };
        let loss = hyper.loss.discriminator(&scores, hyper.targets);
        on_real += loss.real;
        on_fake += loss.fake;
        for (pass, slopes) in [(real, loss.by_real), (fake, loss.by_fake)] {
            let slopes = Batch::new(pass.output().rows(), slopes);
            pass.backward(learner, slopes, false, Some(gradient), ws)?;
        }
    }
    Ok((on_real, on_fake))
}

impl Cycle {
    /// One step of both translators, and of the averages that are shown.
    pub(super) fn update_generators(&mut self) -> Result<()> {
        let (hyper, steps) = (self.hyper, self.iterations);
        let sides = self.halves.each_mut().map(|Half { g, d, work, .. }| {
            g.gradient.fill(0.);
            Side { learner: &g.net, d: &d.net, work, gradient: &mut g.gradient }
        });
        let (game, kept, pushes) = of_translators(sides, &hyper, &mut self.workspace)?;
        self.losses.generator = finite(game, "the translators' loss", steps)?;
        self.losses.cycle = finite(kept, "the cycle's loss", steps)?;
        let start = self.workspace.meter.start();
        let mut norm = 0f32;
        for half in &mut self.halves {
            norm = norm.hypot(finite(half.g.norm(), "a translator's gradient", steps)?);
        }
        let [a, b] = &mut self.halves;
        let translators = [&mut a.g.net, &mut b.g.net].map(|net| (net, "G"));
        let ([ga, gb], [da, db]) = (translators, [&mut a.d.net, &mut b.d.net]);
        take_in([ga, gb, (da, "D"), (db, "D")], steps)?;
        self.stats.g_norm = norm;
        let kept = hyper.kept(steps);
        for (half, push) in self.halves.iter_mut().zip(pushes) {
            half.work.push = Some(push);
            half.g.step(None, &mut self.workspace);
            half.average.follow(&half.g, kept);
        }
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }

    /// One step of both discriminators.
    pub(super) fn update_discriminators(&mut self) -> Result<()> {
        let (hyper, steps) = (self.hyper, self.iterations);
        let [a, b] = self.halves.each_ref().map(|half| &half.work);
        let on_real = [held(&a.real_scores)?.output(), held(&b.real_scores)?.output()];
        let on_fake = [held(&a.fake_scores)?.output(), held(&b.fake_scores)?.output()];
        self.stats.scored(&on_real, &on_fake, &hyper);
        let sides = self.halves.each_mut().map(|Half { d, work, .. }| {
            d.gradient.fill(0.);
            Side { learner: &d.net, d: &d.net, work, gradient: &mut d.gradient }
        });
        let (real, fake) = of_discriminators(sides, &hyper, &mut self.workspace)?;
        self.losses.real = finite(real, "the discriminators' loss on real digits", steps)?;
        self.losses.fake = finite(fake, "the discriminators' loss on translations", steps)?;
        let start = self.workspace.meter.start();
        let mut norm = 0f32;
        for half in &mut self.halves {
            norm = norm.hypot(finite(half.d.norm(), "a discriminator's gradient", steps)?);
        }
        take_in(self.halves.each_mut().map(|half| (&mut half.d.net, "D")), steps)?;
        self.stats.d_norm = norm;
        for half in &mut self.halves {
            half.d.step(None, &mut self.workspace);
        }
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }
}
