//! The maximum over groups, which a maxout layer (Goodfellow et al. 2013,
//! arXiv:1302.4389) applies after its product.

use candle_core::{Result, bail};

use super::operation::{Call, Operation, WeightGradients, Weights};
use crate::kernel::{Batch, Buffer, Real, Workspace};

/// (rows, columns pieces) -> (rows, columns): the maximum of each `pieces`
/// consecutive numbers. NaN counts as greater than any number.
pub struct Maxout {
    /// Numbers per group.
    pub pieces: usize,
}

/// The index of the greatest number of a group: the first of equal ones; NaN
/// counts as greatest.
fn greatest<T: Real>(group: &[T]) -> usize {
    let mut best = 0;
    for (i, value) in group.iter().enumerate().skip(1) {
        let nan = |value: T| value.wide().is_nan();
        if *value > group[best] || nan(*value) && !nan(group[best]) {
            best = i;
        }
    }
    best
}

impl<T: Real> Operation<T> for Maxout {
    fn name(&self) -> &'static str {
        "maxout"
    }

    fn forward(&self, x: &Batch<T>, _: Weights<T>, _: &mut Workspace) -> Result<Batch<T>> {
        if self.pieces == 0 || !x.columns().is_multiple_of(self.pieces) {
            bail!("maxout: {} columns are not groups of {}", x.columns(), self.pieces);
        }
        let groups = x.numbers().chunks_exact(self.pieces);
        Ok(Batch::new(x.rows(), Buffer::of(groups.map(|group| group[greatest(group)]))))
    }

    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        _: Option<WeightGradients<T>>,
        _: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        let spread = || {
            let mut dx = Buffer::zeros(call.x.numbers().len());
            let groups = call.x.numbers().chunks_exact(self.pieces);
            let places = dx.chunks_exact_mut(self.pieces);
            for ((group, place), &g) in groups.zip(places).zip(gradient.numbers()) {
                place[greatest(group)] = g;
            }
            Batch::new(call.x.rows(), dx)
        };
        Ok(wanted.then(spread))
    }

    fn tangent(&self, call: Call<T>, direction: &Batch<T>, _: &mut Workspace) -> Result<Batch<T>> {
        let groups = call.x.numbers().chunks_exact(self.pieces);
        let moved = groups
            .zip(direction.numbers().chunks_exact(self.pieces))
            .map(|(group, direction)| direction[greatest(group)]);
        Ok(Batch::new(call.x.rows(), Buffer::of(moved)))
    }
}
