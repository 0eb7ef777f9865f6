//! The native host: this process.

use std::sync::OnceLock;
use std::time::Instant;

use anyhow::{Context, Result};
use ganvas::bench;
use serde_json::Value;

use super::case::Case;
use super::report::Line;

/// Trains a case in this process for about `ms` milliseconds.
pub fn train(case: &Case, ms: f64) -> Result<Line> {
    let ceiling = bench::bare_kernel(now, 0.1 * ms);
    let report = bench::run(&mut bench::session(case.config()?)?, HOST, ms)?;
    let report = serde_json::to_value(report).context("cannot write the report as JSON")?;
    Ok(Line::ours(case, "native", "native", &report, ceiling, Value::Null))
}

/// This process's clock and allocator.
const HOST: bench::Host = bench::Host { clock: now, allocated };

fn now() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}

fn allocated() -> f64 {
    crate::ALLOCATOR.stats().bytes_allocated as f64
}
