//! `train-judge`: the classifier that `eval` measures with.

use std::path::PathBuf;

use anyhow::Result;
use ganvas::metric::{Judge, Training};

use crate::whole::Place;
use crate::{bar, digits, place};

/// Train the classifier that measures quality, on MNIST, and say how many test digits it gets right.
#[derive(clap::Args)]
pub struct Args {
    /// Folder with MNIST [default: MNIST_DIR, else data/mnist]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Seed of everything random
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u32,
    /// Passes over the digits
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// File to write [default: the one that the engine is built with]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Trains and writes the judge. Errors: no MNIST, a loss that is no number, a file that cannot be written.
pub fn run(args: &Args) -> Result<()> {
    let folder = digits::folder(args.data.as_deref())?;
    let out =
        args.out.clone().unwrap_or_else(|| place::root().join("crate/engine/src/metric/judge.safetensors"));
    let place = Place::at("--out", &out)?;
    let mut data = digits::open(Some(&folder), false)?;
    let mut training = Training::new(args.seed, args.epochs, &data)?;
    let bar = bar::steps(Some(training.steps().into()));
    for _ in 0..training.steps() {
        let loss = training.step(&mut data)?;
        bar.inc(1);
        bar.set_message(format!("loss {loss:.3}"));
    }
    bar.finish_and_clear();
    let command = format!("cargo ganvas train-judge --seed {} --epochs {}", args.seed, args.epochs);
    let bytes = training.finish().save(&command)?;
    place.write(&bytes)?;
    // As it was written: in half precision.
    let (pixels, labels) = digits::all(digits::test(&folder)?)?;
    let judged = Judge::load(&bytes)?.judge(&pixels)?;
    let right = judged.classes.iter().zip(&labels).filter(|(a, b)| a == b).count();
    let share = 100. * right as f64 / labels.len() as f64;
    println!(
        "{share:.2} % of {} test digits right; {} bytes in {}",
        labels.len(),
        bytes.len(),
        out.display()
    );
    Ok(())
}
