//! The kernels as candle operations with their backward, one file an operation. Each skips what is not tracked.

mod activation;
mod batch_norm;
mod dense;
mod dropout;
mod element;
mod softplus;

pub use activation::Activation;
pub use batch_norm::{BatchStatistics, batch_norm_eval, batch_norm_train};
pub use dense::dense;
pub use dropout::dropout;
pub use element::{Element, with_slice};
pub use softplus::softplus;

use element::{for_element, from_vec, numbers};

#[cfg(test)]
pub(crate) mod gradient;
#[cfg(test)]
mod tests;
