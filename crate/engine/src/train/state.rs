//! Everything that a run needs to resume bit for bit, in one list: the contents
//! of checkpoints and the input of digests.

use std::collections::BTreeMap;

use candle_core::{Result, Tensor, bail};
use rand_chacha::ChaCha8Rng;

use crate::data::{Place, Sampler};
use crate::kernel::Fnv;
use crate::params::Params;

/// Named tensors (f32) and named whole numbers, in a fixed order.
#[derive(Default)]
pub struct State {
    /// Weights, running statistics, averages, moments.
    pub tensors: Vec<(String, Tensor)>,
    /// Steps, positions of the random streams, position in the data.
    pub numbers: BTreeMap<String, u64>,
}

impl State {
    /// Adds the variables of a net under `prefix`.
    pub(super) fn put_params(&mut self, prefix: &str, params: &Params) -> Result<()> {
        let named = |(name, tensor)| (format!("{prefix}.{name}"), tensor);
        self.tensors.extend(params.tensors()?.into_iter().map(named));
        Ok(())
    }

    /// Restores what [`Self::put_params`] added.
    pub(super) fn get_params(&self, prefix: &str, params: &mut Params) -> Result<()> {
        params.set(|name| self.tensor(&format!("{prefix}.{name}")).cloned())
    }

    pub(super) fn tensor(&self, name: &str) -> Result<&Tensor> {
        match self.tensors.iter().find(|(other, _)| other == name) {
            Some((_, tensor)) => Ok(tensor),
            None => bail!("{name} is missing"),
        }
    }

    /// The numbers of a tensor of this shape, row-major.
    pub(super) fn numbers_of(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let tensor = self.tensor(name)?;
        if tensor.dims() != shape {
            bail!("{name} is {:?}, expected {shape:?}", tensor.dims());
        }
        tensor.flatten_all()?.to_vec1()
    }

    pub(super) fn number(&self, name: &str) -> Result<u64> {
        match self.numbers.get(name) {
            Some(&number) => Ok(number),
            None => bail!("{name} is missing"),
        }
    }

    /// A number that is a count, of 32 bits.
    pub(super) fn count(&self, name: &str) -> Result<u32> {
        let number = self.number(name)?;
        match u32::try_from(number) {
            Ok(count) => Ok(count),
            Err(_) => bail!("{name} is {number}, expected at most {}", u32::MAX),
        }
    }

    /// Adds the position of a random stream.
    pub(super) fn put_stream(&mut self, name: &str, rng: &ChaCha8Rng) {
        self.numbers.insert(name.to_owned(), rng.get_word_pos() as u64);
    }

    /// Moves a random stream to its saved position.
    pub(super) fn get_stream(&self, name: &str, rng: &mut ChaCha8Rng) -> Result<()> {
        rng.set_word_pos(u128::from(self.number(name)?));
        Ok(())
    }

    /// Adds the position of a run in the data, and its iterations.
    pub(super) fn put_progress(&mut self, sampler: &Sampler, iterations: u32) {
        match sampler.state() {
            Place::Drawn(drawn) => drop(self.numbers.insert("drawn".into(), drawn)),
            Place::Staged(epoch, cursor) => {
                self.numbers
                    .extend([("epoch".into(), epoch.into()), ("cursor".into(), cursor.into())]);
            }
        }
        self.numbers.insert("step".into(), iterations.into());
    }

    /// Restores what [`Self::put_progress`] added, and returns the iterations.
    pub(super) fn get_progress(&self, sampler: &mut Sampler) -> Result<u32> {
        sampler.restore(match self.numbers.get("drawn") {
            Some(&drawn) => Place::Drawn(drawn),
            None => Place::Staged(self.count("epoch")?, self.count("cursor")?),
        });
        self.count("step")
    }

    /// A hash of every bit of the state (64-bit FNV-1a over 32-bit words).
    pub fn digest(&self) -> Result<u64> {
        let mut hash = Fnv::default();
        for (_, tensor) in &self.tensors {
            let values = tensor.flatten_all()?.to_vec1::<f32>()?;
            values.iter().for_each(|value| hash.add(value.to_bits()));
        }
        for &number in self.numbers.values() {
            hash.add(number as u32);
            hash.add((number >> 32) as u32);
        }
        Ok(hash.digest())
    }
}
