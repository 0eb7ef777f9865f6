//! Adam, RMSProp and SGD with momentum: one pass over all weights of a net.

use candle_core::{Result, bail};

use crate::kernel::{AdamPass, adam, rmsprop, sgd};

/// The update rule of an optimiser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// arXiv:1412.6980, with epsilon 1e-8.
    Adam,
    /// Tieleman and Hinton 2012, lecture 6.5, as in PyTorch: decay 0.99,
    /// epsilon 1e-8, no momentum.
    RmsProp,
    /// Gradient descent with Polyak's momentum, as in the code of Goodfellow et
    /// al. 2014.
    Sgd,
}

/// A rule and its settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The update rule.
    pub rule: Rule,
    /// Step size.
    pub rate: f64,
    /// Adam's beta1, or SGD's momentum.
    pub momentum: f64,
    /// Adam's beta2.
    pub beta2: f64,
}

/// RMSProp's decay of the mean square.
const DECAY: f64 = 0.99;
/// Keeps the denominators of Adam and RMSProp above zero.
const EPSILON: f32 = 1e-8;

/// Updates a flat buffer of weights by gradient descent.
pub struct Optimizer {
    settings: Settings,
    steps: u32,
    /// The state of the rule, a number a weight in each buffer: Adam's two
    /// moments, RMSProp's mean square, or SGD's velocity.
    moments: Vec<Vec<f32>>,
}

impl Optimizer {
    /// A new optimiser for `count` weights, at step 0.
    pub fn new(count: usize, settings: Settings) -> Self {
        let buffers = match settings.rule {
            Rule::Adam => 2,
            Rule::RmsProp | Rule::Sgd => 1,
        };
        Self { settings, steps: 0, moments: vec![vec![0.; count]; buffers] }
    }

    /// Steps taken.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Sets the rate and decays from the next step on; the rule stays.
    pub fn tune(&mut self, settings: Settings) {
        self.settings = Settings { rule: self.settings.rule, ..settings };
    }

    /// The state of the rule: buffers as long as the weights.
    pub fn moments(&self) -> &[Vec<f32>] {
        &self.moments
    }

    /// Restores what [`Self::steps`] and [`Self::moments`] returned. Errors:
    /// other lengths, means of squares below 0.
    pub fn restore(&mut self, steps: u32, moments: Vec<Vec<f32>>) -> Result<()> {
        let lengths = |moments: &[Vec<f32>]| moments.iter().map(Vec::len).collect::<Vec<_>>();
        if lengths(&self.moments) != lengths(&moments) {
            bail!("the optimiser's moments do not fit its variables");
        }
        // The last buffer holds the means of squares.
        let below = |last: &Vec<f32>| !last.iter().all(|&x| x >= 0.);
        if self.settings.rule != Rule::Sgd && moments.last().is_some_and(below) {
            bail!("the optimiser's means of squares are below 0");
        }
        (self.steps, self.moments) = (steps, moments);
        Ok(())
    }

    /// Updates the weights by one step against their gradient.
    pub fn step(&mut self, weights: &mut [f32], gradient: &[f32]) {
        self.steps += 1;
        let steps = self.steps as i32;
        let Settings { rule, rate, momentum, beta2 } = self.settings;
        match (rule, self.moments.as_mut_slice()) {
            (Rule::Adam, [m, v]) => {
                let pass = AdamPass {
                    rate: rate as f32,
                    share1: (1. - momentum) as f32,
                    beta2: beta2 as f32,
                    share2: (1. - beta2) as f32,
                    epsilon: EPSILON,
                    correction1: (1. - momentum.powi(steps)) as f32,
                    correction2: (1. - beta2.powi(steps)) as f32,
                };
                adam(weights, gradient, m, v, &pass);
            }
            (Rule::RmsProp, [v]) => {
                let decays = [DECAY as f32, (1. - DECAY) as f32];
                rmsprop(weights, gradient, v, rate as f32, decays, EPSILON);
            }
            (Rule::Sgd, [velocity]) => {
                sgd(weights, gradient, velocity, rate as f32, momentum as f32);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten steps on sum(theta^3 / 3 + theta) / 3 from [1, -2, 0.5].
    fn run(settings: Settings) -> Vec<f32> {
        let mut theta = vec![1f32, -2., 0.5];
        let mut optimizer = Optimizer::new(3, settings);
        for _ in 0..10 {
            let gradient: Vec<f32> = theta.iter().map(|t| (t * t + 1.) / 3.).collect();
            optimizer.step(&mut theta, &gradient);
        }
        theta
    }

    fn close(got: &[f32], want: [f32; 3]) {
        assert!(
            got.iter().zip(want).all(|(g, w)| (g - w).abs() < 2e-6),
            "{got:?}, PyTorch has {want:?}"
        );
    }

    // import torch
    // def run(make):
    //     t = torch.tensor([1., -2., .5], requires_grad=True); o = make([t])
    //     for _ in range(10):
    //         o.zero_grad(); (t**3 / 3 + t).mean().backward(); o.step()
    //     return t.tolist()
    #[test]
    fn adam_takes_the_steps_that_pytorch_takes() {
        // run(lambda p: torch.optim.Adam(p, 0.1, (0.5, 0.999)))
        close(&run(Settings { rule: Rule::Adam, rate: 0.1, momentum: 0.5, beta2: 0.999 }), ADAM);
    }

    #[test]
    fn sgd_takes_the_steps_that_pytorch_takes() {
        // run(lambda p: torch.optim.SGD(p, 0.02, momentum=0.9))
        close(&run(Settings { rule: Rule::Sgd, rate: 0.02, momentum: 0.9, beta2: 0. }), SGD);
    }

    #[test]
    fn rmsprop_takes_the_steps_that_pytorch_takes() {
        // run(lambda p: torch.optim.RMSprop(p, 0.01))
        close(&run(Settings { rule: Rule::RmsProp, rate: 0.01, momentum: 0., beta2: 0. }), RMSPROP);
    }

    const ADAM: [f32; 3] = [0.124_899_18, -3.109_205_7, -0.464_820_53];
    const RMSPROP: [f32; 3] = [0.537_771_3, -2.544_615_3, 0.018_544_974];
    const SGD: [f32; 3] = [0.502_727_2, -3.799_659_5, 0.171_904_39];
}
