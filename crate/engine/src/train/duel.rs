//! One generator against one discriminator: algorithm 1 of Goodfellow et al. 2014, phase by phase.

use candle_core::backprop::GradStore;
use candle_core::{Device, Tensor};
use rand_chacha::ChaCha8Rng;

use super::player::{Average, Player};
use super::{Config, Losses, Phase, Standing, State};
use crate::chance::{Purpose, stream};
use crate::data::{Dataset, PIXELS, Sampler};
use crate::error::{Error, Result};
use crate::loss::Scores;
use crate::net::{Net, Pass};
use crate::optim::Settings;
use crate::recipe::{Hyper, Recipe};

/// The game: both players, chance, and the phase that is next.
pub(super) struct Duel {
    recipe: &'static Recipe,
    /// In force; `tuned` takes its place when an iteration starts.
    hyper: Hyper,
    tuned: Hyper,
    g: Player,
    d: Player,
    average: Average,
    latents: ChaCha8Rng,
    dropout: ChaCha8Rng,
    sampler: Sampler,
    iterations: u32,
    phase: Phase,
    d_done: u32,
    losses: Losses,
    work: Work,
}

/// What one phase leaves for the next; empty between iterations.
#[derive(Default)]
struct Work {
    real: Option<Tensor>,
    fake: Option<Tensor>,
    real_scores: Option<Tensor>,
    fake_scores: Option<Tensor>,
    indices: Vec<u32>,
}

impl Duel {
    /// Both players at their first weights.
    pub fn new(config: &Config) -> Result<Self> {
        let (recipe, hyper) = (config.recipe, config.hyper);
        let latent = hyper.latent as usize;
        let settings = |rate| Settings { rule: hyper.optimizer, rate, momentum: hyper.momentum };
        let mut weights = stream(config.seed, Purpose::Weights);
        let g = Player::new(
            (recipe.generator)(&hyper),
            latent,
            recipe.init,
            weights.clone(),
            settings(hyper.g_rate),
        )?;
        // D's weights begin far along the same stream: no generator uses 2^32 words.
        weights.set_word_pos(1 << 32);
        let d = Player::new(
            (recipe.discriminator)(&hyper),
            PIXELS,
            recipe.init,
            weights.clone(),
            settings(hyper.d_rate),
        )?;
        Ok(Self {
            average: Average::of(&g, latent, recipe.init, weights)?,
            recipe,
            hyper,
            tuned: hyper,
            g,
            d,
            latents: stream(config.seed, Purpose::Latents),
            dropout: stream(config.seed, Purpose::Dropout),
            sampler: Sampler::new(config.seed),
            iterations: 0,
            phase: Phase::Draw,
            d_done: 0,
            losses: Losses::default(),
            work: Work::default(),
        })
    }

    /// Takes effect when the next iteration starts.
    pub fn tune(&mut self, hyper: Hyper) {
        self.tuned = hyper;
    }

    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    pub fn losses(&self) -> Losses {
        self.losses
    }

    pub fn next_phase(&self) -> Phase {
        self.phase
    }

    /// Whether no iteration is under way.
    pub fn settled(&self) -> bool {
        self.phase == Phase::Draw && self.d_done == 0
    }

    pub fn sampler(&self) -> &Sampler {
        &self.sampler
    }

    /// G, as digits are shown from it: the running average.
    pub fn shown(&self) -> &Net {
        &self.average.net
    }

    /// Both nets as they train: (G, D).
    pub fn nets(&self) -> (&Net, &Net) {
        (&self.g.net, &self.d.net)
    }

    /// Plays the next phase. On an error the iteration is given up, its weights not moved by what failed.
    pub fn advance(&mut self, data: &mut Dataset) -> Result<Standing> {
        let played = self.play(data);
        if played.is_err() {
            self.phase = Phase::Draw;
            self.d_done = 0;
            self.work = Work::default();
        }
        played
    }

    fn play(&mut self, data: &mut Dataset) -> Result<Standing> {
        self.phase = match self.phase {
            Phase::Draw => {
                if self.settled() {
                    self.adopt_tuning();
                }
                if !self.draw(data)? {
                    return Ok(Standing::Waiting);
                }
                Phase::Generate
            }
            Phase::Generate => {
                self.work.fake = Some(self.generate()?);
                Phase::DReal
            }
            Phase::DReal => {
                let scores = self.d.net.forward(held(&self.work.real)?, Pass::Train(&mut self.dropout))?;
                self.work.real_scores = Some(scores);
                Phase::DFake
            }
            Phase::DFake => {
                let fake = held(&self.work.fake)?.detach();
                self.work.fake_scores = Some(self.d.net.forward(&fake, Pass::Train(&mut self.dropout))?);
                Phase::DUpdate
            }
            Phase::DUpdate => {
                self.update_discriminator()?;
                self.d_done += 1;
                if self.d_done < self.hyper.d_steps { Phase::Draw } else { Phase::GGenerate }
            }
            Phase::GGenerate => {
                if self.hyper.fresh_fakes {
                    self.work.fake = Some(self.generate()?);
                }
                Phase::GScore
            }
            Phase::GScore => {
                let fake = held(&self.work.fake)?;
                self.work.fake_scores = Some(self.d.net.forward(fake, Pass::Frozen(&mut self.dropout))?);
                Phase::GUpdate
            }
            Phase::GUpdate => {
                self.update_generator()?;
                self.iterations += 1;
                self.d_done = 0;
                self.work = Work { indices: std::mem::take(&mut self.work.indices), ..Work::default() };
                self.phase = Phase::Draw;
                return Ok(Standing::Done);
            }
        };
        Ok(Standing::Amid)
    }

