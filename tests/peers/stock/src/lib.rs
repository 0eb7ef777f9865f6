//! Stock candle: the benchmark's seed-gan as a user of candle-core and
//! candle-nn would write it.
//!
//! noise(100)-100-100-784 against 784-100-100-1. The generator's step draws
//! fresh fakes and computes gradients of the discriminator's weights too, as
//! candle's tape does.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{
    Activation, AdamW, Module, Optimizer, ParamsAdamW, Sequential, VarBuilder, VarMap, linear, seq,
};

/// Digits a step.
pub const BATCH: usize = 100;

const LATENT: usize = 100;
const HIDDEN: usize = 100;
const PIXELS: usize = 28 * 28;

/// Iterations before the clock starts.
const WARM_UP: usize = 3;

/// The two nets, each with its optimiser, and the digits they play for.
struct Game {
    generator: Sequential,
    discriminator: Sequential,
    g_optimizer: AdamW,
    d_optimizer: AdamW,
    real: Tensor,
}

impl Game {
    fn new() -> Result<Self> {
        let (g, d) = (VarMap::new(), VarMap::new());
        Ok(Self {
            generator: perceptron([LATENT, HIDDEN, HIDDEN, PIXELS], &g)?.add(Activation::Sigmoid),
            discriminator: perceptron([PIXELS, HIDDEN, HIDDEN, 1], &d)?,
            g_optimizer: adam(&g)?,
            d_optimizer: adam(&d)?,
            real: Tensor::rand(0f32, 1f32, (BATCH, PIXELS), &Device::Cpu)?,
        })
    }

    /// (BATCH, PIXELS), from new noise.
    fn fake(&self) -> Result<Tensor> {
        self.generator.forward(&Tensor::randn(0f32, 1f32, (BATCH, LATENT), &Device::Cpu)?)
    }

    /// A step of the discriminator, a step of the generator.
    fn iterate(&mut self) -> Result<()> {
        let on_real = self.discriminator.forward(&self.real)?;
        let on_fake = self.discriminator.forward(&self.fake()?.detach())?;
        let loss = (softplus(&on_real.neg()?)?.mean_all()? + softplus(&on_fake)?.mean_all()?)?;
        self.d_optimizer.backward_step(&loss)?;
        let on_fake = self.discriminator.forward(&self.fake()?)?;
        let loss = softplus(&on_fake.neg()?)?.mean_all()?;
        self.g_optimizer.backward_step(&loss)
    }
}

/// Linear layers of these widths with ReLU between them.
fn perceptron(widths: [usize; 4], variables: &VarMap) -> Result<Sequential> {
    let vb = VarBuilder::from_varmap(variables, DType::F32, &Device::Cpu);
    let layer = |i: usize| linear(widths[i], widths[i + 1], vb.pp(i));
    Ok(seq()
        .add(layer(0)?)
        .add(Activation::Relu)
        .add(layer(1)?)
        .add(Activation::Relu)
        .add(layer(2)?))
}

fn adam(variables: &VarMap) -> Result<AdamW> {
    let params = ParamsAdamW { lr: 2e-4, beta1: 0.5, beta2: 0.999, eps: 1e-8, weight_decay: 0. };
    AdamW::new(variables.all_vars(), params)
}

/// log(1 + e^x) as max(x, 0) + log(1 + e^-|x|), which does not overflow.
fn softplus(x: &Tensor) -> Result<Tensor> {
    let rest = (x.abs()?.neg()?.exp()? + 1.)?.log()?;
    x.relu()? + rest
}

/// Iterations a second over some `seconds` by `clock`, which tells seconds from
/// some moment on.
pub fn measure(seconds: f64, clock: fn() -> f64) -> Result<f64> {
    let mut game = Game::new()?;
    for _ in 0..WARM_UP {
        game.iterate()?;
    }
    let start = clock();
    let (mut iterations, mut elapsed) = (0., 0.);
    while elapsed < seconds {
        game.iterate()?;
        iterations += 1.;
        elapsed = clock() - start;
    }
    Ok(iterations / elapsed)
}

#[cfg(target_arch = "wasm32")]
mod web {
    use wasm_bindgen::prelude::{JsCast, JsError, wasm_bindgen};

    /// Iterations a second over some `seconds`, in a worker; throws what candle
    /// reports.
    #[wasm_bindgen]
    pub fn stock(seconds: f64) -> Result<f64, JsError> {
        Ok(crate::measure(seconds, now)?)
    }

    /// Seconds; not a number where there is no clock, which ends the
    /// measurement at once.
    fn now() -> f64 {
        let global = js_sys::global().unchecked_into::<web_sys::WorkerGlobalScope>();
        global.performance().map_or(f64::NAN, |performance| performance.now() / 1e3)
    }
}

#[cfg(target_arch = "wasm32")]
pub use web::stock;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softplus_is_right_and_stable() {
        let x = Tensor::new(&[-1e3f32, -1., 0., 2., 1e3], &Device::Cpu).unwrap();
        let y = softplus(&x).unwrap().to_vec1::<f32>().unwrap();
        for (y, expected) in
            y.into_iter().zip([0., 0.313_261_7, std::f32::consts::LN_2, 2.126_928, 1e3])
        {
            assert!((y - expected).abs() < 1e-6, "{y}, expected {expected}");
        }
    }

    #[test]
    fn three_iterations_leave_finite_logits() {
        let mut game = Game::new().unwrap();
        for _ in 0..3 {
            game.iterate().unwrap();
        }
        let logits = game.discriminator.forward(&game.fake().unwrap()).unwrap();
        assert_eq!(logits.dims(), [BATCH, 1]);
        assert!(
            logits.flatten_all().unwrap().to_vec1::<f32>().unwrap().iter().all(|x| x.is_finite())
        );
    }
}
