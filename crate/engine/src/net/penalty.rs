//! Exact penalties on D's slope: WGAN-GP's (Gulrajani et al. 2017,
//! arXiv:1704.00028), R1 and R2 (Mescheder et al. 2018, arXiv:1801.04406).

use candle_core::Result;

use super::{InputGradient, Net, Trace};
use crate::kernel::{Batch, Buffer, Real, Workspace};
use crate::params::Element;

/// Added under the root, so that a slope of 0 has a gradient.
const GUARD: f64 = 1e-12;

/// Points between real and generated images, (batch, image) each:
/// epsilon real + (1 - epsilon) fake (arXiv:1704.00028, algorithm 1, line 6);
/// `places` has an epsilon in [0, 1) for each image, or for each pack.
pub fn interpolate<T: Real>(real: &Batch<T>, fake: &Batch<T>, places: &[f32]) -> Batch<T> {
    let width = real.numbers().len() / places.len().max(1);
    let mut mixed = Buffer::unspecified(real.numbers().len());
    let pairs = real.numbers().chunks(width).zip(fake.numbers().chunks(width));
    for ((&place, (real, fake)), mixed) in places.iter().zip(pairs).zip(mixed.chunks_mut(width)) {
        let share = T::of(f64::from(place));
        for ((mixed, &real), &fake) in mixed.iter_mut().zip(real).zip(fake) {
            *mixed = fake + (real - fake) * share;
        }
    }
    Batch::new(real.rows(), mixed)
}

/// The slope for which a penalty is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PenaltyTarget {
    /// Norm 1: weight mean((|slope| - 1)^2) (arXiv:1704.00028, equation
    /// 3).
    One,
    /// Slope 0: weight / 2 mean(|slope|^2) (arXiv:1801.04406, equation 9).
    Zero,
}

/// The penalty at some points, with what its backward pass needs.
pub struct Penalty<T: Element = f32> {
    slope: InputGradient<T>,
    /// The gradient of the penalty with respect to the slope, (batch, inputs).
    gradient: Batch<T>,
    /// The penalty.
    pub value: f64,
}

impl<T: Element> Penalty<T> {
    /// The penalty on D at the points of the pass `trace`.
    pub fn of(
        d: &Net<T>,
        trace: &Trace<T>,
        target: PenaltyTarget,
        weight: f64,
        workspace: &mut Workspace,
    ) -> Result<Self> {
        let slope = trace.input_gradient(d, workspace)?;
        // The images of a pack have one slope.
        let rows = trace.output().rows();
        let (value, gradient) = on(slope.value.numbers(), rows, target, weight);
        Ok(Self { gradient: Batch::new(slope.value.rows(), gradient), slope, value })
    }

    /// Adds its gradient with respect to D's weights to `into`. Errors: a D
    /// that is not piecewise linear.
    pub fn backward(
        &self,
        d: &Net<T>,
        trace: &Trace<T>,
        into: &mut [T],
        workspace: &mut Workspace,
    ) -> Result<()> {
        trace.input_gradient_backward(d, &self.slope, self.gradient.clone(), into, workspace)
    }
}

