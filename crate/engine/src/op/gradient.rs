//! Central differences in f64: the judge of every backward.

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Result, Tensor, Var};

/// Largest relative error between the gradients of `f` at `inputs` and central
/// differences, over up to 40 coordinates of each input.
pub fn worst_error(inputs: &[Var], f: impl Fn() -> Result<Tensor>) -> Result<f64> {
    worst_error_of(inputs, &f()?.backward()?, || f()?.to_scalar::<f64>())
}

/// The same for `gradients` that were found in another way.
pub fn worst_error_of(
    inputs: &[Var],
    gradients: &GradStore,
    f: impl Fn() -> Result<f64>,
) -> Result<f64> {
    let mut worst: f64 = 0.;
    for var in inputs {
        let Some(gradient) = gradients.get(var) else {
            candle_core::bail!("an input has no gradient")
        };
        let gradient = gradient.flatten_all()?.to_vec1::<f64>()?;
        let start = var.as_tensor().flatten_all()?.to_vec1::<f64>()?;
        let stride = start.len().div_ceil(40);
        for i in (0..start.len()).step_by(stride) {
            let at = |offset: f64| -> Result<f64> {
                let mut moved = start.clone();
                moved[i] += offset;
                var.set(&Tensor::from_vec(moved, var.shape(), &Device::Cpu)?)?;
                f()
            };
            // A step may pass a kink of one of a net's thousands of
            // activations; a smaller one that does not decides.
            let mut error = f64::INFINITY;
            for step in [1e-5, 1e-6, 1e-7] {
                let difference = (at(step)? - at(-step)?) / (2. * step);
                let scale = difference.abs().max(gradient[i].abs()).max(1e-3);
                error = error.min((difference - gradient[i]).abs() / scale);
                if error < 1e-7 {
                    break;
                }
            }
            var.set(&Tensor::from_vec(start.clone(), var.shape(), &Device::Cpu)?)?;
            worst = worst.max(error);
        }
    }
    Ok(worst)
}

/// An f64 variable of numbers in about [-1, 1], none near 0, where activations
/// have kinks.
pub fn variable(shape: &[usize], seed: u32) -> Result<Var> {
    let n: usize = shape.iter().product();
    let number = |i: u32| {
        let hash = (i + 1).wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503));
        let unit = f64::from((hash ^ (hash >> 15)).wrapping_mul(2_246_822_519) >> 8) / 16_777_216.;
        let x = 2. * unit - 1.;
        x + 0.01 * x.signum()
    };
    let values: Vec<f64> = (0..n as u32).map(number).collect();
    Var::from_tensor(&Tensor::from_vec(values, shape, &Device::Cpu)?.to_dtype(DType::F64)?)
}
