//! Nets as lists of layers with inferred input shapes, run in training or in
//! sampling mode, trained or frozen.

mod labels;
mod layer;
mod masks;
pub mod penalty;
mod trace;
mod unit;

pub use labels::Labels;
pub use layer::Layer;
pub use masks::Masks;
pub use trace::{InputGradient, Trace};
pub use unit::Init;

use std::cell::RefCell;
use std::ops::RangeBounds;

use candle_core::{Result, bail};
use candle_nn::VarBuilder;
use rand_chacha::ChaCha8Rng;
use trace::Step;
use unit::Unit;

use crate::data::Shape;
use crate::kernel::{Batch, Workspace};
use crate::params::{Element, Params};

/// The mode of a pass.
#[derive(Clone, Copy)]
pub enum Pass<'a> {
    /// With the batch's own statistics, kept for [`Net::update_running_statistics`], and with the
    /// dropout and noise of [`Net::masks`].
    Train(&'a Masks),
    /// With the batch's own statistics, without an update of the running ones,
    /// and without dropout: the output of a player between two steps.
    Batch,
    /// With running statistics and without dropout: a function of the input
    /// alone.
    Eval,
}

/// A list of layers with their weights.
pub struct Net<T: Element = f32> {
    layers: Vec<Layer>,
    units: Vec<Unit>,
    params: Params<T>,
    /// The running statistics after the training passes since the last step,
    /// for [`Net::update_running_statistics`]; None if there were none.
    seen: RefCell<Option<Vec<T>>>,
}

impl<T: Element> Net<T> {
    /// Builds `layers` for an input of (batch, input); `vb` has the variables
    /// `<index>.weight` and so on, or draws them by `init`. Errors: layers that
    /// do not fit each other.
    pub fn build(layers: Vec<Layer>, input: Shape, init: Init, vb: &VarBuilder) -> Result<Self> {
        let (mut shape, mut params) = (input, Params::default());
        let mut units = Vec::with_capacity(layers.len());
        let mut inputs = Vec::with_capacity(layers.len());
        for (i, layer) in layers.iter().enumerate() {
            inputs.push(shape);
            if let Layer::Add { back } = *layer
                && (back == 0 || i.checked_sub(back).map(|from| inputs[from]) != Some(shape))
            {
                bail!("{layer}: no input of shape {shape} there");
            }
            let add = |name: &str, shape: &[usize], first, kind| {
                params.add(vb, i, name, shape, first, kind)
            };
            units.push(Unit::build(layer, shape, init, add)?);
            shape = layer.output(shape);
        }
        Ok(Self { layers, units, params, seen: RefCell::default() })
    }

    /// The layers it was built from.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Its variables.
    pub fn params(&self) -> &Params<T> {
        &self.params
    }

    /// Its variables, mutable.
    pub fn params_mut(&mut self) -> &mut Params<T> {
        &mut self.params
    }

    /// The first layer that multiplies by a matrix, its weights, row-major, and
    /// its number of outputs.
    pub fn first_weights(&self) -> Option<(&Layer, &[T], usize)> {
        self.layers.iter().zip(&self.units).find_map(|(layer, unit)| {
            let place = unit.product()?;
            Some((layer, &self.params.weights()[place.weight.clone()], place.bias.len()))
        })
    }