/// The penalty on slopes, row by row, and its gradient with respect to each of
/// their numbers.
fn on<T: Real>(slopes: &[T], rows: usize, target: PenaltyTarget, weight: f64) -> (f64, Buffer<T>) {
    let (count, mut sum) = (rows as f64, 0.);
    let mut gradient = Buffer::unspecified(slopes.len());
    let columns = slopes.len() / rows.max(1);
    for (slope, gradient) in slopes.chunks(columns).zip(gradient.chunks_mut(columns)) {
        let square: f64 = slope.iter().map(|x| x.wide() * x.wide()).sum();
        let (value, scale) = match target {
            PenaltyTarget::One => {
                let norm = (square + GUARD).sqrt();
                ((norm - 1.).powi(2), 2. * (norm - 1.) / norm)
            }
            PenaltyTarget::Zero => (0.5 * square, 1.),
        };
        sum += value;
        let scale = T::of(weight * scale / count);
        gradient.iter_mut().zip(slope).for_each(|(gradient, &x)| *gradient = x * scale);
    }
    (weight * sum / count, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Sample, Shape};
    use crate::net::{Init, Layer, Net, Pass};
    use crate::op::Activation;
    use crate::params::first_weights;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn numbers(count: usize, phase: f64) -> Vec<f64> {
        (0..count).map(|i| (1.7 * i as f64 + phase).sin()).collect()
    }

    /// The penalty and its gradients with respect to each weight, for a critic
    /// whose weights and points are sines.
    fn penalty(target: PenaltyTarget) -> (f64, Vec<Vec<f64>>) {
        let activation = Activation::LeakyRelu;
        let layers = vec![
            Layer::Conv { channels: 3, kernel: 4, stride: 2, activation },
            Layer::Dense { outputs: 5, activation },
            Layer::Dense { outputs: 1, activation: Activation::Identity },
        ];
        let vb = first_weights(ChaCha8Rng::seed_from_u64(1));
        let mut net = Net::<f64>::build(layers, Shape::image(6, 6, 1), Init::Torch, &vb).unwrap();
        let variables = net.params().variables().to_vec();
        let phases = [(2., 0.5), (5., 1.), (3., 0.5), (6., 1.), (4., 0.5), (7., 1.)];
        for (variable, (phase, scale)) in variables.iter().zip(phases) {
            let place = &mut net.params_mut().weights_mut()[variable.range.clone()];
            let sines = numbers(place.len(), phase);
            place.iter_mut().zip(sines).for_each(|(weight, sine)| *weight = scale * sine);
        }
        let points = Batch::new(2, numbers(72, 1.));
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut ws = Workspace::default();
        let trace = net
            .trace(&points, &[], Pass::Train(&net.masks(points.rows(), &mut rng)), &mut ws)
            .unwrap();
        let penalty = Penalty::of(&net, &trace, target, 10., &mut ws).unwrap();
        let mut gradient = vec![0.; net.params().weights().len()];
        penalty.backward(&net, &trace, &mut gradient, &mut ws).unwrap();
        let weights = variables.iter().filter(|variable| variable.name.ends_with("weight"));
        let weights = weights.map(|variable| gradient[variable.range.clone()].to_vec());
        (penalty.value, weights.collect())
    }

    /// `tests/reference/penalty.py` prints these numbers: PyTorch's
    /// `autograd.grad(create_graph=True)` in f64. For each weight's gradient:
    /// its product with sines, its first number, its last.
    fn agrees(target: PenaltyTarget, value: f64, theirs: [[f64; 3]; 3]) {
        let (ours, gradients) = penalty(target);
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
    fn gradient_penalty_and_its_gradient_equal_pytorchs() {
        let theirs = [
            [-9.695_475_370_429_849, -0.472_237_888_035_408_34, 1.306_473_306_799_335],
            [-23.168_165_698_451_624, 0.438_623_197_798_522_77, -1.850_580_660_944_947_7],
            [-10.369_106_419_078_4, -10.136_526_269_692_89, -11.872_688_394_062_083],
        ];
        agrees(PenaltyTarget::One, 1.714_058_395_951_545_6, theirs);
    }

    #[test]
    fn r1_and_its_gradient_equal_pytorchs() {
        let theirs = [
            [-16.551_939_901_118_33, -0.805_733_249_500_583_3, 2.238_603_035_282_725],
            [-39.561_180_143_376_73, 0.757_912_970_816_178_5, -3.142_227_696_600_925],
            [-17.650_684_768_247_793, -17.338_432_211_200_12, -20.288_880_218_707_79],
        ];
        agrees(PenaltyTarget::Zero, 9.996_127_053_386_353, theirs);
    }

    /// Forward, back to the input, forward again along the slope's gradient,
    /// and the gradient of the weights: each takes as many products as a pass.
    #[test]
    fn a_penalty_costs_at_most_four_passes_of_the_critic() {
        let recipe = &crate::recipe::wgan_gp::RECIPE;
        let (layers, image) =
            ((recipe.discriminator)(&recipe.hyper, Sample::DIGIT), Sample::DIGIT.shape);
        let vb = first_weights(ChaCha8Rng::seed_from_u64(1));
        let net = Net::<f32>::build(layers, image, Init::Torch, &vb).unwrap();
        let points = Batch::new(4, vec![0f32; 4 * 784]);
        let (mut rng, mut ws) = (ChaCha8Rng::seed_from_u64(1), Workspace::default());
        let trace = net
            .trace(&points, &[], Pass::Train(&net.masks(points.rows(), &mut rng)), &mut ws)
            .unwrap();
        let pass = ws.meter.multiply_adds();
        let penalty = Penalty::of(&net, &trace, PenaltyTarget::One, 10., &mut ws).unwrap();
        let mut gradient = vec![0.; net.params().weights().len()];
        penalty.backward(&net, &trace, &mut gradient, &mut ws).unwrap();
        let passes = ws.meter.multiply_adds() / pass;
        assert!(pass > 0. && passes <= 4., "{passes} passes");
    }

    #[test]
    fn points_lie_between_real_and_generated_and_packs_share_their_epsilon() {
        let (real, fake) = (Batch::new(6, vec![1f64; 24]), Batch::new(6, vec![0f64; 24]));
        let points = interpolate(&real, &fake, &[0.25, 0.5, 0.]);
        let rows: Vec<&[f64]> = points.numbers().chunks(4).collect();
        assert_eq!([rows[0], rows[1]], [&[0.25; 4]; 2]);
        assert_eq!([rows[2], rows[3], rows[4], rows[5]], [[0.5; 4], [0.5; 4], [0.; 4], [0.; 4]]);
    }
}
