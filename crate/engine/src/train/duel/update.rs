//! The two steps of an iteration that move weights.

use super::Duel;
use crate::error::Result;
use crate::kernel::meter::Part;
use crate::train::progress::Progress;
use crate::train::step::{self, DiscriminatorPasses, finite, required, update_running_statistics};

impl Duel {
    /// One step of D on its scores, with penalties and clipping.
    pub(super) fn update_discriminator(&mut self) -> Result<()> {
        let Progress { hyper, losses, stats, workspace: ws, iterations, .. } = &mut self.progress;
        let (work, d, steps) = (&self.work, &mut self.pair.d, *iterations);
        let passes = DiscriminatorPasses {
            on_real: required(&work.real_scores)?,
            on_fake: required(&work.fake_scores)?,
            real: required(&work.real)?,
            fake: required(&work.fake)?,
            labels: &work.labels,
            between: self.draws.between.as_ref(),
        };
        d.gradient.fill(0.);
        let found = step::discriminator(&d.net, &passes, hyper, 1., &mut d.gradient, ws)?;
        losses.real = finite(found.real, "D's loss on real digits", steps)?;
        losses.fake = finite(found.fake, "D's loss on generated digits", steps)?;
        losses.penalty = finite(found.penalty, "the gradient penalty", steps)?;
        stats.scored(&[passes.on_real.output()], &[passes.on_fake.output()], hyper);
        let start = ws.meter.start();
        stats.d_norm = finite(d.norm(), "D's gradient", steps)?;
        update_running_statistics([(&mut d.net, "D")], steps)?;
        d.step((hyper.clip > 0.).then_some(hyper.clip as f32), ws);
        ws.meter.stop(Part::Optimizer, start);
        Ok(())
    }

    /// One step of G and of its running average.
    pub(super) fn update_generator(&mut self) -> Result<()> {
        let Progress { hyper, losses, stats, workspace: ws, iterations, .. } = &mut self.progress;
        let (work, pair, steps) = (&mut self.work, &mut self.pair, *iterations);
        let scored = required(&work.fake_scores)?;
        let real = work.real_scores.as_ref();
        let (loss, push) = step::generator(&pair.d.net, scored, real, hyper, 1., ws)?;
        losses.generator = finite(loss, "G's loss", steps)?;
        let g = &mut pair.g;
        g.gradient.fill(0.);
        let gradient = Some(&mut g.gradient[..]);
        required(&work.made)?.backward(&g.net, push.clone(), false, gradient, ws)?;
        work.push = Some(push);
        let start = ws.meter.start();
        stats.g_norm = finite(g.norm(), "G's gradient", steps)?;
        // D's batch norms saw this step too.
        update_running_statistics([(&mut g.net, "G"), (&mut pair.d.net, "D")], steps)?;
        g.step(None, ws);
        pair.average.update(g, hyper.average_decay(steps));
        ws.meter.stop(Part::Optimizer, start);
        Ok(())
    }
}
