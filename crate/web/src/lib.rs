//! The worker of the page: one session, driven by messages. No DOM.

#[cfg(target_arch = "wasm32")]
mod bench;
mod clock;
mod config;
mod describe;
mod outbox;
#[cfg(target_arch = "wasm32")]
pub mod port;
pub mod protocol;
mod service;
pub mod worker;

#[cfg(target_arch = "wasm32")]
pub use {bench::bare_kernel, bench::bench, port::start};
