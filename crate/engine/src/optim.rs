//! Adam, RMSProp and SGD with momentum: one in-place pass a parameter, behind
//! candle-nn's `Optimizer`.

use std::cell::RefCell;

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor, Var, bail};

use crate::kernel::{AdamPass, adam, rmsprop, sgd, sum_of_squares};
use crate::op::with_slice;

/// How a gradient becomes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// arXiv:1412.6980, with epsilon 1e-8.
    Adam,
    /// Tieleman and Hinton 2012, lecture 6.5, as PyTorch has it: decay 0.99,
    /// epsilon 1e-8, no momentum.
    RmsProp,
    /// Gradient descent with Polyak's momentum, as the code of Goodfellow et
    /// al. 2014 trains.
    Sgd,
}

/// A rule and its settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How a gradient becomes a step.
    pub rule: Rule,
    /// Step size.
    pub rate: f64,
    /// Adam's beta1, or SGD's momentum.
    pub momentum: f64,
    /// Adam's beta2.
    pub beta2: f64,
}

/// RMSProp's decay of the mean square.
const MEMORY: f64 = 0.99;
/// The guard of Adam and RMSProp against division by zero.
const EPSILON: f32 = 1e-8;

/// Descends on the f32 variables it was made with.
pub struct Optimizer {
    settings: Settings,
    steps: u32,
    slots: Vec<Slot>,
}

/// A variable with what its rule remembers: Adam's two moments, RMSProp's mean
/// square, or SGD's velocity.
struct Slot {
    var: Var,
    moments: Vec<Vec<f32>>,
}

impl Optimizer {
    /// Steps taken.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// What it moves.
    pub fn variables(&self) -> impl Iterator<Item = &Var> {
        self.slots.iter().map(|slot| &slot.var)
    }

    /// Takes up another rate and other decays from the next step on; the rule
    /// stays.
    pub fn tune(&mut self, settings: Settings) {
        self.settings = Settings { rule: self.settings.rule, ..settings };
    }

    /// The moments, variable by variable in the order it was made with.
    pub fn moments(&self) -> impl Iterator<Item = &[Vec<f32>]> {
        self.slots.iter().map(|slot| slot.moments.as_slice())
    }

    /// Puts back what [`Self::steps`] and [`Self::moments`] gave. Errors: other
    /// lengths, means of squares below 0.
    pub fn restore(&mut self, steps: u32, moments: Vec<Vec<Vec<f32>>>) -> Result<()> {
        let fits = |slot: &Slot, new: &Vec<Vec<f32>>| {
            slot.moments.len() == new.len()
                && slot.moments.iter().zip(new).all(|(a, b)| a.len() == b.len())
        };
        if moments.len() != self.slots.len()
            || !self.slots.iter().zip(&moments).all(|(s, m)| fits(s, m))
        {
            bail!("the optimiser's moments do not fit its variables");
        }
        // Means of squares come last.
        let squares = |moments: &Vec<Vec<f32>>| {
            moments.last().is_none_or(|last| last.iter().all(|&x| x >= 0.))
        };
        if self.settings.rule != Rule::Sgd && !moments.iter().all(squares) {
            bail!("the optimiser's means of squares are below 0");
        }
        self.steps = steps;
        self.slots.iter_mut().zip(moments).for_each(|(slot, moments)| slot.moments = moments);
        Ok(())
    }

    /// The Euclidean norm of the gradient over all variables; NaN or infinite
    /// if any of it is.
    pub fn norm(&self, gradients: &GradStore) -> Result<f64> {
        let mut sum = 0.;
        for slot in &self.slots {
            if let Some(gradient) = gradients.get(&slot.var) {
                sum += with_slice::<f32, _>(gradient, |g| Ok(f64::from(sum_of_squares(g))))?;
            }
        }
        Ok(sum.sqrt())
    }
}

impl candle_nn::Optimizer for Optimizer {
    type Config = Settings;

    fn new(vars: Vec<Var>, settings: Settings) -> Result<Self> {
        let buffers = match settings.rule {
            Rule::Adam => 2,
            Rule::RmsProp | Rule::Sgd => 1,
        };
        let slot = |var: Var| Slot { moments: vec![vec![0.; var.elem_count()]; buffers], var };
        Ok(Self { settings, steps: 0, slots: vars.into_iter().map(slot).collect() })
    }

    fn step(&mut self, gradients: &GradStore) -> Result<()> {
        self.steps += 1;
        let steps = self.steps as i32;
        let Settings { rule, rate, momentum, beta2 } = self.settings;
        let pass = AdamPass {
            rate: rate as f32,
            share1: (1. - momentum) as f32,
            beta2: beta2 as f32,
            share2: (1. - beta2) as f32,
            epsilon: EPSILON,
            correction1: (1. - momentum.powi(steps)) as f32,
            correction2: (1. - beta2.powi(steps)) as f32,
        };
        for Slot { var, moments } in &mut self.slots {
            let Some(gradient) = gradients.get(var) else { continue };
            let update = |theta: &mut [f32], g: &[f32]| match (rule, moments.as_mut_slice()) {
                (Rule::Adam, [m, v]) => adam(theta, g, m, v, &pass),
                (Rule::RmsProp, [v]) => {
                    rmsprop(
                        theta,
                        g,
                        v,
                        rate as f32,
                        [MEMORY as f32, (1. - MEMORY) as f32],
                        EPSILON,
                    );
                }
                (Rule::Sgd, [velocity]) => sgd(theta, g, velocity, rate as f32, momentum as f32),
                _ => {}
            };
            update_in_place(var, gradient, update)?;
        }
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.settings.rate
    }

    fn set_learning_rate(&mut self, rate: f64) {
        self.settings.rate = rate;
    }
}

/// Calls `update` with a variable's own numbers and those of `other`, of the
/// same shape.
pub fn update_in_place(
    var: &Var,
    other: &Tensor,
    update: impl FnMut(&mut [f32], &[f32]),
) -> Result<()> {
    var.inplace_op2(&other.contiguous()?, &InPlace(RefCell::new(update)))
}

struct InPlace<F>(RefCell<F>);

impl<F: FnMut(&mut [f32], &[f32])> InplaceOp2 for InPlace<F> {
    fn name(&self) -> &'static str {
        "update-in-place"
    }

    fn cpu_fwd(
        &self,
        var: &mut CpuStorage,
        layout: &Layout,
        other: &CpuStorage,
        with: &Layout,
    ) -> Result<()> {
        let (CpuStorage::F32(var), CpuStorage::F32(other)) = (var, other) else {
            bail!("an update in place takes f32")
        };
        match (layout.contiguous_offsets(), with.contiguous_offsets()) {
            (Some((a, b)), Some((c, d))) if b - a == d - c => {
                (self.0.borrow_mut())(&mut var[a..b], &other[c..d]);
                Ok(())
            }
            _ => bail!("an update in place takes two contiguous tensors of one shape"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;
    use candle_nn::Optimizer as _;

    /// Ten steps on sum(theta^3 / 3 + theta) / 3 from [1, -2, 0.5].
    fn run(settings: Settings) -> Vec<f32> {
        let var = Var::from_slice(&[1f32, -2., 0.5], 3, &Device::Cpu).unwrap();
        let mut optimizer = Optimizer::new(vec![var.clone()], settings).unwrap();
        for _ in 0..10 {
            let t = var.as_tensor();
            let cube = (t * t).unwrap() * t;
            let loss = ((cube.unwrap() / 3.).unwrap() + t).unwrap().mean_all().unwrap();
            optimizer.step(&loss.backward().unwrap()).unwrap();
        }
        var.to_vec1().unwrap()
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
