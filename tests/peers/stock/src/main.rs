//! Reads a case a line (JSON with `seconds`), answers each with stock candle's
//! iterations a second natively.

use std::io::{BufRead, stdin};
use std::sync::OnceLock;
use std::time::Instant;

use anyhow::{Context, Result};
use ganvas_stock_peer::{BATCH, measure};
use serde_json::{Value, json};

fn now() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

fn main() -> Result<()> {
    for line in stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line?).context("a case is a line of JSON")?;
        let rate = measure(case["seconds"].as_f64().unwrap_or(4.), now)?;
        println!(
            "{}",
            json!({ "peer": "candle", "case": "seed-gan", "batch": BATCH, "iters_per_s": rate })
        );
    }
    Ok(())
}