    /// (batch, inputs), the labels of the batch if a layer needs them ->
    /// (batch, outputs).
    pub fn forward<'a>(
        &self,
        x: &Batch<T>,
        labels: impl Into<Labels<'a>>,
        pass: Pass,
        ws: &mut Workspace,
    ) -> Result<Batch<T>> {
        self.walk(&self.units, x, labels.into(), pass, ws, None)
    }

    /// The same for some of its layers, given the input of the first of them;
    /// no `Add` among them can refer to a layer before it.
    pub fn forward_part<'a>(
        &self,
        layers: impl RangeBounds<usize>,
        x: &Batch<T>,
        labels: impl Into<Labels<'a>>,
        pass: Pass,
        ws: &mut Workspace,
    ) -> Result<Batch<T>> {
        let layers = (layers.start_bound().cloned(), layers.end_bound().cloned());
        self.walk(&self.units[layers], x, labels.into(), pass, ws, None)
    }

    /// The same as [`Self::forward`], with what the backward pass needs.
    pub fn trace<'a>(
        &self,
        x: &Batch<T>,
        labels: impl Into<Labels<'a>>,
        pass: Pass,
        ws: &mut Workspace,
    ) -> Result<Trace<T>> {
        let mut steps = Vec::with_capacity(self.units.len());
        let output = self.walk(&self.units, x, labels.into(), pass, ws, Some(&mut steps))?;
        Ok(Trace::new(output, steps))
    }

    /// Takes from `rng` the random numbers that a training pass over `rows`
    /// rows needs.
    pub fn masks(&self, rows: usize, rng: &mut ChaCha8Rng) -> Masks {
        let (mut unit_rows, mut words) = (rows, 0);
        for unit in &self.units {
            words += unit.random_words(unit_rows);
            if let Unit::Pack { count, .. } = unit {
                unit_rows /= count;
            }
        }
        Masks::take(rng, words, rows)
    }

    /// Whether the running statistics stay finite after [`Self::update_running_statistics`].
    pub fn statistics_are_finite(&self) -> bool {
        self.seen.borrow().iter().flatten().all(|number| number.wide().is_finite())
    }

    /// Updates the running statistics of batch norms with the training passes
    /// since the last call.
    pub fn update_running_statistics(&mut self) {
        if let Some(seen) = self.seen.take() {
            self.params.statistics_mut().copy_from_slice(&seen);
        }
    }

    /// Discards the statistics of the training passes since the last
    /// [`Self::update_running_statistics`].
    pub fn forget(&self) {
        self.seen.take();
    }

    /// The input of the second layer that multiplies by a matrix: the first
    /// hidden layer, normalised and activated, (batch, its size); the output if
    /// there is no second one. In sampling mode, [`Pass::Eval`].
    pub fn first_hidden<'a>(
        &self,
        x: &Batch<T>,
        labels: impl Into<Labels<'a>>,
        ws: &mut Workspace,
    ) -> Result<Batch<T>> {
        let mut places = self.units.iter().enumerate().filter(|(_, unit)| unit.product().is_some());
        let end = places.nth(1).map_or(self.units.len(), |(place, _)| place);
        self.walk(&self.units[..end], x, labels.into(), Pass::Eval, ws, None)
    }

    /// Runs units in order; adds to `steps` what the backward pass needs.
    fn walk(
        &self,
        units: &[Unit],
        x: &Batch<T>,
        labels: Labels,
        pass: Pass,
        ws: &mut Workspace,
        mut steps: Option<&mut Vec<Step<T>>>,
    ) -> Result<Batch<T>> {
        let mut y = x.clone();
        let mut masks = if let Pass::Train(masks) = pass { Some(masks.clone()) } else { None };
        // The input of each layer, if a later one adds it, and the number of
        // steps before it.
        let residual = units.iter().any(|unit| matches!(unit, Unit::Add { .. }));
        let mut inputs = Vec::with_capacity(units.len());
        for unit in units {
            if residual {
                inputs.push((y.clone(), steps.as_ref().map_or(0, |steps| steps.len())));
            }
            if let Unit::Add { back } = unit {
                let (input, from) = &inputs[inputs.len() - 1 - back];
                y = y.plus(input);
                if let Some(steps) = &mut steps {
                    steps.push(Step::Add { from: *from });
                }
                continue;
            }
            let Some(op) = unit.operation(&y, labels, pass, &mut masks, &self.params)? else {
                continue;
            };
            let place = unit.place();
            let x = y;
            y = op.forward(&x, place.weights(self.params.weights()), ws)?;
            if let Pass::Train(_) = pass {
                unit.note(op.statistics(), &self.params, &self.seen);
            }
            if let Some(steps) = &mut steps {
                steps.push(Step::Operation { op, place, x, y: y.clone() });
            }
        }
        Ok(y)
    }
}

/// The output shape of the last of `layers` for the `input` shape of the first.
pub fn output(layers: &[Layer], input: Shape) -> Shape {
    layers.iter().fold(input, |shape, layer| layer.output(shape))
}

/// The number of weights of `layers` on an input of shape `input`, without
/// building them.
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
