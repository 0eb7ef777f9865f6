//! The kernels as operations on tensors with their backward, one file an
//! operation, for a net to run or for candle's tape. Each skips the gradients
//! that nobody wants.

mod activation;
mod add_noise;
mod batch_norm;
mod beside;
mod conv;
mod dense;
mod dropout;
mod element;
mod instance_norm;
mod maxout;
mod operation;
mod pack;
mod sum;

pub use activation::Activation;
pub use add_noise::AddNoise;
pub use batch_norm::{BatchNorm, BatchStatistics, batch_norm_eval, batch_norm_train};
pub use beside::{Beside, beside};
pub use conv::{Conv, Deconv, conv, deconv};
pub use dense::{Dense, dense};
pub use dropout::{Dropout, dropout};
pub(crate) use element::for_element;
pub use element::{Element, with_slice};
pub use instance_norm::InstanceNorm;
pub use maxout::{Maxout, maxout};
pub use operation::{Operation, View, backward, run, tangent};
pub use pack::{Pack, pack};
pub use sum::sum;

#[cfg(test)]
pub(crate) mod gradient;
#[cfg(test)]
mod tests;
