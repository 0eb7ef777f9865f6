//! `test`: everything that CI runs, the cheap steps first.

mod steps;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::tools;
use steps::STEPS;

/// Run every test: Rust, wasm in headless Chromium, the page's units, the page
/// end to end, and in Firefox and WebKit.
///
/// Stops at the first step that fails. MNIST_DIR names a folder with the four
/// IDX files; without it the tests that need MNIST are skipped and say so.
#[derive(clap::Args)]
pub struct Args {
    /// First install what is missing: the wasm target, npm packages, browsers
    /// and their drivers, the runner of wasm tests
    #[arg(long)]
    setup: bool,
    /// Continue after a step that fails
    #[arg(long)]
    keep_going: bool,
    /// Steps to run [default: all]
    #[arg(value_name = "STEP", value_parser = clap::builder::PossibleValuesParser::new(STEPS.map(|step| step.name)))]
    steps: Vec<String>,
}

/// Runs the steps. Errors: one failed, or a tool is missing.
pub fn run(args: &Args) -> Result<()> {
    if args.setup {
        set_up()?;
    }
    let chosen = |name: &str| args.steps.is_empty() || args.steps.iter().any(|step| step == name);
    let chosen: Vec<_> = STEPS.iter().filter(|step| chosen(step.name)).collect();
    let (mut failed, begun) = (Vec::new(), Instant::now());
    let mut passed = 0;
    for (index, step) in chosen.iter().enumerate() {
        println!("\n[{}/{}] {}: {}", index + 1, chosen.len(), step.name, step.what);
        let start = Instant::now();
        match (step.run)() {
            Ok(()) => {
                passed += 1;
                println!("{} passed in {:.0} s", step.name, start.elapsed().as_secs_f64());
            }
            Err(error) => {
                println!(
                    "{} failed in {:.0} s: {error:#}",
                    step.name,
                    start.elapsed().as_secs_f64()
                );
                failed.push(step.name);
            }
        }
        if !failed.is_empty() && !args.keep_going {
            break;
        }
    }
    let skipped = chosen.len() - passed - failed.len();
    println!("\nsteps of `cargo ganvas test`, in {:.0} s:", begun.elapsed().as_secs_f64());
    println!("{passed} passed, {} failed, {skipped} skipped", failed.len());
    if !failed.is_empty() {
        bail!(
            "{} failed; `cargo ganvas test {}` runs it alone",
            failed.join(", "),
            failed.join(" ")
        );
    }
    Ok(())
}

fn set_up() -> Result<()> {
    println!("setting up: wasm target, npm packages, browsers, runner of wasm tests");
    tools::add_target()?;
    tools::add_components()?;
    if !tools::npm_ready() {
        tools::npm_ci()?;
    }
    tools::add_browsers()?;
    tools::add_runner()
}
