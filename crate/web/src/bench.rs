//! The benchmark's entry to this build: not used by the page.

use std::alloc::System;
use std::collections::BTreeMap;

use ganvas::{Config, bench as engine};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use wasm_bindgen::prelude::*;

use crate::clock::now;

/// Counts bytes: a few additions per allocation.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const HOST: engine::Host =
    engine::Host { clock: now, allocated: || ALLOCATOR.stats().bytes_allocated as f64 };

/// Trains a recipe with knobs (a JSON object) for about `ms` milliseconds;
/// returns the engine's report as JSON.
#[wasm_bindgen]
pub fn bench(recipe: &str, knobs: &str, ms: f64) -> Result<String, JsError> {
    let knobs: BTreeMap<String, String> = serde_json::from_str(knobs)?;
    let config =
        Config::new(recipe, 1, knobs.iter().map(|(key, value)| (key.as_str(), value.as_str())))?;
    let report = engine::run(&mut engine::session(config)?, HOST, ms)?;
    Ok(serde_json::to_string(&report)?)
}

/// GFLOP/s of the innermost loop of the matrix products alone.
#[wasm_bindgen]
pub fn bare_kernel(ms: f64) -> f64 {
    engine::bare_kernel(now, ms)
}
