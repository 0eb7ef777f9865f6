//! `eval`: how good digits are, by the judge and by measures that need none.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use ganvas::Dataset;
use ganvas::data::PIXELS;
use ganvas::metric::{FEATURES, Judge, classes, different_bins, frechet, parzen, prdc};
use serde::Serialize;

use crate::{digits, train};

/// Measure digits of a checkpoint, or of a file, against MNIST.
#[derive(clap::Args)]
pub struct Args {
    /// The checkpoint that `train` or the page wrote
    #[arg(long, value_name = "FILE", required_unless_present = "images", conflicts_with = "images")]
    from: Option<PathBuf>,
    /// An IDX file of images
    #[arg(long, value_name = "X.idx")]
    images: Option<PathBuf>,
    /// Its labels: what each was to be
    #[arg(long, value_name = "Y.idx", requires = "images")]
    labels: Option<PathBuf>,
    /// How many digits to sample from a checkpoint
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=50_000))]
    count: u32,
    /// Seed of the digits' latents
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u32,
    /// Folder with MNIST [default: MNIST_DIR, else data/mnist]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// One JSON line
    #[arg(long)]
    json: bool,
}

/// What is printed; a field that does not apply is null.
#[derive(Serialize)]
struct Report {
    recipe: Option<String>,
    steps: Option<u32>,
    seed: u32,
    n: usize,
    frechet: f64,
    /// Between as many real training digits and the same test digits.
    floor: f64,
    confidence: f64,
    classes: [f64; 10],
    classes_kl: f64,
    precision: f64,
    recall: f64,
    density: f64,
    prdc_coverage: f64,
    ndb: usize,
    parzen: f64,
    parzen_se: f64,
    label_accuracy: Option<f64>,
    class_kept: Option<f64>,
    l1: Option<f64>,
    ink_agreement: Option<f64>,
    jsd: Option<f64>,
}

/// The digits to be measured, and where they are from.
struct Measured {
    recipe: Option<String>,
    steps: Option<u32>,
    pixels: Vec<f32>,
    told: Vec<u8>,
}

/// Real digits that bins are made of: with 10,000 the bins fit them too well, and other real digits differ in 11 of 100.
const BINNED: usize = 50_000;

/// Where the 2014 paper's validation digits lie among the training digits: the first 1,000 of the last 10,000.
const VALIDATION: std::ops::Range<usize> = 50_000..51_000;

/// Measures and prints. Errors: no MNIST, an unreadable file, too few digits.
pub fn run(args: &Args) -> Result<()> {
    let folder = digits::folder(args.data.as_deref())?;
    let measured = measured(args)?;
    let n = measured.pixels.len() / PIXELS;
    ensure!(n >= 100, "there are {n} digits; at least 100 are needed");
    let (test, _) = digits::test(&folder)?;
    let (real, _) = digits::all(digits::read(&folder)?)?;
    ensure!(
        real.len() >= VALIDATION.end * PIXELS,
        "the training digits in {} are not MNIST's 60,000",
        folder.display()
    );
    let report = report(args.seed, measured, &test, &real)?;
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print(&report);
    }
    Ok(())
}

fn measured(args: &Args) -> Result<Measured> {
    if let Some(images) = &args.images {
        let (pixels, told) = digits::files(images, args.labels.as_deref())?;
        return Ok(Measured { recipe: None, steps: None, pixels, told });
    }
    let mut session = train::load(args.from.as_deref().unwrap_or(Path::new("")), Dataset::empty())?;
    let bytes = session.sample(args.count, args.seed, None)?;
    Ok(Measured {
        recipe: Some(session.config().recipe.id.to_owned()),
        steps: Some(session.steps()),
        pixels: bytes.iter().map(|&byte| f32::from(byte) / 255.).collect(),
        told: session.classes_of(0, args.count as usize, None),
    })
}

fn report(seed: u32, measured: Measured, test: &[f32], real: &[f32]) -> Result<Report> {
    let n = measured.pixels.len() / PIXELS;
    let mut judge = Judge::ready()?;
    let judged = judge.judge(&measured.pixels)?;
    let truth = judge.judge(test)?;
    let floor = judge.judge(&real[..real.len().min(n * PIXELS)])?;
    let found = classes(&judged);
    // Both sides of one size.
    let most = truth.features.len().min(judged.features.len());
    let near = prdc(&truth.features[..most], &judged.features[..most], FEATURES);
    let validation = VALIDATION.start * PIXELS..VALIDATION.end * PIXELS;
    let window = parzen(&measured.pixels, &real[validation], test, PIXELS);
    let right = judged.classes.iter().zip(&measured.told).filter(|(a, b)| a == b).count();
    Ok(Report {
        recipe: measured.recipe,
        steps: measured.steps,
        seed,
        n,
        frechet: frechet(&judged.features, &truth.features, FEATURES),
        floor: frechet(&floor.features, &truth.features, FEATURES),
        confidence: found.confidence,
        classes: found.shares,
        classes_kl: found.divergence,
        precision: near.precision,
        recall: near.recall,
        density: near.density,
        prdc_coverage: near.coverage,
        ndb: different_bins(&real[..BINNED * PIXELS], &measured.pixels, PIXELS, 0),
        parzen: window.mean,
        parzen_se: window.error,
        label_accuracy: (!measured.told.is_empty()).then(|| right as f64 / measured.told.len() as f64),
        class_kept: None,
        l1: None,
        ink_agreement: None,
        jsd: None,
    })
}

fn print(report: &Report) {
    let shares = report.classes.map(|share| format!("{:.1}", 100. * share)).join(" ");
    if let (Some(recipe), Some(steps)) = (&report.recipe, report.steps) {
        println!("{recipe} after {steps} steps");
    }
    println!("digits measured        {}", report.n);
    println!(
        "Frechet distance       {:.2}, {:.1} times the floor {:.2}",
        report.frechet,
        report.frechet / report.floor,
        report.floor
    );
    println!("mean confidence        {:.3}", report.confidence);
    println!("classes 0 to 9         {shares} %, divergence from equal shares {:.3}", report.classes_kl);
    println!("precision, recall      {:.3}, {:.3}", report.precision, report.recall);
    println!("density, coverage      {:.3}, {:.3}", report.density, report.prdc_coverage);
    println!("bins that differ       {} of {}", report.ndb, ganvas::metric::BINS);
    println!("Parzen log-likelihood  {:.1} +- {:.1} nats", report.parzen, report.parzen_se);
    if let Some(accuracy) = report.label_accuracy {
        println!("of the class asked for {:.1} %", 100. * accuracy);
    }
}
