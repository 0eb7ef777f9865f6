//! Operations on batches with their derivatives, one file per operation. Each
//! skips the gradients that are not requested.

mod activation;
mod add_noise;
mod batch_norm;
mod concat;
mod conv;
mod dense;
mod dropout;
mod instance_norm;
mod maxout;
mod operation;
mod pack;

pub use activation::Activation;
pub use add_noise::AddNoise;
pub use batch_norm::{BatchNorm, BatchStatistics};
pub use concat::Concat;
pub use conv::{Conv, Deconv};
pub use dense::Dense;
pub use dropout::Dropout;
pub use instance_norm::InstanceNorm;
pub use maxout::Maxout;
pub use operation::{Call, Operation, WeightGradients, Weights};
pub use pack::Pack;

#[cfg(test)]
pub(crate) mod gradient;
#[cfg(test)]
mod tests;
