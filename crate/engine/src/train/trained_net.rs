//! A net in training: its weights, its optimiser, and its part of a run's
//! state.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::VarBuilder;
use rand_chacha::ChaCha8Rng;

use super::State;
use super::spectral::Spectral;
use crate::data::Shape;
use crate::kernel::{Workspace, sum_of_squares};
use crate::net::{Init, Layer, Net};
use crate::optim::{Optimizer, Settings};
use crate::params::first_weights;

/// A net in training: G or D.
pub(super) struct TrainedNet {
    pub net: Net,
    /// Gradient by all its weights, as summed so far in this step.
    pub gradient: Vec<f32>,
    optimizer: Optimizer,
    /// Its raw weights, if its matrices are normalised.
    spectral: Option<Spectral>,
}

impl TrainedNet {
    /// Builds `layers` on `input`, with initial weights drawn from `rng`; their
    /// matrices are divided by their spectral norm if `normalised`.
    pub fn new(
        layers: Vec<Layer>,
        input: Shape,
        init: Init,
        rng: ChaCha8Rng,
        settings: Settings,
        normalised: bool,
    ) -> Result<Self> {
        let mut net = Net::build(layers, input, init, &first_weights(rng))?;
        let count = net.params().weights().len();
        let spectral =
            normalised.then(|| Spectral::new(net.params_mut(), &mut Workspace::default()));
        let optimizer = Optimizer::new(count, settings);
        Ok(Self { net, gradient: vec![0.; count], optimizer, spectral })
    }

    /// Sets the learning rate and the decays; the rule stays.
    pub fn tune(&mut self, settings: Settings) {
        self.optimizer.tune(settings);
    }

    /// Converts the gradient by the weights that the net uses into that by the
    /// weights that its optimiser moves, and returns its Euclidean norm; NaN or
    /// infinite if any element is.
    pub fn norm(&mut self) -> f64 {
        if let Some(spectral) = &self.spectral {
            spectral.raw_gradient(self.net.params().weights(), &mut self.gradient);
        }
        f64::from(sum_of_squares(&self.gradient)).sqrt()
    }

    /// One step of its optimiser, on a gradient converted by [`Self::norm`];
    /// then weights are clipped to +-`clip`, if given, and matrices are divided
    /// again. If the norm is finite in f32, no gradient is over 2e19, and no
    /// rate is over 1: finite weights and moments stay finite.
    pub fn step(&mut self, clip: Option<f32>, ws: &mut Workspace) {
        let used = self.net.params_mut().weights_mut();
        let moved = self.spectral.as_mut().map_or(&mut *used, Spectral::raw);
        self.optimizer.step(moved, &self.gradient);
        if let Some(bound) = clip {
            moved.iter_mut().for_each(|weight| *weight = weight.clamp(-bound, bound));
        }
        if let Some(spectral) = &mut self.spectral {
            spectral.normalise(used, ws);
        }
    }

    /// Adds weights, moments and steps to `state` under `name`.
    pub fn save(&self, name: &str, state: &mut State) -> Result<()> {
        state.put_params(name, self.net.params())?;
        for variable in self.net.params().trained() {
            for (i, moments) in self.optimizer.moments().iter().enumerate() {
                let moments = &moments[variable.range.clone()];
                let tensor = Tensor::from_slice(moments, variable.shape.as_slice(), &Device::Cpu)?;
                state.tensors.push((format!("{name}_optimizer.{}.{i}", variable.name), tensor));
            }
        }
        state.numbers.insert(format!("{name}_optimizer.steps"), u64::from(self.optimizer.steps()));
        self.spectral.iter().try_for_each(|spectral| spectral.save(name, state))
    }

    /// Restores what [`Self::save`] added.
    pub fn load(&mut self, name: &str, state: &State) -> Result<()> {
        state.get_params(name, self.net.params_mut())?;
        if let Some(spectral) = &mut self.spectral {
            let used = self.net.params_mut().weights_mut();
            spectral.load(name, state, used, &mut Workspace::default())?;
        }
        let mut moments = self.optimizer.moments().to_vec();
        for variable in self.net.params().trained() {
            for (i, moments) in moments.iter_mut().enumerate() {
                let named = format!("{name}_optimizer.{}.{i}", variable.name);
                let numbers = state.numbers_of(&named, &variable.shape)?;
                moments[variable.range.clone()].copy_from_slice(&numbers);
            }
        }
        self.optimizer.restore(state.count(&format!("{name}_optimizer.steps"))?, moments)
    }
}

/// A running average of a player's weights (Yazici et al. 2019,
/// arXiv:1806.04498), in a separate net to sample from. Running statistics of
/// batch norms are averaged too: statistics computed again, from 60 batches of
/// 256 latent vectors through the averaged net, left the judge's distance
/// unchanged (over its floor, of three runs: 4.97 and 4.89, 8.24 and 8.37, 37.3
/// and 37.4).
pub(super) struct Average {
    pub net: Net,
}

impl Average {
    /// A net like `player`'s, with the same weights.
    pub fn of(player: &TrainedNet, input: Shape) -> Result<Self> {
        let zeros = VarBuilder::zeros(DType::F32, &Device::Cpu);
        let mut net = Net::build(player.net.layers().to_vec(), input, Init::Torch, &zeros)?;
        net.params_mut().weights_mut().copy_from_slice(player.net.params().weights());
        net.params_mut().statistics_mut().copy_from_slice(player.net.params().statistics());
        Ok(Self { net })
    }

