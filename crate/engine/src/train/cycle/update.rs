//! The two steps of an iteration that move weights.

use super::{Cycle, Half, Work};
use crate::error::Result;
use crate::kernel::meter::Part;
use crate::kernel::{Batch, Workspace};
use crate::loss::distance;
use crate::net::{Net, Trace};
use crate::params::Element;
use crate::recipe::Hyper;
use crate::train::progress::Progress;
use crate::train::step::{self, DiscriminatorPasses, finite, required, update_running_statistics};

/// One domain's half in an update: nets, passes, and the gradient to add to.
pub(super) struct Side<'a, T: Element = f32> {
    /// The net that learns in this step.
    pub learner: &'a Net<T>,
    /// The discriminator.
    pub d: &'a Net<T>,
    pub work: &'a Work<T>,
    /// Gradient by the learner's weights.
    pub gradient: &'a mut [T],
}

/// The losses of both translators (equation 3 and section 5.2): the adversarial
/// loss, the sum of the cycle and the identity loss, and the gradient by the
/// pixels of the translations into each side.
pub(super) fn of_translators<T: Element>(
    mut sides: [Side<T>; 2],
    hyper: &Hyper,
    share: f64,
    ws: &mut Workspace,
) -> Result<(f64, f64, [Batch<T>; 2])> {
    let (mut game, mut cycle) = (0., 0.);
    let mut pushes = Vec::new();
    for Side { d, work, .. } in &sides {
        // The paper's squares are not halved, unlike those of the loss; the
        // weights of cycle and identity are relative to full squares.
        let (scored, real) = (required(&work.scored)?, work.real_scores.as_ref());
        let (loss, push) = step::generator(d, scored, real, hyper, 2. * share, ws)?;
        game += loss;
        pushes.push(push);
    }
    for (i, Side { learner, work, gradient, .. }) in sides.iter_mut().enumerate() {
        let real = required(&work.real)?;
        let mut apart = |pass: &Trace<T>, weight: f64| {
            let (apart, slopes) = distance(pass.output().numbers(), real.numbers(), weight * share);
            cycle += apart;
            Batch::new(real.rows(), slopes)
        };
        if let Some(same) = &work.same {
            let slopes = apart(same, hyper.identity);
            same.backward(learner, slopes, false, Some(gradient), ws)?;
        }
        if hyper.cycle > 0. {
            // Back through this translator to the other one's output.
            let cycled = required(&work.cycled)?;
            let slopes = apart(cycled, hyper.cycle);
            let through = cycled.backward(learner, slopes, true, Some(gradient), ws)?;
            pushes[1 - i] = pushes[1 - i].plus(required(&through)?);
        }
    }
    for (Side { learner, work, gradient, .. }, push) in sides.iter_mut().zip(&pushes) {
        required(&work.fake)?.backward(learner, push.clone(), false, Some(gradient), ws)?;
    }
    Ok((game, cycle, [pushes[0].clone(), pushes[1].clone()]))
}

/// The losses of the discriminators, each on its own domain: on real images,
/// and on translations.
pub(super) fn of_discriminators<T: Element>(
    sides: [Side<T>; 2],
    hyper: &Hyper,
    share: f64,
    ws: &mut Workspace,
) -> Result<(f64, f64)> {
    let (mut on_real, mut on_fake) = (0., 0.);
    for Side { learner, work, gradient, .. } in sides {
        let passes = DiscriminatorPasses {
            on_real: required(&work.real_scores)?,
            on_fake: required(&work.fake_scores)?,
            real: required(&work.real)?,
            fake: required(&work.fake)?.output(),
            labels: &[],
            between: None,
        };
        let loss = step::discriminator(learner, &passes, hyper, share, gradient, ws)?;
        on_real += loss.real;
        on_fake += loss.fake;
    }
    Ok((on_real, on_fake))
}

impl Cycle {
    /// One step of both translators and of their running averages.
    pub(super) fn update_generators(&mut self) -> Result<()> {
        let Progress { hyper, losses, stats, workspace: ws, iterations, .. } = &mut self.progress;
        let steps = *iterations;
        let sides = self.halves.each_mut().map(|Half { pair, work, .. }| {
            pair.g.gradient.fill(0.);
            let gradient = &mut pair.g.gradient[..];
            Side { learner: &pair.g.net, d: &pair.d.net, work, gradient }
        });
        let (game, cycle, pushes) = of_translators(sides, hyper, 1., ws)?;
        losses.generator = finite(game, "the translators' loss", steps)?;
        losses.cycle = finite(cycle, "the cycle loss", steps)?;
        let start = ws.meter.start();
        let mut norm = 0f32;
        for half in &mut self.halves {
            norm = norm.hypot(finite(half.pair.g.norm(), "a translator's gradient", steps)?);
        }
        let [a, b] = self.halves.each_mut().map(|half| &mut half.pair);
        let nets = [(&mut a.g.net, "G"), (&mut b.g.net, "G"), (&mut a.d.net, "D")];
        let [first, second, third] = nets;
        update_running_statistics([first, second, third, (&mut b.d.net, "D")], steps)?;
        stats.g_norm = norm;
        let decay = hyper.average_decay(steps);
        for (Half { pair, work, .. }, push) in self.halves.iter_mut().zip(pushes) {
            work.push = Some(push);
            pair.g.step(None, ws);
            pair.average.update(&pair.g, decay);
        }
        ws.meter.stop(Part::Optimizer, start);
        Ok(())
    }

    /// One step of both discriminators.
    pub(super) fn update_discriminators(&mut self) -> Result<()> {
        let Progress { hyper, losses, stats, workspace: ws, iterations, .. } = &mut self.progress;
        let steps = *iterations;
        let [a, b] = self.halves.each_ref().map(|half| &half.work);
        let on_real = [required(&a.real_scores)?.output(), required(&b.real_scores)?.output()];
        let on_fake = [required(&a.fake_scores)?.output(), required(&b.fake_scores)?.output()];
        stats.scored(&on_real, &on_fake, hyper);
        let sides = self.halves.each_mut().map(|Half { pair, work, .. }| {
            pair.d.gradient.fill(0.);
            let (learner, gradient) = (&pair.d.net, &mut pair.d.gradient[..]);
            Side { learner, d: learner, work, gradient }
        });
        let (real, fake) = of_discriminators(sides, hyper, 1., ws)?;
        losses.real = finite(real, "the discriminators' loss on real digits", steps)?;
        losses.fake = finite(fake, "the discriminators' loss on translations", steps)?;
        let start = ws.meter.start();
        let mut norm = 0f32;
        for half in &mut self.halves {
            norm = norm.hypot(finite(half.pair.d.norm(), "a discriminator's gradient", steps)?);
        }
        update_running_statistics(
            self.halves.each_mut().map(|half| (&mut half.pair.d.net, "D")),
            steps,
        )?;
        stats.d_norm = norm;
        for half in &mut self.halves {
            half.pair.d.step(None, ws);
        }
        ws.meter.stop(Part::Optimizer, start);
        Ok(())
    }
}
