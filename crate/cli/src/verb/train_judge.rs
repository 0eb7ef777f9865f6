//! `train-judge`: trains the judge, the classifier that `eval` measures with.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ganvas::Dataset;
use ganvas::data::PIXELS;
use ganvas::metric::{Judge, Training, classes, odd, recognised};

use crate::atomic_file::Place;
use crate::{bar, digits, place};

/// Images of each type in the table.
const SHOWN: usize = 1000;

/// Train the judge, the classifier that measures quality, on MNIST; print its
/// accuracy on the test digits, and which images it takes for digits.
#[derive(clap::Args)]
pub struct Args {
    /// Folder with MNIST [default: MNIST_DIR, else data/mnist]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Random seed
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u32,
    /// Passes over the digits
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Keep the weights of this judge, and only learn again from the digits
    /// what is not a digit
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed", "epochs"])]
    from: Option<PathBuf>,
    /// File to write [default: the one that the engine is built with]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Trains and writes the judge. Errors: no MNIST, a loss that is not finite, a
/// file that cannot be written.
pub fn run(args: &Args) -> Result<()> {
    let folder = digits::folder(args.data.as_deref())?;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| place::root().join("crate/engine/src/metric/judge.safetensors"));
    let place = Place::at("--out", &out)?;
    let mut data = digits::open(Some(&folder), false)?;
    let bytes = match &args.from {
        Some(from) => fitted_again(from, &mut data)?,
        None => trained(args, &mut data)?,
    };
    place.write(&bytes)?;
    // Measured as written, in half precision.
    let (pixels, labels) = digits::all(&mut digits::test(&folder)?)?;
    let mut judge = Judge::load(&bytes)?;
    let judged = judge.judge(&pixels)?;
    let right = judged.classes.iter().zip(&labels).filter(|(a, b)| a == b).count();
    let share = 100. * right as f64 / labels.len() as f64;
    println!(
        "{share:.2} % of {} test digits right; {} bytes in {}",
        labels.len(),
        bytes.len(),
        out.display()
    );
    print_table(&mut judge, &pixels)
}

/// Trains a judge; returns its file, which names the command that trains it.
fn trained(args: &Args, data: &mut Dataset) -> Result<Vec<u8>> {
    let mut training = Training::new(args.seed, args.epochs, data)?;
    let bar = bar::steps(Some(training.steps().into()));
    for _ in 0..training.steps() {
        let loss = training.step(data)?;
        bar.inc(1);
        bar.set_message(format!("loss {loss:.3}"));
    }
    bar.finish_and_clear();
    let command = format!("cargo ganvas train-judge --seed {} --epochs {}", args.seed, args.epochs);
    Ok(training.finish(data)?.save(&command)?)
}

/// The file of a judge with its old weights that has learnt again from the
/// digits what is not a digit.
fn fitted_again(from: &Path, data: &mut Dataset) -> Result<Vec<u8>> {
    let old = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    let command = Judge::command(&old)?;
    let mut judge = Judge::load_weights(&old)?;
    judge.fit_known(data)?;
    Ok(judge.save(&command)?)
}

/// Prints the share of images of each type that the judge takes for digits.
fn print_table(judge: &mut Judge, test: &[f32]) -> Result<()> {
    let mut drawn = Dataset::drawn();
    let mut pixels = vec![0f32; SHOWN * PIXELS];
    drawn.write_batch(&(0..SHOWN as u32).collect::<Vec<_>>(), &mut pixels);
    let mut sets = vec![("test digits", test.to_vec()), ("drawn digits", pixels)];
    sets.extend(odd::sets(&test[..test.len().min(SHOWN * PIXELS)]));
    println!("{:26} digits   confidence   top class", "");
    for (name, pixels) in sets {
        let judged = judge.judge(&pixels)?;
        let (found, all) = (recognised(&judged), classes(&judged));
        let most = all
            .shares
            .iter()
            .copied()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or_default();
        println!(
            "{name:26} {:4.1} %   {:4.1} %       {} ({:.0} %)",
            100. * found.share,
            100. * all.confidence,
            most.0,
            100. * most.1
        );
    }
    Ok(())
}