    /// average = decay average + (1 - decay) weights.
    pub fn update(&mut self, player: &TrainedNet, decay: f64) {
        let share = 1. - decay as f32;
        let follow = |average: &mut [f32], numbers: &[f32]| {
            average.iter_mut().zip(numbers).for_each(|(m, v)| *m += share * (v - *m));
        };
        let (average, params) = (self.net.params_mut(), player.net.params());
        follow(average.weights_mut(), params.weights());
        follow(average.statistics_mut(), params.statistics());
    }

    /// Adds the averages to `state`.
    pub fn save(&self, name: &str, state: &mut State) -> Result<()> {
        state.put_params(name, self.net.params())
    }

    /// Restores what [`Self::save`] added.
    pub fn load(&mut self, name: &str, state: &State) -> Result<()> {
        state.get_params(name, self.net.params_mut())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, PIXELS, Sample};
    use crate::kernel::Batch;
    use crate::net::Pass;
    use crate::optim::Rule;
    use crate::recipe::{ALL, Recipe};
    use crate::rng::{Purpose, stream};

    /// A loss of a discriminator's scores of four digits; adds its gradient by
    /// the weights that the net uses to `d.gradient`.
    fn loss(d: &mut TrainedNet, digits: &Batch) -> f64 {
        let masks = d.net.masks(4, &mut stream(1, Purpose::Dropout));
        let ws = &mut Workspace::default();
        let trace = d.net.trace(digits, &[3, 1, 4, 1], Pass::Train(&masks), ws).unwrap();
        d.net.forget();
        let output = trace.output();
        let weight = |i: usize| 1. + (1.7 * i as f32).sin();
        let all = || output.numbers().iter().enumerate();
        let value: f32 = all().map(|(i, y)| weight(i) * y.sin()).sum();
        let slope: Vec<f32> = all().map(|(i, y)| weight(i) * y.cos()).collect();
        let slope = Batch::new(output.rows(), slope);
        trace.backward(&d.net, slope, false, Some(&mut d.gradient), ws).unwrap();
        value.into()
    }

    /// The derivative along the gradient is the gradient's norm, in f32, while
    /// the divisors of the matrices change too.
    fn check(recipe: &Recipe, spectral: bool) {
        let mut hyper = recipe.hyper;
        for (key, value) in
            [("g_channels", "3"), ("d_channels", "3"), ("d_hidden", "20-12"), ("net", "conv")]
        {
            if let Ok(knob) = recipe.knob(key) {
                knob.set(&mut hyper, value).unwrap();
            }
        }
        let settings = |rate| Settings { rule: Rule::Sgd, rate, momentum: 0., beta2: 0. };
        let (layers, weights) =
            ((recipe.discriminator)(&hyper, Sample::DIGIT), stream(1, Purpose::Weights));
        let mut d = TrainedNet::new(
            layers,
            Sample::DIGIT.shape,
            recipe.d_init,
            weights,
            settings(0.1),
            spectral,
        )
        .unwrap();
        assert_eq!(d.spectral.is_some(), spectral);
        let mut pixels = vec![0.; 4 * PIXELS];
        Dataset::drawn().write_batch(&[0, 1, 2, 3], &mut pixels);
        let digits = Batch::new(4, pixels);
        loss(&mut d, &digits);
        let norm = d.norm();
        let gradient = d.gradient.clone();
        // So that the loss changes by far more than its rounding error, and the
        // weights by little.
        let step = 2e-3 / (norm * norm);
        let mut at = |steps: f64| {
            d.gradient.copy_from_slice(&gradient);
            d.tune(settings(-steps * step));
            d.step(None, &mut Workspace::default());
            loss(&mut d, &digits)
        };
        let (above, below) = (at(1.), at(-2.));
        let slope = (above - below) / (2. * step * norm);
        assert!(
            (slope / norm - 1.).abs() < 0.03,
            "{} {spectral}: {slope}, the gradient's norm is {norm}",
            recipe.id
        );
    }

    #[test]
    fn average_starts_at_the_weights_to_the_bit() {
        let recipe = crate::recipe::find("gan").unwrap();
        let layers = (recipe.generator)(&recipe.hyper, Sample::DIGIT);
        let input = Shape::row(recipe.hyper.latents().width());
        let settings = Settings { rule: Rule::Sgd, rate: 0.1, momentum: 0., beta2: 0. };
        let rng = stream(1, Purpose::Weights);
        let g = TrainedNet::new(layers, input, recipe.g_init, rng, settings, false).unwrap();
        let average = Average::of(&g, input).unwrap();
        assert!(g.net.params().weights().iter().any(|&weight| weight != 0.));
        assert_eq!(average.net.params().weights(), g.net.params().weights());
        assert_eq!(average.net.params().statistics(), g.net.params().statistics());
    }

    #[test]
    fn gradient_norm_of_a_normalised_discriminator_is_the_slope_along_the_gradient() {
        for recipe in ALL {
            check(recipe, false);
            check(recipe, true);
        }
    }
}
