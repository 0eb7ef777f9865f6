//! The verbs of the command: one file per verb, with its arguments and its
//! `run`.

pub mod build;
pub mod eval;
pub mod fetch;
pub mod sample;
pub mod serve;
pub mod test;
pub mod train;
pub mod train_judge;
