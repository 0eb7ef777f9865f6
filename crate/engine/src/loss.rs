//! What the players minimise, as functions of logits: all finite for logits of +-1000.

use candle_core::{Result, Tensor};

use crate::op::softplus;

/// What the discriminator said, each (rows, 1) logits.
pub struct Scores<'a> {
    /// Of real digits.
    pub real: &'a Tensor,
    /// Of generated digits.
    pub fake: &'a Tensor,
    /// What "real" is called: 1, or less with one-sided label smoothing (arXiv:1606.03498, section 3.4).
    pub real_target: f64,
}

/// The losses of one kind of GAN, each a scalar.
#[derive(Clone, Copy)]
pub struct Loss {
    /// D's two terms, on real and on generated digits; it minimises their sum.
    pub discriminator: fn(&Scores) -> Result<(Tensor, Tensor)>,
    /// G's, from D's logits of generated digits.
    pub generator: fn(&Tensor) -> Result<Tensor>,
}

/// G maximises log D(G(z)): the same fixed point, and gradients while D still wins (Goodfellow et al. 2014, section 3).
pub const NON_SATURATING: Loss =
    Loss { discriminator: cross_entropies, generator: |fake| cross_entropy(fake, 1.) };

/// G minimises log(1 - D(G(z))): the game as equation 1 of Goodfellow et al. 2014 states it.
pub const MINIMAX: Loss =
    Loss { discriminator: cross_entropies, generator: |fake| cross_entropy(fake, 0.)?.neg() };

fn cross_entropies(scores: &Scores) -> Result<(Tensor, Tensor)> {
    Ok((cross_entropy(scores.real, scores.real_target)?, cross_entropy(scores.fake, 0.)?))
}

/// Mean of -t log s(x) - (1 - t) log(1 - s(x)) = softplus(-x) for t = 1, softplus(x) for t = 0, and between them
/// t softplus(-x) + (1 - t) softplus(x), so that no difference of large numbers is taken.
fn cross_entropy(logits: &Tensor, target: f64) -> Result<Tensor> {
    if target == 1. {
        return softplus(&logits.neg()?)?.mean_all();
    }
    if target == 0. {
        return softplus(logits)?.mean_all();
    }
    let yes = (softplus(&logits.neg()?)?.mean_all()? * target)?;
    let no = (softplus(logits)?.mean_all()? * (1. - target))?;
    yes + no
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, Var};

    fn logits(values: &[f32]) -> Tensor {
        Tensor::from_slice(values, (values.len(), 1), &Device::Cpu).unwrap()
    }

    fn read(loss: &Tensor) -> f32 {
        loss.to_scalar::<f32>().unwrap()
    }

    /// torch.nn.functional.binary_cross_entropy_with_logits of [-2, 0.5, 3] against 1, 0, 0.9 and the minimax loss.
    #[test]
    fn values_are_those_of_binary_cross_entropy() {
        let x = logits(&[-2., 0.5, 3.]);
        let scores = |real_target| Scores { real: &x, fake: &x, real_target };
        let (real, fake) = (NON_SATURATING.discriminator)(&scores(1.)).unwrap();
        assert!((read(&real) - 0.883_197_4).abs() < 1e-6 && (read(&fake) - 1.383_197_4).abs() < 1e-6);
        let (smooth, _) = (NON_SATURATING.discriminator)(&scores(0.9)).unwrap();
        assert!((read(&smooth) - 0.933_197_4).abs() < 1e-6);
        assert_eq!(read(&(NON_SATURATING.generator)(&x).unwrap()), read(&real));
        assert_eq!(read(&(MINIMAX.generator)(&x).unwrap()), -read(&fake));
    }

    #[test]
    fn losses_and_gradients_are_finite_for_huge_logits() {
        for loss in [NON_SATURATING, MINIMAX] {
            let x = Var::from_tensor(&logits(&[-1e3, 1e3, 0.])).unwrap();
            for target in [1., 0.9] {
                let scores = Scores { real: &x, fake: &x, real_target: target };
                let (real, fake) = (loss.discriminator)(&scores).unwrap();
                for value in [real, fake, (loss.generator)(&x).unwrap()] {
                    assert!(read(&value).is_finite());
                    let gradients = value.backward().unwrap();
                    let g = gradients.get(&x).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
                    assert!(g.iter().all(|g| g.is_finite() && g.abs() <= 1.), "{g:?}");
                }
            }
        }
    }
}
