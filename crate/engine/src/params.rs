//! The variables of a net in two flat buffers with a layout: trained weights in
//! one, running statistics in the other.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use candle_core::{DType, Device, Result, Shape, Tensor, WithDType, bail};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder};
use rand_chacha::ChaCha8Rng;

use crate::kernel::{Real, normals};
use crate::rng::uniforms;

/// A number type that is both candle's and the kernels': f32 trains, f64 checks
/// gradients.
pub trait Element: Real + WithDType {}
impl Element for f32 {}
impl Element for f64 {}

/// Which of the two buffers a variable lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Moved by an optimiser.
    Weight,
    /// A running statistic of a batch norm, updated by training passes.
    Statistic,
}

/// A named variable and its range in its buffer.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// `<layer>.weight` and so on.
    pub name: String,
    /// Its dimensions.
    pub shape: Vec<usize>,
    /// Its buffer.
    pub kind: Kind,
    /// Its numbers there, row-major.
    pub range: Range<usize>,
}

/// The variables of a net.
#[derive(Clone, Default)]
pub struct Params<T = f32> {
    variables: Vec<Variable>,
    weights: Vec<T>,
    statistics: Vec<T>,
}

impl<T: Element> Params<T> {
    /// Adds the variable `name` of layer `layer` with the numbers that `vb` has
    /// for it or draws by `init`. Returns its range in its buffer.
    pub fn add(
        &mut self,
        vb: &VarBuilder,
        layer: usize,
        name: &str,
        shape: &[usize],
        init: Init,
        kind: Kind,
    ) -> Result<Range<usize>> {
        let first = vb.pp(layer).get_with_hints(shape, name, init)?;
        let first = first.to_dtype(T::DTYPE)?.flatten_all()?.to_vec1::<T>()?;
        let buffer = match kind {
            Kind::Weight => &mut self.weights,
            Kind::Statistic => &mut self.statistics,
        };
        let range = buffer.len()..buffer.len() + first.len();
        buffer.extend(first);
        let name = format!("{layer}.{name}");
        self.variables.push(Variable { name, shape: shape.to_vec(), kind, range: range.clone() });
        Ok(range)
    }

    /// Every variable, in the order of the layers.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The variables that an optimiser moves, in order.
    pub fn trained(&self) -> impl Iterator<Item = &Variable> {
        self.variables.iter().filter(|variable| variable.kind == Kind::Weight)
    }

    /// All trained weights.
    pub fn weights(&self) -> &[T] {
        &self.weights
    }

    /// The same, mutable.
    pub fn weights_mut(&mut self) -> &mut [T] {
        &mut self.weights
    }

    /// All running statistics.
    pub fn statistics(&self) -> &[T] {
        &self.statistics
    }

    /// The same, mutable.
    pub fn statistics_mut(&mut self) -> &mut [T] {
        &mut self.statistics
    }

    /// The numbers of a variable.
    pub fn numbers(&self, variable: &Variable) -> &[T] {
        match variable.kind {
            Kind::Weight => &self.weights[variable.range.clone()],
            Kind::Statistic => &self.statistics[variable.range.clone()],
        }
    }

    /// Every variable, copied to a tensor, with its name.
    pub fn tensors(&self) -> Result<Vec<(String, Tensor)>> {
        let tensor = |variable: &Variable| {
            let numbers = self.numbers(variable);
            let tensor = Tensor::from_slice(numbers, variable.shape.as_slice(), &Device::Cpu)?;
            Ok((variable.name.clone(), tensor))
        };
        self.variables.iter().map(tensor).collect()
    }

    /// Sets each variable to the tensor that `named` returns for its name.
    /// Errors: those of `named`, a different shape; no variable is set then.
    pub fn set(&mut self, named: impl Fn(&str) -> Result<Tensor>) -> Result<()> {
        let (mut weights, mut statistics) = (self.weights.clone(), self.statistics.clone());
        for Variable { name, shape, kind, range } in &self.variables {
            let tensor = named(name)?;
            if tensor.dims() != shape {
                bail!("{name} is {:?}, expected {shape:?}", tensor.dims());
            }
            let buffer = match kind {
                Kind::Weight => &mut weights,
                Kind::Statistic => &mut statistics,
            };
            let numbers = tensor.to_dtype(T::DTYPE)?.flatten_all()?.to_vec1::<T>()?;
            buffer[range.clone()].copy_from_slice(&numbers);
        }
        (self.weights, self.statistics) = (weights, statistics);
        Ok(())
    }
}

/// Initial weights, drawn from `rng` in the order in which a net requests them.
pub fn first_weights(rng: ChaCha8Rng) -> VarBuilder<'static> {
    let backend = FirstWeights(Mutex::new(rng));
    VarBuilder::from_backend(Box::new(backend), DType::F32, Device::Cpu)
}

struct FirstWeights(Mutex<ChaCha8Rng>);

impl SimpleBackend for FirstWeights {
    fn get(
        &self,
        shape: Shape,
        name: &str,
        init: Init,
        dtype: DType,
        device: &Device,
    ) -> Result<Tensor> {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values = vec![0f32; shape.elem_count()];
        match init {
            Init::Const(value) => values.fill(value as f32),
            Init::Uniform { lo, up } => uniforms(&mut rng, &mut values, lo as f32, up as f32),
            Init::Randn { mean, stdev } => {
                normals(&mut rng, &mut values);
                values.iter_mut().for_each(|v| *v = mean as f32 + stdev as f32 * *v);
            }
            Init::Kaiming { .. } => {
                bail!("{name}: weights are (in, out) here; give the deviation itself")
            }
        }
        Tensor::from_vec(values, shape, device)?.to_dtype(dtype)
    }

    fn get_unchecked(&self, name: &str, _: DType, _: &Device) -> Result<Tensor> {
        bail!("{name}: initial weights need a shape")
    }

    fn contains_tensor(&self, _: &str) -> bool {
        true
    }
}
