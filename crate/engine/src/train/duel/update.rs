//! The two steps of an iteration that move weights.

use candle_core::Tensor;
use candle_core::backprop::GradStore;
use rand_chacha::ChaCha8Rng;

use super::super::work::{Work, entered, finite, held, penalise, take_in};
use super::Duel;
use crate::error::Result;
use crate::kernel::meter::Part;
use crate::loss::Scores;
use crate::net::penalty::{self, PenaltyTarget};
use crate::net::{Pass, Trace};
use crate::optim::Settings;
use crate::recipe::Hyper;

impl Duel {
    /// What D says of a batch at hand, its weights learning or held still as
    /// `pass` has it.
    pub(super) fn score<'a>(
        &'a mut self,
        digits: impl Fn(&Work) -> &Option<Tensor>,
        pass: impl Fn(&'a mut ChaCha8Rng) -> Pass<'a>,
    ) -> Result<Trace> {
        let (digits, pass) = (held(digits(&self.work))?, pass(&mut self.dropout));
        Ok(self.d.net.trace(digits, &self.work.labels, pass, &mut self.workspace)?)
    }

    /// One step of D on what it said, its penalty and its clipping included.
    pub(super) fn update_discriminator(&mut self) -> Result<()> {
        let (on_real, on_fake) = (held(&self.work.real_scores)?, held(&self.work.fake_scores)?);
        let scores = Scores { real: on_real.output(), fake: on_fake.output() };
        let loss = self.hyper.loss.discriminator(&scores, self.hyper.targets)?;
        self.losses.real = finite(loss.real, "D's loss on real digits", self.iterations)?;
        self.losses.fake = finite(loss.fake, "D's loss on generated digits", self.iterations)?;
        self.stats.scored(&[scores.real], &[scores.fake], &self.hyper)?;
        let mut gradients = GradStore::default();
        on_real.backward(loss.by_real, false, &mut gradients, &mut self.workspace)?;
        on_fake.backward(loss.by_fake, false, &mut gradients, &mut self.workspace)?;
        let penalty = self.penalise(&mut gradients)?;
        self.losses.penalty = finite(penalty.into(), "the gradient penalty", self.iterations)?;
        let start = self.workspace.meter.start();
        self.stats.d_norm = finite(self.d.norm(&mut gradients)?, "D's gradient", self.iterations)?;
        take_in(&[(&self.d.net, "D")], self.iterations)?;
        self.d.step(&gradients)?;
        if self.hyper.clip > 0. {
            self.d.clip(self.hyper.clip as f32)?;
        }
        self.d.normalise(&mut self.workspace)?;
        self.workspace.meter.stop(Part::Optimizer, start);
        Ok(())
    }

    /// The penalties on D's slope that are switched on; adds their gradients to
    /// D's.
    fn penalise(&mut self, gradients: &mut GradStore) -> Result<f32> {
        let (hyper, mut sum) = (self.hyper, 0.);
        for (weight, scores) in
            [(hyper.r1, &self.work.real_scores), (hyper.r2, &self.work.fake_scores)]
        {
            if weight > 0. {
                sum += penalise(
                    held(scores)?,
                    PenaltyTarget::Flat,
                    weight,
                    gradients,
                    &mut self.workspace,
                )?;
            }
        }
        if hyper.penalty > 0. {
            let (real, fake) = (held(&self.work.real)?, held(&self.work.fake)?);
            let between = penalty::between(real, fake, hyper.pack as usize, &mut self.mixing)?;
            let pass = Pass::Train(&mut self.dropout);
            let scored =
                self.d.net.trace(&between, &self.work.labels, pass, &mut self.workspace)?;
            sum += penalise(
                &scored,
                PenaltyTarget::One,
                hyper.penalty,
                gradients,
                &mut self.workspace,
            )?;
        }
        Ok(sum)
    }

    /// One step of G, and of the average that is shown.
    pub(super) fn update_generator(&mut self) -> Result<()> {
        let scored = held(&self.work.fake_scores)?;
        // Only a loss that compares reads the scores of real digits; a step of
        // G alone has none.
        let real = self.work.real_scores.as_ref().unwrap_or(scored).output();
        let scores = Scores { real, fake: scored.output() };
        let loss = self.hyper.loss.generator(&scores, self.hyper.targets, 1.)?;
        self.losses.generator = finite(loss.value, "G's loss", self.iterations)?;
        let mut gradients = GradStore::default();
        let push =
            entered(scored.backward(loss.by_fake, true, &mut gradients, &mut self.workspace)?)?;
        held(&self.work.made)?.backward(
            push.clone(),
            false,
            &mut gradients,
            &mut self.workspace,
        )?;
        self.work.push = Some(push);
        let start = self.workspace.meter.start();
        self.stats.g_norm = finite(self.g.norm(&mut gradients)?, "G's gradient", self.iterations)?;
        // D looked on.
        take_in(&[(&self.g.net, "G"), (&self.d.net, "D")], self.iterations)?;
        self.g.step(&gradients)?;
        self.average.follow(&self.g, self.hyper.kept(self.iterations))?;
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
