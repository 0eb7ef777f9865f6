//! The computation of a player's step: losses and gradients as functions of
//! weights and draws, of a batch or of a part of its rows. The gradients of the
//! parts add up to that of the batch if no layer mixes rows, or if batch norms
//! exchange their sums (`Workspace::parts`).

use super::draws::Between;
use crate::error::{Error, Result};
use crate::kernel::{Batch, Workspace};
use crate::loss::Scores;
use crate::net::penalty::{self, Penalty, PenaltyTarget};
use crate::net::{Masks, Net, Pass, Trace};
use crate::params::Element;
use crate::recipe::Hyper;

/// D's losses, each the part's share of the mean over the batch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DiscriminatorLosses {
    /// On real images.
    pub real: f64,
    /// On generated images.
    pub fake: f64,
    /// The gradient penalties.
    pub penalty: f64,
}

/// A net's pass over a batch in training.
pub(super) fn pass<T: Element>(
    net: &Net<T>,
    x: &Batch<T>,
    labels: &[u8],
    masks: &Option<Masks>,
    ws: &mut Workspace,
) -> Result<Trace<T>> {
    Ok(net.trace(x, labels, Pass::Train(required(masks)?), ws)?)
}

/// The input of a step of D: its passes over real and over generated images,
/// and those images.
pub(super) struct DiscriminatorPasses<'a, T: Element = f32> {
    pub on_real: &'a Trace<T>,
    pub on_fake: &'a Trace<T>,
    pub real: &'a Batch<T>,
    pub fake: &'a Batch<T>,
    pub labels: &'a [u8],
    /// Points between both, if D's gradient is penalised there.
    pub between: Option<&'a Between>,
}

/// The losses of D, penalties included; adds their gradient to `gradient`.
/// `share` is the part's share of the batch.
pub(super) fn discriminator<T: Element>(
    d: &Net<T>,
    passes: &DiscriminatorPasses<T>,
    hyper: &Hyper,
    share: f64,
    gradient: &mut [T],
    ws: &mut Workspace,
) -> Result<DiscriminatorLosses> {
    let DiscriminatorPasses { on_real, on_fake, .. } = *passes;
    let (real, fake) = (on_real.output(), on_fake.output());
    let scores = Scores { real: real.numbers(), fake: fake.numbers() };
    let loss = hyper.loss.discriminator(&scores, hyper.targets, share);
    for (pass, slopes) in [(on_real, loss.by_real), (on_fake, loss.by_fake)] {
        let slopes = Batch::new(pass.output().rows(), slopes);
        pass.backward(d, slopes, false, Some(gradient), ws)?;
    }
    let mut penalty = 0.;
    let mut penalise = |pass: &Trace<T>, target, weight: f64, ws: &mut Workspace| -> Result<()> {
        let on_slope = Penalty::of(d, pass, target, weight * share, ws)?;
        on_slope.backward(d, pass, gradient, ws)?;
        penalty += on_slope.value;
        Ok(())
    };
    for (weight, pass) in [(hyper.r1, on_real), (hyper.r2, on_fake)] {
        if weight > 0. {
            penalise(pass, PenaltyTarget::Zero, weight, ws)?;
        }
    }
    if let Some(Between { places, masks }) = passes.between {
        let points = penalty::interpolate(passes.real, passes.fake, places);
        let scored = d.trace(&points, passes.labels, Pass::Train(masks), ws)?;
        penalise(&scored, PenaltyTarget::One, hyper.penalty, ws)?;
    }
    Ok(DiscriminatorLosses { real: loss.real, fake: loss.fake, penalty })
}

/// `weight` times the loss of G against a fixed D, and its gradient by the
/// pixels that D scored. The scores of real images are needed if the loss
/// compares.
pub(super) fn generator<T: Element>(
    d: &Net<T>,
    on_fake: &Trace<T>,
    on_real: Option<&Trace<T>>,
    hyper: &Hyper,
    weight: f64,
    ws: &mut Workspace,
) -> Result<(f64, Batch<T>)> {
    let fake = on_fake.output();
    // A step of G alone has no scores of real images if the loss does not
    // compare.
    let real = on_real.map_or(fake, Trace::output);
    let scores = Scores { real: real.numbers(), fake: fake.numbers() };
    let loss = hyper.loss.generator(&scores, hyper.targets, weight);
    let slopes = Batch::new(fake.rows(), loss.by_fake);
    Ok((loss.value, on_fake.input_slope(d, slopes, ws)?))
}

/// A result of an earlier phase. Errors: `Internal` if it is missing.
pub(super) fn required<T>(value: &Option<T>) -> Result<&T> {
    value
        .as_ref()
        .ok_or_else(|| Error::Internal { reason: "a phase was played out of order".into() })
}

/// The value in f32. Errors: `NotFinite`.
pub(super) fn finite(value: f64, what: &str, iterations: u32) -> Result<f32> {
    let value = value as f32;
    if value.is_finite() {
        return Ok(value);
    }
    Err(Error::NotFinite { what: what.to_owned(), step: (iterations + 1).to_string() })
}

/// Updates the running statistics of the batch norms of these nets with the
/// batches seen: all of them, or none if one would not be finite. Errors:
/// `NotFinite`.
pub(super) fn update_running_statistics<const N: usize>(
    nets: [(&mut Net, &str); N],
    iterations: u32,
) -> Result<()> {
    for (net, whose) in &nets {
        if !net.statistics_are_finite() {
            let what = format!("a batch norm's statistic of {whose}");
            return Err(Error::NotFinite { what, step: (iterations + 1).to_string() });
        }
    }
    nets.into_iter().for_each(|(net, _)| net.update_running_statistics());
    Ok(())
}

#[cfg(test)]
mod tests;
