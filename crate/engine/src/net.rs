//! Nets as lists of layers: built by inferring inputs, run in training or in sampling mode, trained or frozen.

mod layer;

pub use layer::{Init, Layer};

use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;
use layer::Unit;
use rand_chacha::ChaCha8Rng;

/// How a net is run.
pub enum Pass<'a> {
    /// With the batch's own statistics and with dropout, drawn from the generator given.
    Train(&'a mut ChaCha8Rng),
    /// The same, its weights held still: gradients reach the input only.
    Frozen(&'a mut ChaCha8Rng),
    /// With running statistics and without dropout: a function of the input alone.
    Eval,
}

/// A list of layers with their weights.
pub struct Net {
    layers: Vec<Layer>,
    units: Vec<Unit>,
}

impl Net {
    /// Builds `layers` onto an input of (rows, inputs); variables are named `<index>.weight` and so on under `vb`.
    pub fn build(layers: Vec<Layer>, inputs: usize, init: Init, vb: &VarBuilder) -> Result<Self> {
        let mut width = inputs;
        let mut units = Vec::with_capacity(layers.len());
        for (i, layer) in layers.iter().enumerate() {
            units.push(Unit::build(layer, width, init, &vb.pp(i))?);
            width = layer.outputs(width);
        }
        Ok(Self { layers, units })
    }

    /// The layers it was built from.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// (rows, inputs) -> (rows, outputs).
    pub fn forward(&self, x: &Tensor, mut pass: Pass) -> Result<Tensor> {
        let mut y = x.clone();
        for unit in &self.units {
            y = unit.forward(&y, &mut pass)?;
        }
        Ok(y)
    }
}

/// How many weights `layers` have on an input of `inputs`, without building them.
pub fn weights(layers: &[Layer], inputs: usize) -> u64 {
    let mut width = inputs;
    let mut sum = 0u64;
    for layer in layers {
        sum = sum.saturating_add(layer.weights(width));
        width = layer.outputs(width);
    }
    sum
}

#[cfg(test)]
mod tests;
