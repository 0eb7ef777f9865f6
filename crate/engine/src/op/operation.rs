//! What an operation is: a function of tensors with its backward, run by a net
//! or put on candle's tape.

use std::borrow::Cow;

use candle_core::backend::BackendStorage;
use candle_core::{
    CpuStorage, CustomOp1, CustomOp3, DType, Layout, Result, Shape, Storage, Tensor, bail,
};

use super::element::{Element, for_element, numbers};
use crate::kernel::Workspace;

/// An argument: its numbers in row-major order, and its dimensions.
#[derive(Clone, Copy)]
pub struct View<'a, T> {
    /// Row-major.
    pub data: &'a [T],
    /// Dimensions.
    pub dims: &'a [usize],
}

/// A function of N tensors with its derivative, the same for f32 and f64. One
/// object a call: what the backward needs besides the arguments and the result,
/// it keeps.
pub trait Operation<const N: usize>: Send + Sync + 'static {
    /// Its name in errors.
    const NAME: &'static str;

    /// The result and its shape. Errors: shapes that do not fit.
    fn forward<T: Element>(
        &self,
        args: [View<T>; N],
        workspace: &mut Workspace,
    ) -> Result<(Vec<T>, Shape)>;

    /// The gradient of each argument that is wanted, given the result and its
    /// gradient.
    fn backward<T: Element>(
        &self,
        args: [View<T>; N],
        result: &[T],
        gradient: &[T],
        wanted: [bool; N],
        workspace: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; N]>;

    /// Where the result moves when the first argument moves in `direction` and
    /// all else stays. Errors: an operation whose slope depends on the first
    /// argument, almost everywhere: a penalty on gradients would need its
    /// second derivative.
    fn tangent<T: Element>(
        &self,
        _args: [View<T>; N],
        _result: &[T],
        _direction: &[T],
        _workspace: &mut Workspace,
    ) -> Result<Vec<T>> {
        bail!(
            "{}: its slope is not constant, so a penalty on gradients cannot go through it",
            Self::NAME
        )
    }
}

/// Runs an operation, leaving nothing on candle's tape.
pub fn run<O: Operation<N>, const N: usize>(
    op: &O,
    args: [&Tensor; N],
    workspace: &mut Workspace,
) -> Result<Tensor> {
    for_element!(args[0].dtype(), T => {
        let (data, shape) = with_views::<T, _, N>(args, |views| op.forward(views, workspace))?;
        Tensor::from_vec(data, shape, args[0].device())
    })
}

/// The gradient of each argument that is wanted, of the argument's shape.
pub fn backward<O: Operation<N>, const N: usize>(
    op: &O,
    args: [&Tensor; N],
    result: &Tensor,
    gradient: &Tensor,
    wanted: [bool; N],
    workspace: &mut Workspace,
) -> Result<[Option<Tensor>; N]> {
    for_element!(result.dtype(), T => {
        let data = with_views::<T, _, 2>([result, gradient], |[result, gradient]| {
            with_views::<T, _, N>(args, |views| {
                op.backward(views, result.data, gradient.data, wanted, workspace)
            })
        })?;
        let mut gradients = [const { None }; N];
        for ((slot, data), arg) in gradients.iter_mut().zip(data).zip(args) {
            *slot = data.map(|data| Tensor::from_vec(data, arg.shape(), arg.device())).transpose()?;
        }
        Ok(gradients)
    })
}

/// [`Operation::tangent`] on tensors: of the result's shape.
pub fn tangent<O: Operation<N>, const N: usize>(
    op: &O,
    args: [&Tensor; N],
    result: &Tensor,
    direction: &Tensor,
    workspace: &mut Workspace,
) -> Result<Tensor> {
    for_element!(result.dtype(), T => {
        let data = with_views::<T, _, 2>([result, direction], |[result, direction]| {
            with_views::<T, _, N>(args, |views| op.tangent(views, result.data, direction.data, workspace))
        })?;
        Tensor::from_vec(data, result.shape(), result.device())
    })
}

/// Calls `f` with the numbers of tensors of one type.
fn with_views<T: Element, R, const N: usize>(
    tensors: [&Tensor; N],
    f: impl FnOnce([View<T>; N]) -> Result<R>,
) -> Result<R> {
    let storages = tensors.map(Tensor::storage_and_layout);
    let mut slices: [Cow<[T]>; N] = [const { Cow::Borrowed(&[]) }; N];
    for (slice, (storage, layout)) in slices.iter_mut().zip(&storages) {
        *slice = match &**storage {
            Storage::Cpu(storage) => numbers(storage, layout)?,
            _ => bail!("the engine's operations run on the CPU"),
        };
    }
    f(std::array::from_fn(|i| View { data: &slices[i], dims: storages[i].1.dims() }))
}

/// An operation as candle's tape knows it.
pub(super) struct OnTape<O>(pub O);

impl<O> OnTape<O> {
    fn forward<const N: usize>(
        &self,
        args: [(&CpuStorage, &Layout); N],
    ) -> Result<(CpuStorage, Shape)>
    where
        O: Operation<N>,
    {
        fn typed<T: Element, O: Operation<N>, const N: usize>(
            op: &O,
            args: [(&CpuStorage, &Layout); N],
        ) -> Result<(CpuStorage, Shape)> {
            let mut slices: [Cow<[T]>; N] = [const { Cow::Borrowed(&[]) }; N];
            for (slice, (storage, layout)) in slices.iter_mut().zip(args) {
                *slice = numbers(storage, layout)?;
            }
            let views = std::array::from_fn(|i| View { data: &slices[i], dims: args[i].1.dims() });
            let (data, shape) = op.forward(views, &mut Workspace::default())?;
            Ok((T::to_cpu_storage_owned(data), shape))
        }
        for_element!(args[0].0.dtype(), T => typed::<T, O, N>(&self.0, args))
    }

    fn backward<const N: usize>(
        &self,
        args: [&Tensor; N],
        result: &Tensor,
        gradient: &Tensor,
    ) -> Result<[Option<Tensor>; N]>
    where
        O: Operation<N>,
    {
        // candle may hand over gradients of another float type only by mistake;
        // the dispatch would misread them.
        if gradient.dtype() != result.dtype() || !matches!(result.dtype(), DType::F32 | DType::F64)
        {
            bail!("{}: a gradient of {:?} for {:?}", O::NAME, gradient.dtype(), result.dtype());
        }
        backward(
            &self.0,
            args,
            result,
            gradient,
            args.map(Tensor::track_op),
            &mut Workspace::default(),
        )
    }
}

impl<O: Operation<1>> CustomOp1 for OnTape<O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        self.forward([(storage, layout)])
    }

    fn bwd(&self, arg: &Tensor, result: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let [gradient] = self.backward([arg], result, gradient)?;
        Ok(gradient)
    }
}

impl<O: Operation<3>> CustomOp3 for OnTape<O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn cpu_fwd(
        &self,
        s1: &CpuStorage,
        l1: &Layout,
        s2: &CpuStorage,
        l2: &Layout,
        s3: &CpuStorage,
        l3: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.forward([(s1, l1), (s2, l2), (s3, l3)])
    }

    fn bwd(
        &self,
        a1: &Tensor,
        a2: &Tensor,
        a3: &Tensor,
        result: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [g1, g2, g3] = self.backward([a1, a2, a3], result, gradient)?;
        Ok((g1, g2, g3))
    }
}
