//! Nets as lists of layers: built by inferring inputs, run in training or in
//! sampling mode, trained or frozen.

mod layer;
pub mod penalty;
mod shape;
mod told;
mod trace;
mod unit;

pub use layer::Layer;
pub use shape::Shape;
pub use told::Told;
pub use trace::{InputGradient, Trace};
pub use unit::Init;

use std::ops::RangeBounds;

use candle_core::{Result, Tensor, bail};
use candle_nn::VarBuilder;
use rand_chacha::ChaCha8Rng;
use trace::Kept;
use unit::Unit;

use crate::kernel::Workspace;

/// How a net is run.
pub enum Pass<'a> {
    /// With the batch's own statistics, which [`Net::take_in`] waits for, and
    /// with dropout, drawn from the generator given.
    Train(&'a mut ChaCha8Rng),
    /// The same, its weights held still: gradients reach the input only.
    Frozen(&'a mut ChaCha8Rng),
    /// With the batch's own statistics, which move nothing, and without
    /// dropout: what a player of the game says between two steps.
    Batch,
    /// With running statistics and without dropout: a function of the input
    /// alone.
    Eval,
    /// The same, so recorded that the gradient of the input can be had.
    Look,
}

/// A list of layers with their weights.
pub struct Net {
    layers: Vec<Layer>,
    units: Vec<Unit>,
}

impl Net {
    /// Builds `layers` onto an input of (batch, input); variables are named
    /// `<index>.weight` and so on under `vb`. Errors: layers that do not fit
    /// each other.
    pub fn build(layers: Vec<Layer>, input: Shape, init: Init, vb: &VarBuilder) -> Result<Self> {
        let mut shape = input;
        let mut units = Vec::with_capacity(layers.len());
        let mut entered = Vec::with_capacity(layers.len());
        for (i, layer) in layers.iter().enumerate() {
            entered.push(shape);
            if let Layer::Add { back } = *layer
                && (back == 0 || i.checked_sub(back).map(|from| entered[from]) != Some(shape))
            {
                bail!("{layer} finds no {shape} there");
            }
            units.push(Unit::build(layer, shape, init, &vb.pp(i))?);
            shape = layer.output(shape);
        }
        Ok(Self { layers, units })
    }

    /// The layers it was built from.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The first layer that has weights, and those.
    pub fn first_weights(&self) -> Option<(&Layer, &Tensor)> {
        self.layers.iter().zip(&self.units).find_map(|(layer, unit)| match unit {
            Unit::Dense { weight, .. }
            | Unit::Conv { weight, .. }
            | Unit::Deconv { weight, .. } => Some((layer, weight)),
            _ => None,
        })
    }

    /// (batch, inputs), the labels of the batch where a layer wants them ->
    /// (batch, outputs).
    pub fn forward<'a>(
        &self,
        x: &Tensor,
        told: impl Into<Told<'a>>,
        pass: Pass,
        ws: &mut Workspace,
    ) -> Result<Tensor> {
        walk(&self.units, x, told.into(), pass, ws, &mut Vec::new())
    }

    /// The same of some of its layers, given what enters the first of them; no
    /// `Add` among them may reach before it.
    pub fn forward_part<'a>(
        &self,
        layers: impl RangeBounds<usize>,
        x: &Tensor,
        told: impl Into<Told<'a>>,
        pass: Pass,
        ws: &mut Workspace,
    ) -> Result<Tensor> {
        let layers = (layers.start_bound().cloned(), layers.end_bound().cloned());
        walk(&self.units[layers], x, told.into(), pass, ws, &mut Vec::new())
    }

    /// The same, with what its backward needs.
    pub fn trace<'a>(
        &self,
        x: &Tensor,
        told: impl Into<Told<'a>>,
        pass: Pass,
        ws: &mut Workspace,
    ) -> Result<Trace> {
        let mut steps = Vec::with_capacity(self.units.len());
        let output = walk(&self.units, x, told.into(), pass, ws, &mut steps)?;
        Ok(Trace::new(output, steps))
    }

    /// Whether running statistics stay finite under [`Self::take_in`].
    pub fn seen_is_finite(&self) -> Result<bool> {
        self.units.iter().try_fold(true, |so_far, unit| Ok(so_far && unit.seen_is_finite()?))
    }

    /// Takes what batch norms saw since the last call, in passes that train or
    /// freeze, into their running statistics.
    pub fn take_in(&self) -> Result<()> {
        self.units.iter().try_for_each(Unit::take_in)
    }

    /// Forgets what they saw.
    pub fn forget(&self) {
        self.units.iter().for_each(Unit::forget);
    }

    /// What enters the second layer that has weights: the first hidden layer,
    /// normalised and activated, (batch, its size); of a net with one such
    /// layer, the output. As when sampling.
    pub fn first_hidden<'a>(
        &self,
        x: &Tensor,
        told: impl Into<Told<'a>>,
        ws: &mut Workspace,
    ) -> Result<Tensor> {
        let weighted = |unit: &Unit| {
            matches!(unit, Unit::Dense { .. } | Unit::Conv { .. } | Unit::Deconv { .. })
        };
        let mut places = self.units.iter().enumerate().filter(|(_, unit)| weighted(unit));
        let end = places.nth(1).map_or(self.units.len(), |(place, _)| place);
        walk(&self.units[..end], x, told.into(), Pass::Eval, ws, &mut Vec::new())
    }
}

/// Runs units one after another; adds to `kept` what a backward needs: nothing
/// when sampling.
fn walk(
    units: &[Unit],
    x: &Tensor,
    told: Told,
    mut pass: Pass,
    ws: &mut Workspace,
    kept: &mut Vec<Kept>,
) -> Result<Tensor> {
    let mut y = x.clone();
    // What entered each layer, and how much was kept before it.
    let mut entered = Vec::with_capacity(units.len());
    for unit in units {
        entered.push((y.clone(), kept.len()));
        if let Unit::Add { back } = unit {
            let (before, from) = &entered[entered.len() - 1 - back];
            y = (y + before)?;
            kept.push(Kept::Add { from: *from });
            continue;
        }
        let run = unit.run(&y, told, &mut pass, ws)?;
        kept.extend(run.step.map(Kept::Step));
        y = run.result;
    }
    Ok(y)
}

/// How many weights `layers` have on an input of `input`, without building
/// them.
pub fn weights(layers: &[Layer], input: Shape) -> u64 {
    let mut shape = input;
    let mut sum = 0u64;
    for layer in layers {
        sum = sum.saturating_add(layer.weights(shape));
        shape = layer.output(shape);
    }
    sum
}

#[cfg(test)]
mod tests;
