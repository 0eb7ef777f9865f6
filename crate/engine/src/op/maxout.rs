//! The greatest of a few: what a maxout layer (Goodfellow et al. 2013,
//! arXiv:1302.4389) does after its product.

use candle_core::{Result, Shape, Tensor, bail};

use super::Element;
use super::operation::{OnTape, Operation, View};
use crate::kernel::Workspace;

/// (rows, columns pieces) -> (rows, columns): the greatest of each `pieces`
/// neighbours. NaN is greater than any number.
pub struct Maxout {
    /// Neighbours that compete.
    pub pieces: usize,
}

/// [`Maxout`] on candle's tape.
pub fn maxout(x: &Tensor, pieces: usize) -> Result<Tensor> {
    x.apply_op1(OnTape(Maxout { pieces }))
}

/// Where in a group its greatest number is: the first of equals, NaN above all.
fn greatest<T: Element>(group: &[T]) -> usize {
    let mut best = 0;
    for (i, value) in group.iter().enumerate().skip(1) {
        let nan = |value: T| value.wide().is_nan();
        if *value > group[best] || nan(*value) && !nan(group[best]) {
            best = i;
        }
    }
    best
}

impl Operation<1> for Maxout {
    const NAME: &'static str = "maxout";

    fn forward<T: Element>(&self, [x]: [View<T>; 1], _: &mut Workspace) -> Result<(Vec<T>, Shape)> {
        let &[rows, columns] = x.dims else { bail!("maxout: takes a matrix, got {:?}", x.dims) };
        if self.pieces == 0 || !columns.is_multiple_of(self.pieces) {
            bail!("maxout: {columns} columns are not groups of {}", self.pieces);
        }
        let y = x.data.chunks_exact(self.pieces).map(|group| group[greatest(group)]).collect();
        Ok((y, Shape::from((rows, columns / self.pieces))))
    }

    fn backward<T: Element>(
        &self,
        [x]: [View<T>; 1],
        _: &[T],
        gradient: &[T],
        [wanted]: [bool; 1],
        _: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 1]> {
        let spread = || {
            let mut dx = vec![T::ZERO; x.data.len()];
            let groups = x.data.chunks_exact(self.pieces).zip(dx.chunks_exact_mut(self.pieces));
            for ((group, dx), &g) in groups.zip(gradient) {
                dx[greatest(group)] = g;
            }
            dx
        };
        Ok([wanted.then(spread)])
    }

    fn tangent<T: Element>(
        &self,
        [x]: [View<T>; 1],
        _: &[T],
        direction: &[T],
        _: &mut Workspace,
    ) -> Result<Vec<T>> {
        let groups = x.data.chunks_exact(self.pieces).zip(direction.chunks_exact(self.pieces));
        Ok(groups.map(|(group, direction)| direction[greatest(group)]).collect())
    }
}
