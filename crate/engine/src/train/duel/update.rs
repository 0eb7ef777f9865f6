//! The two steps of an iteration that move weights.

use super::super::work::{Work, finite, held, penalise, take_in};
use super::Duel;
use crate::error::Result;
use crate::kernel::Batch;
use crate::kernel::meter::Part;
use crate::loss::Scores;
use crate::net::penalty::{self, PenaltyTarget};
use crate::net::{Pass, Trace};
use crate::optim::Settings;
use crate::recipe::Hyper;

impl Duel {
    /// What D says of a batch at hand.
    pub(super) fn score(&mut self, digits: impl Fn(&Work) -> &Option<Batch>) -> Result<Trace> {
        let (digits, pass) = (held(digits(&self.work))?, Pass::Train(&mut self.dropout));
        Ok(self.d.net.trace(digits, &self.work.labels, pass, &mut self.workspace)?)
    }

    /// One step of D on what it said, its penalty and its clipping included.
    pub(super) fn update_discriminator(&mut self) -> Result<()> {
        let (on_real, on_fake) = (held(&self.work.real_scores)?, held(&self.work.fake_scores)?);
        let (real, fake) = (on_real.output(), on_fake.output());
        let scores = Scores { real: real.numbers(), fake: fake.numbers() };
        let loss = self.hyper.loss.discriminator(&scores, self.hyper.targets);
        self.losses.real = finite(loss.real, "D's loss on real digits", self.iterations)?;
        self.losses.fake = finite(loss.fake, "D's loss on generated digits", self.iterations)?;
        self.stats.scored(&[real], &[fake], &self.hyper);
        let (net, gradient, ws) = (&self.d.net, &mut self.d.gradient, &mut self.workspace);
        gradient.fill(0.);
        for (pass, slopes) in [(on_real, loss.by_real), (on_fake, loss.by_fake)] {
            let slopes = Batch::new(pass.output().rows(), slopes);
            pass.backward(net, slopes, false, Some(gradient), ws)?;
        }
        let penalty = self.penalise()?;
        self.losses.penalty = finite(penalty.into(), "the gradient penalty", self.iterations)?;
        let start = self.workspace.meter.start();
        self.stats.d_norm = finite(self.d.norm(), "D's gradient", self.iterations)?;
        take_in([(&mut self.d.net, "D")], self.iterations)?;
        let clip = (self.hyper.clip > 0.).then_some(self.hyper.clip as f32);
        self.d.step(clip, &mut self.workspace);
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }

    /// The penalties on D's slope that are switched on; adds their gradients to
    /// D's.
    fn penalise(&mut self) -> Result<f32> {
        let (hyper, mut sum) = (self.hyper, 0.);
        let (net, gradient, ws) = (&self.d.net, &mut self.d.gradient, &mut self.workspace);
        for (weight, scores) in
            [(hyper.r1, &self.work.real_scores), (hyper.r2, &self.work.fake_scores)]
        {
            if weight > 0. {
                sum += penalise(net, held(scores)?, PenaltyTarget::Flat, weight, gradient, ws)?;
            }
        }
        if hyper.penalty > 0. {
            let (real, fake) = (held(&self.work.real)?, held(&self.work.fake)?);
            let between = penalty::between(real, fake, hyper.pack as usize, &mut self.mixing);
            let pass = Pass::Train(&mut self.dropout);
            let scored = net.trace(&between, &self.work.labels, pass, ws)?;
            sum += penalise(net, &scored, PenaltyTarget::One, hyper.penalty, gradient, ws)?;
        }
        Ok(sum)
    }

    /// One step of G, and of the average that is shown.
    pub(super) fn update_generator(&mut self) -> Result<()> {
        let scored = held(&self.work.fake_scores)?;
        let fake = scored.output();
        // Only a loss that compares reads the scores of real digits; a step of
        // G alone has none.
        let real = self.work.real_scores.as_ref().map_or(fake, Trace::output);
        let scores = Scores { real: real.numbers(), fake: fake.numbers() };
        let loss = self.hyper.loss.generator(&scores, self.hyper.targets, 1.);
        self.losses.generator = finite(loss.value, "G's loss", self.iterations)?;
        let slopes = Batch::new(fake.rows(), loss.by_fake);
        let ws = &mut self.workspace;
        let push = scored.input_slope(&self.d.net, slopes, ws)?;
        self.g.gradient.fill(0.);
        let gradient = Some(&mut self.g.gradient[..]);
        held(&self.work.made)?.backward(&self.g.net, push.clone(), false, gradient, ws)?;
        self.work.push = Some(push);
        let start = self.workspace.meter.start();
        self.stats.g_norm = finite(self.g.norm(), "G's gradient", self.iterations)?;
        // D looked on.
        take_in([(&mut self.g.net, "G"), (&mut self.d.net, "D")], self.iterations)?;
        self.g.step(None, &mut self.workspace);
        self.average.follow(&self.g, self.hyper.kept(self.iterations));
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }
}

/// What a player's optimiser follows at step `iterations`; a falling rate ends
/// at 1e-6, as in the code of Goodfellow et al. 2014.
pub(in crate::train) fn settings(hyper: &Hyper, rate: f64, iterations: u32) -> Settings {
    let fallen = rate * hyper.share_of_rate(iterations) / hyper.decay.powi(iterations as i32);
    let fallen = fallen.max(rate.min(1e-6));
    Settings { rule: hyper.optimizer, rate: fallen, momentum: hyper.momentum, beta2: hyper.beta2 }
}
