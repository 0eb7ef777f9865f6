//! Penalties on D's slope, exactly: WGAN-GP's (Gulrajani et al. 2017,
//! arXiv:1704.00028), R1 and R2 (Mescheder et al. 2018, arXiv:1801.04406).

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor};
use rand_chacha::ChaCha8Rng;

use super::{InputGradient, Trace};
use crate::kernel::{Real, Workspace};
use crate::op::{Element, for_element, with_slice};
use crate::rng::uniforms;

/// Under the root, so that a slope of 0 has a gradient.
const GUARD: f64 = 1e-12;

/// Points between real and generated digits, (batch, 784) each: epsilon real +
/// (1 - epsilon) fake, one epsilon in [0, 1) for each `pack` digits that D
/// judges together (algorithm 1, line 6).
pub fn between(real: &Tensor, fake: &Tensor, pack: usize, rng: &mut ChaCha8Rng) -> Result<Tensor> {
    let batch = real.dim(0)?;
    let mut shares = vec![0f32; batch / pack];
    uniforms(rng, &mut shares, 0., 1.);
    let columns = real.elem_count() / batch.max(1);
    for_element!(real.dtype(), T => {
        let mixed = with_slice::<T, _>(real, |real| with_slice::<T, _>(fake, |fake| {
            let pairs = real.chunks(columns).zip(fake.chunks(columns)).enumerate();
            Ok(pairs.flat_map(|(row, (real, fake))| {
                let share = T::of(f64::from(shares[row / pack]));
                real.iter().zip(fake).map(move |(&real, &fake)| fake + (real - fake) * share)
            }).collect::<Vec<T>>())
        }))?;
        Tensor::from_vec(mixed, real.shape(), real.device())
    })
}

/// What a slope is told to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PenaltyTarget {
    /// Of length 1: weight mean((|slope| - 1)^2) (arXiv:1704.00028, equation
    /// 3).
    One,
    /// Flat: weight / 2 mean(|slope|^2) (arXiv:1801.04406, equation 9).
    Flat,
}

/// The penalty at some points, with what its backward needs.
pub struct Penalty {
    slope: InputGradient,
    /// The penalty's own gradient by the slope, (batch, inputs).
    gradient: Tensor,
    /// The penalty.
    pub value: f64,
}

impl Penalty {
    /// The penalty on D at the points whose pass is `trace`.
    pub fn of(
        trace: &Trace,
        goal: PenaltyTarget,
        weight: f64,
        workspace: &mut Workspace,
    ) -> Result<Self> {
        let slope = trace.input_gradient(workspace)?;
        // Digits judged together have one slope.
        let rows = trace.output().dim(0)?;
        for_element!(slope.value.dtype(), T => {
            let (value, gradient) = with_slice::<T, _>(&slope.value, |at| Ok(on(at, rows, goal, weight)))?;
            let gradient = Tensor::from_vec(gradient, slope.value.shape(), slope.value.device())?;
            Ok(Self { slope, gradient, value })
        })
    }

    /// Adds its gradient by D's weights to `gradients`. Errors: a D that is not
    /// linear but for kinks.
    pub fn backward(
        &self,
        trace: &Trace,
        gradients: &mut GradStore,
        workspace: &mut Workspace,
    ) -> Result<()> {
        trace.input_gradient_backward(&self.slope, self.gradient.clone(), gradients, workspace)
    }
}

