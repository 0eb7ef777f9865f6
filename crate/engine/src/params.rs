//! Named, ordered, seeded variables behind candle-nn's `VarBuilder`, so that
//! nets are built as candle's own are.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use candle_core::{DType, Device, Result, Shape, Tensor, Var, bail};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder};
use rand_chacha::ChaCha8Rng;

use crate::kernel::normals;
use crate::rng::uniforms;

/// The variables of a net, in the order in which it asked for them. Clones
/// share them.
#[derive(Clone)]
pub struct Params(Arc<Mutex<Inner>>);

struct Inner {
    rng: ChaCha8Rng,
    variables: Vec<(String, Var)>,
}

/// Variables that training follows but does not descend on end so: a batch
/// norm's running statistics.
const RUNNING: [&str; 2] = ["running_mean", "running_var"];

impl Params {
    /// No variables yet; those to come are initialised from `rng` in the order
    /// asked for.
    pub fn new(rng: ChaCha8Rng) -> Self {
        Self(Arc::new(Mutex::new(Inner { rng, variables: Vec::new() })))
    }

    /// What nets are built with.
    pub fn builder(&self, dtype: DType) -> VarBuilder<'static> {
        VarBuilder::from_backend(Box::new(self.clone()), dtype, Device::Cpu)
    }

    /// Every variable, in order.
    pub fn all(&self) -> Vec<(String, Var)> {
        self.lock().variables.clone()
    }

    /// The variables that an optimiser moves, in order.
    pub fn trained(&self) -> Vec<(String, Var)> {
        self.all()
            .into_iter()
            .filter(|(name, _)| !RUNNING.iter().any(|end| name.ends_with(end)))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SimpleBackend for Params {
    fn get(
        &self,
        shape: Shape,
        name: &str,
        init: Init,
        dtype: DType,
        device: &Device,
    ) -> Result<Tensor> {
        let mut inner = self.lock();
        if inner.variables.iter().any(|(taken, _)| taken == name) {
            bail!("two variables are called {name}");
        }
        let mut values = vec![0f32; shape.elem_count()];
        match init {
            Init::Const(value) => values.fill(value as f32),
            Init::Uniform { lo, up } => uniforms(&mut inner.rng, &mut values, lo as f32, up as f32),
            Init::Randn { mean, stdev } => {
                normals(&mut inner.rng, &mut values);
                values.iter_mut().for_each(|v| *v = mean as f32 + stdev as f32 * *v);
            }
            Init::Kaiming { .. } => {
                bail!("{name}: weights lie (in, out) here; give the deviation itself")
            }
        }
        let var = Var::from_tensor(&Tensor::from_vec(values, shape, device)?.to_dtype(dtype)?)?;
        inner.variables.push((name.to_owned(), var.clone()));
        Ok(var.as_tensor().clone())
    }

    fn get_unchecked(&self, name: &str, dtype: DType, device: &Device) -> Result<Tensor> {
        match self.lock().variables.iter().find(|(taken, _)| taken == name) {
            Some((_, var)) => var.as_tensor().to_device(device)?.to_dtype(dtype),
            None => bail!("there is no variable called {name}"),
        }
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.lock().variables.iter().any(|(taken, _)| taken == name)
    }
}