    fn adopt_tuning(&mut self) {
        self.hyper = self.tuned;
        self.g.tune(self.hyper.g_rate, self.hyper.momentum);
        self.d.tune(self.hyper.d_rate, self.hyper.momentum);
    }

    /// Draws a real batch, (batch, 784); false while the digits it may need are not all in.
    fn draw(&mut self, data: &mut Dataset) -> Result<bool> {
        let (batch, total) = (self.hyper.batch, data.total());
        // An iteration that starts can be finished: all its batches are asked for at once.
        let wanted = if self.d_done == 0 { batch * self.hyper.d_steps } else { batch };
        if total == 0 || self.sampler.needs(wanted, total) > data.available() {
            return Ok(false);
        }
        self.sampler.draw(batch, total, &mut self.work.indices);
        let mut pixels = vec![0f32; batch as usize * PIXELS];
        data.write_batch(&self.work.indices, &mut pixels);
        self.work.real = Some(Tensor::from_vec(pixels, (batch as usize, PIXELS), &Device::Cpu)?);
        Ok(true)
    }

    /// G(z) for a batch of new latents, (batch, 784). Its graph is kept only where G's step will use it.
    fn generate(&mut self) -> Result<Tensor> {
        let (batch, latent) = (self.hyper.batch as usize, self.hyper.latent as usize);
        let mut z = vec![0f32; batch * latent];
        self.hyper.noise.fill(&mut self.latents, &mut z);
        let z = Tensor::from_vec(z, (batch, latent), &Device::Cpu)?;
        let for_generator = self.phase == Phase::GGenerate || !self.hyper.fresh_fakes;
        let pass =
            if for_generator { Pass::Train(&mut self.dropout) } else { Pass::Frozen(&mut self.dropout) };
        Ok(self.g.net.forward(&z, pass)?)
    }

    fn update_discriminator(&mut self) -> Result<()> {
        let scores = Scores {
            real: held(&self.work.real_scores)?,
            fake: held(&self.work.fake_scores)?,
            real_target: self.hyper.real_target,
        };
        let (real, fake) = ((self.recipe.loss)(&self.hyper).discriminator)(&scores)?;
        self.losses.real = self.finite(real.to_scalar()?, "D's loss on real digits")?;
        self.losses.fake = self.finite(fake.to_scalar()?, "D's loss on generated digits")?;
        let gradients = (real + fake)?.backward()?;
        self.finite_gradient(&self.d, &gradients, "D's gradient")?;
        Ok(self.d.step(&gradients)?)
    }

    fn update_generator(&mut self) -> Result<()> {
        let loss = ((self.recipe.loss)(&self.hyper).generator)(held(&self.work.fake_scores)?)?;
        self.losses.generator = self.finite(loss.to_scalar()?, "G's loss")?;
        let gradients = loss.backward()?;
        self.finite_gradient(&self.g, &gradients, "G's gradient")?;
        self.g.step(&gradients)?;
        // Early averages forget fast: the first weights are noise.
        let age = f64::from(self.iterations);
        let decay = self.hyper.ema.min((1. + age) / (10. + age));
        Ok(self.average.follow(&self.g, decay)?)
    }

    fn finite(&self, value: f32, what: &str) -> Result<f32> {
        if value.is_finite() {
            return Ok(value);
        }
        Err(Error::NotFinite { what: what.to_owned(), step: (self.iterations + 1).to_string() })
    }

    fn finite_gradient(&self, player: &Player, gradients: &GradStore, what: &str) -> Result<()> {
        self.finite(player.norm(gradients)? as f32, what).map(|_| ())
    }

    /// Everything that going on needs; only between iterations.
    pub fn save(&self) -> Result<State> {
        let mut state = State::default();
        self.g.save("g", &mut state)?;
        self.d.save("d", &mut state)?;
        self.average.save("average", &mut state);
        state.put_stream("latents", &self.latents);
        state.put_stream("dropout", &self.dropout);
        let (epoch, cursor) = self.sampler.state();
        state.numbers.insert("epoch".into(), epoch.into());
        state.numbers.insert("cursor".into(), cursor.into());
        state.numbers.insert("step".into(), self.iterations.into());
        Ok(state)
    }

    /// Takes back what [`Self::save`] gave.
    pub fn load(&mut self, state: &State) -> Result<()> {
        self.g.load("g", state)?;
        self.d.load("d", state)?;
        self.average.load("average", state)?;
        state.get_stream("latents", &mut self.latents)?;
        state.get_stream("dropout", &mut self.dropout)?;
        self.sampler.restore((state.number("epoch")? as u32, state.number("cursor")? as u32));
        self.iterations = state.number("step")? as u32;
        Ok(())
    }
}

/// What an earlier phase must have left.
fn held(tensor: &Option<Tensor>) -> Result<&Tensor> {
    tensor.as_ref().ok_or_else(|| Error::Internal { reason: "a phase was played out of order".into() })
}