/// The penalty on slopes, row by row, and its gradient by each of their
/// numbers.
fn on<T: Element>(slopes: &[T], rows: usize, goal: PenaltyTarget, weight: f64) -> (f64, Vec<T>) {
    let (count, mut sum) = (rows as f64, 0.);
    let mut gradient = Vec::with_capacity(slopes.len());
    for slope in slopes.chunks(slopes.len() / rows.max(1)) {
        let square: f64 = slope.iter().map(|x| x.wide() * x.wide()).sum();
        let (value, scale) = match goal {
            PenaltyTarget::One => {
                let length = (square + GUARD).sqrt();
                ((length - 1.).powi(2), 2. * (length - 1.) / length)
            }
            PenaltyTarget::Flat => (0.5 * square, 1.),
        };
        sum += value;
        let scale = T::of(weight * scale / count);
        gradient.extend(slope.iter().map(|&x| x * scale));
    }
    (weight * sum / count, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Init, Layer, Net, Pass, Shape};
    use crate::op::Activation;
    use crate::params::Params;
    use candle_core::{DType, Device, Var};
    use rand_chacha::rand_core::SeedableRng;

    fn numbers(count: usize, phase: f64) -> Vec<f64> {
        (0..count).map(|i| (1.7 * i as f64 + phase).sin()).collect()
    }

    /// The penalty and its gradients by each weight, of a critic whose weights
    /// and points are made of sines.
    fn penalty(goal: PenaltyTarget) -> (f64, Vec<Vec<f64>>) {
        let params = Params::new(ChaCha8Rng::seed_from_u64(1));
        let activation = Activation::LeakyRelu;
        let layers = vec![
            Layer::Conv { channels: 3, kernel: 4, stride: 2, activation },
            Layer::Dense { outputs: 5, activation },
            Layer::Dense { outputs: 1, activation: Activation::Identity },
        ];
        let image = Shape::image(6, 6, 1);
        let net = Net::build(layers, image, Init::Torch, &params.builder(DType::F64)).unwrap();
        let set = |name: &str, phase: f64, scale: f64| {
            let (_, var) = params.all().into_iter().find(|(other, _)| other == name).unwrap();
            let values = numbers(var.elem_count(), phase).into_iter().map(|v| scale * v).collect();
            var.set(&Tensor::from_vec(values, var.shape(), &Device::Cpu).unwrap()).unwrap();
            var
        };
        let names = ["0.weight", "1.weight", "2.weight"];
        let weights: Vec<Var> =
            names.iter().zip([2., 3., 4.]).map(|(name, phase)| set(name, phase, 0.5)).collect();
        for (name, phase) in ["0.bias", "1.bias", "2.bias"].iter().zip([5., 6., 7.]) {
            set(name, phase, 1.);
        }
        let points = Tensor::from_vec(numbers(72, 1.), (2, 36), &Device::Cpu).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut ws = Workspace::default();
        let trace = net.trace(&points, &[], Pass::Train(&mut rng), &mut ws).unwrap();
        let penalty = Penalty::of(&trace, goal, 10., &mut ws).unwrap();
        let mut gradients = GradStore::default();
        penalty.backward(&trace, &mut gradients, &mut ws).unwrap();
        let read =
            |var: &Var| gradients.get(var).unwrap().flatten_all().unwrap().to_vec1().unwrap();
        (penalty.value, weights.iter().map(read).collect())
    }

    /// `tests/reference/penalty.py` prints these numbers: PyTorch's
    /// `autograd.grad(create_graph=True)` in f64. Of each weight's gradient:
    /// its product with sines, its first number, its last.
    fn agrees(goal: PenaltyTarget, value: f64, theirs: [[f64; 3]; 3]) {
        let (ours, gradients) = penalty(goal);
        assert!((ours - value).abs() < 1e-12, "{ours}");
        for (ours, theirs) in gradients.iter().zip(theirs) {
            let product: f64 = ours.iter().zip(numbers(ours.len(), 0.)).map(|(a, b)| a * b).sum();
            let ours = [product, ours[0], ours[ours.len() - 1]];
            assert!(
                ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-10),
                "{ours:?}, {theirs:?}"
            );
        }
    }

    #[test]
    fn the_penalty_and_its_gradient_are_pytorchs() {
        let theirs = [
            [-9.695_475_370_429_849, -0.472_237_888_035_408_34, 1.306_473_306_799_335],
            [-23.168_165_698_451_624, 0.438_623_197_798_522_77, -1.850_580_660_944_947_7],
            [-10.369_106_419_078_4, -10.136_526_269_692_89, -11.872_688_394_062_083],
        ];
        agrees(PenaltyTarget::One, 1.714_058_395_951_545_6, theirs);
    }

    #[test]
    fn r1_and_its_gradient_are_pytorchs() {
        let theirs = [
            [-16.551_939_901_118_33, -0.805_733_249_500_583_3, 2.238_603_035_282_725],
            [-39.561_180_143_376_73, 0.757_912_970_816_178_5, -3.142_227_696_600_925],
            [-17.650_684_768_247_793, -17.338_432_211_200_12, -20.288_880_218_707_79],
        ];
        agrees(PenaltyTarget::Flat, 9.996_127_053_386_353, theirs);
    }

    /// Forward, back to the input, forward again along the slope's gradient,
    /// and the weights': each as many products as a pass.
    #[test]
    fn a_penalty_costs_four_passes_of_the_critic() {
        let params = Params::new(ChaCha8Rng::seed_from_u64(1));
        let recipe = &crate::recipe::wgan_gp::RECIPE;
        let (layers, digit) = ((recipe.discriminator)(&recipe.hyper), crate::recipe::DIGIT);
        let net = Net::build(layers, digit, Init::Torch, &params.builder(DType::F32)).unwrap();
        let points = Tensor::zeros((4, 784), DType::F32, &Device::Cpu).unwrap();
        let (mut rng, mut ws) = (ChaCha8Rng::seed_from_u64(1), Workspace::default());
        let trace = net.trace(&points, &[], Pass::Train(&mut rng), &mut ws).unwrap();
        let pass = ws.meter.multiply_adds();
        let penalty = Penalty::of(&trace, PenaltyTarget::One, 10., &mut ws).unwrap();
        penalty.backward(&trace, &mut GradStore::default(), &mut ws).unwrap();
        let passes = ws.meter.multiply_adds() / pass;
        assert!(pass > 0. && passes <= 4., "{passes} passes");
    }

    #[test]
    fn points_lie_between_real_and_generated_and_packs_share_their_place() {
        let (real, fake) = (Tensor::ones((6, 4), DType::F64, &Device::Cpu).unwrap(), 0.);
        let fake = (&real * fake).unwrap();
        let points = between(&real, &fake, 2, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
        let rows = points.to_vec2::<f64>().unwrap();
        for pack in rows.chunks(2) {
            assert!(
                pack.iter()
                    .flatten()
                    .all(|value| (0. ..1.).contains(value) && *value == pack[0][0])
            );
        }
        assert!(rows[0] != rows[2] && rows[2] != rows[4]);
    }
}
