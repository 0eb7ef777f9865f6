//! Nets as lists of layers: built by inferring inputs, run in training or in
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

/// How a net is run.
#[derive(Clone, Copy)]
pub enum Pass<'a> {
    /// With the batch's own statistics, which [`Net::take_in`] waits for, and
    /// with dropout and noise: those of [`Net::masks`].
    Train(&'a Masks),
    /// With the batch's own statistics, which move nothing, and without
    /// dropout: what a player of the game says between two steps.
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
    /// What running statistics become when a step takes in what was seen since
    /// the last one.
    seen: RefCell<Option<Vec<T>>>,
}

impl<T: Element> Net<T> {
    /// Builds `layers` onto an input of (batch, input); `vb` has the variables
    /// `<index>.weight` and so on, or draws them by `init`. Errors: layers that
    /// do not fit each other.
    pub fn build(layers: Vec<Layer>, input: Shape, init: Init, vb: &VarBuilder) -> Result<Self> {
        let (mut shape, mut params) = (input, Params::default());
        let mut units = Vec::with_capacity(layers.len());
        let mut entered = Vec::with_capacity(layers.len());
        for (i, layer) in layers.iter().enumerate() {
            entered.push(shape);
            if let Layer::Add { back } = *layer
                && (back == 0 || i.checked_sub(back).map(|from| entered[from]) != Some(shape))
            {
                bail!("{layer} finds no {shape} there");
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

    /// Its variables, to be moved.
    pub fn params_mut(&mut self) -> &mut Params<T> {
        &mut self.params
    }

    /// The first layer that has weights, those, row-major, and its outputs.
    pub fn first_weights(&self) -> Option<(&Layer, &[T], usize)> {
        self.layers.iter().zip(&self.units).find_map(|(layer, unit)| {
            let place = unit.product()?;
            Some((layer, &self.params.weights()[place.weight.clone()], place.bias.len()))
        })
    }

    /// (batch, inputs), the labels of the batch where a layer wants them ->
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

    /// The same of some of its layers, given what enters the first of them; no
    /// `Add` among them may reach before it.
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

    /// The same, with what its backward needs.
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

    /// Takes the random numbers that a training pass over `rows` rows needs from
    /// `rng`.
    pub fn masks(&self, rows: usize, rng: &mut ChaCha8Rng) -> Masks {
        let (mut here, mut words) = (rows, 0);
        for unit in &self.units {
            words += unit.random_words(here);
            if let Unit::Pack { count, .. } = unit {
                here /= count;
            }
        }
        Masks::take(rng, words, rows)
    }

    /// Whether running statistics stay finite under [`Self::take_in`].
    pub fn seen_is_finite(&self) -> bool {
        self.seen.borrow().iter().flatten().all(|number| number.wide().is_finite())
    }

    /// Takes what batch norms saw since the last call, in passes that train,
    /// into their running statistics.
    pub fn take_in(&mut self) {
        if let Some(seen) = self.seen.take() {
            self.params.statistics_mut().copy_from_slice(&seen);
        }
    }

    /// Forgets what they saw.
    pub fn forget(&self) {
        self.seen.take();
    }

    /// What enters the second layer that has weights: the first hidden layer,
    /// normalised and activated, (batch, its size); of a net with one
    /// such layer, the output. As when sampling.
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

    /// Runs units one after another; adds to `steps` what a backward needs.
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
        // What entered each layer, where a later one may add it, and how many
        // steps there were before it.
        let residual = units.iter().any(|unit| matches!(unit, Unit::Add { .. }));
        let mut entered = Vec::with_capacity(units.len());
        for unit in units {
            if residual {
                entered.push((y.clone(), steps.as_ref().map_or(0, |steps| steps.len())));
            }
            if let Unit::Add { back } = unit {
                let (before, from) = &entered[entered.len() - 1 - back];
                y = y.plus(before);
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

/// What leaves the last of `layers` when `input` enters the first.
pub fn output(layers: &[Layer], input: Shape) -> Shape {
    layers.iter().fold(input, |shape, layer| layer.output(shape))
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
