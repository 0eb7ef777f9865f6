//! `eval`: measures how good digits are, with the judge and with measures that
//! do not need it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ganvas::Dataset;
use ganvas::data::{PIXELS, Side, bytes, numbers};
use ganvas::metric::{
    Agreement, Judge, agreement, classes, compare, different_bins, jensen_shannon, parzen,
    recognised, school_test, sure,
};
use ganvas::train::Translation;
use ganvas::watch::KNOWN;
use serde::Serialize;

use super::train;
use crate::{digits, say};

/// Measure digits of a checkpoint or a file against MNIST or another data set.
#[derive(clap::Args)]
pub struct Args {
    /// Checkpoint or generator file that `train` or the page wrote
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "images",
        conflicts_with = "images"
    )]
    from: Option<PathBuf>,
    /// File of images (IDX, .npy, .npz, CSV or zip), or pictures in a folder or
    /// a zip
    #[arg(long, value_name = "DIR|FILE")]
    images: Option<PathBuf>,
    /// File of their labels: the class that each image should show
    #[arg(long, value_name = "FILE", requires = "images")]
    labels: Option<PathBuf>,
    /// Number of digits to sample from the checkpoint
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=50_000))]
    count: u32,
    /// Seed of the latent vectors
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u32,
    /// Real digits, as for `train`: MNIST, another data set, or pictures in
    /// folders 0 to 9 [default: MNIST_DIR, else data/mnist]
    #[arg(long, value_name = "DIR|FILE")]
    data: Option<PathBuf>,
    /// Turn the real digits upright: EMNIST's lie on their side
    #[arg(long)]
    upright: bool,
    /// Print one JSON line
    #[arg(long)]
    json: bool,
}

/// The printed measures; a field that does not apply is null.
#[derive(Default, Serialize)]
struct Report {
    recipe: Option<String>,
    steps: Option<u32>,
    seed: u32,
    n: usize,
    /// Number of digits, and of real digits, that the distance compares.
    compared: Option<usize>,
    frechet: Option<f64>,
    /// Distance between as many real digits and the same further real ones.
    floor: Option<f64>,
    /// Share that the judge recognises as digits, and the shares of the classes
    /// among those, as in the page.
    recognised: Option<f64>,
    recognised_classes: Option<[f64; 10]>,
    confidence: Option<f64>,
    /// Share of the digits, and of the real ones, that the judge is sure of.
    sure: Option<f64>,
    sure_real: Option<f64>,
    classes: Option<[f64; 10]>,
    classes_kl: Option<f64>,
    precision: Option<f64>,
    recall: Option<f64>,
    density: Option<f64>,
    prdc_coverage: Option<f64>,
    ndb: Option<usize>,
    parzen: Option<f64>,
    parzen_se: Option<f64>,
    label_accuracy: Option<f64>,
    /// Accuracy on the real test digits of a net that is trained only on these
    /// digits.
    school: Option<f64>,
    class_kept: Option<f64>,
    l1: Option<f64>,
    ink_agreement: Option<f64>,
    /// Mean |there and back - the digit| per pixel, both ways.
    cycle_l1: Option<f64>,
    /// The same three measures of the digits without translation.
    identity_class_kept: Option<f64>,
    identity_l1: Option<f64>,
    identity_ink_agreement: Option<f64>,
    jsd: Option<f64>,
}

/// The digits to measure, and their source.
struct Measured {
    recipe: Option<String>,
    steps: Option<u32>,
    pixels: Vec<f32>,
    labels: Vec<u8>,
    /// Jensen-Shannon divergence in nats, by D's scores of as many digits of
    /// the training G and of the training digits.
    jsd: Option<f64>,
}

/// Number of real digits that the bins are computed from: with 10,000 the bins
/// overfit, and other real digits differ in 11 of 100.
const BINNED: usize = 50_000;

/// Positions of the 2014 paper's validation digits among the training digits:
/// the first 1,000 of the last 10,000.
const VALIDATION: std::ops::Range<usize> = 50_000..51_000;

/// The digits to measure against, as pixels.
struct Real {
    set: Vec<f32>,
    /// MNIST's test digits with their labels, if they are with its training
    /// digits.
    test: Option<(Vec<f32>, Vec<u8>)>,
}

/// Measures and prints. Errors: no real digits, an unreadable file, too few
/// digits.
pub fn run(args: &Args) -> Result<()> {
    say::json_only(args.json);
    let (mut set, mut test) = digits::real(args.data.as_deref(), args.upright)?;
    let real = |set: &mut Dataset, test: &mut Option<Dataset>| -> Result<Real> {
        let test = test.as_mut().map(digits::all).transpose()?;
        Ok(Real { set: digits::all(set)?.0, test })
    };
    let (measured, real) = if let Some(images) = &args.images {
        let (pixels, labels) = digits::files(images, args.labels.as_deref())?;
        (
            Measured { recipe: None, steps: None, pixels, labels, jsd: None },
            real(&mut set, &mut test)?,
        )
    } else {
        let mut loaded = train::load_generator(args.from.as_deref().unwrap_or(Path::new("")), set)?;
        if loaded.session.domains().is_some() {
            if let Some(test) = test {
                *loaded.session.data_mut() = test;
            }
            return output(args, &translated(args, &mut loaded)?);
        }
        let real = real(loaded.session.data_mut(), &mut test)?;
        (sampled(args, &mut loaded)?, real)
    };
    let n = measured.pixels.len() / PIXELS;
    ensure!(n >= 100, "got {n} digits; at least 100 are needed");
    let report = report(args.seed, measured, &real)?;
    if args.images.is_some() && report.recognised.is_some_and(|share| share <= KNOWN) {
        eprintln!(
            "note: the judge knows only the digits 0 to 9, and these are not digits: its measures say nothing about them"
        );
    }
    if report.ndb.is_none() {
        eprintln!(
            "note: the bins and Parzen's estimate need MNIST's 60,000 training and 10,000 test digits, and are left out"
        );
    }
    match report.compared {
        None => {
            eprintln!("note: {} real digits are too few for a distance", real.set.len() / PIXELS)
        }
        Some(compared) if compared < n => {
            eprintln!(
                "note: the distance compares {compared} digits, because there are only {} real ones",
                real.set.len() / PIXELS
            );
        }
        Some(_) => {}
    }
    output(args, &report)
}

/// Measures the translations, both ways, of the session's digits.
fn translated(
    args: &Args,
    train::LoadedGenerator { session, steps, .. }: &mut train::LoadedGenerator,
) -> Result<Report> {
    let count = args.count.min(session.data().available());
    let all: Vec<u32> = (0..count).collect();
    let mut translate = |from| -> Result<_> {
        let mut domains = session.domains().context("this recipe does not translate")?;
        Ok(domains.translate(from, &all)?)
    };
    let (b_to_a, a_to_b) = (translate(Side::B)?, translate(Side::A)?);
    let labels: Vec<u8> = all.iter().filter_map(|&i| session.data().label(i)).collect();
    let mut judge = Judge::ready()?;
    let mut kept = |digits: &[u8]| -> Result<f64> {
        let judged = judge.judge(&numbers(digits))?;
        let right = judged.classes.iter().zip(&labels).filter(|(a, b)| a == b).count();
        Ok(right as f64 / f64::from(count))
    };
    // Also without translation: no translator should be worse than that.
    let mean = |made: fn(&Translation) -> &Vec<u8>| -> Option<Agreement> {
        let of = |t: &Translation| t.truth.as_ref().map(|truth| agreement(made(t), truth));
        let (there, back) = (of(&a_to_b)?, of(&b_to_a)?);
        Some(Agreement { l1: (there.l1 + back.l1) / 2., ink: (there.ink + back.ink) / 2. })
    };
    let (made, given) = (mean(|t| &t.made), mean(|t| &t.given));
    let cycle = [&a_to_b, &b_to_a].map(|t| agreement(&t.back, &t.given).l1);
    Ok(Report {
        recipe: Some(session.config().recipe.id.to_owned()),
        steps: Some(*steps),
        seed: args.seed,
        n: count as usize,
        class_kept: Some(kept(&b_to_a.made)?),
        l1: made.map(|made| made.l1),
        ink_agreement: made.map(|made| made.ink),
        cycle_l1: Some((cycle[0] + cycle[1]) / 2.),
        identity_class_kept: Some(kept(&b_to_a.given)?),
        identity_l1: given.map(|given| given.l1),
        identity_ink_agreement: given.map(|given| given.ink),
        ..Report::default()
    })
}

fn output(args: &Args, report: &Report) -> Result<()> {
    if args.json {
        say::json(&serde_json::to_string(report)?);
    } else {
        print(report);
    }
    Ok(())
}

fn sampled(
    args: &Args,
    train::LoadedGenerator { session, steps, alone }: &mut train::LoadedGenerator,
) -> Result<Measured> {
    let bytes = session.sample(args.count, args.seed, None)?;
    let pixels = numbers(&bytes);
    let labels = session.labels_of(args.count as usize, None);
    // From the players' present weights and their training digits, as in the
    // page.
    let scores = if *alone {
        None
    } else {
        session.inspect().log_odds(args.count as usize, args.seed).transpose()?
    };
    let jsd = scores.map(|(real, fake)| jensen_shannon(&real, &fake));
    let recipe = Some(session.config().recipe.id.to_owned());
    Ok(Measured { recipe, steps: Some(*steps), pixels, labels, jsd })
}

fn report(seed: u32, measured: Measured, real: &Real) -> Result<Report> {
    let set = &real.set;
    let n = measured.pixels.len() / PIXELS;
    let mut judge = Judge::ready()?;
    let judged = judge.judge(&measured.pixels)?;
    // The set's first digits, as in the page: the same digits and count give
    // the same figures.
    let truth = judge.judge(&set[..set.len().min(2 * n * PIXELS)])?;
    let (found, read) = (classes(&judged), recognised(&judged));
    let beside = compare(&judged.features, &truth.features);
    let validation = VALIDATION.start * PIXELS..VALIDATION.end * PIXELS;
    let test = real.test.as_ref();
    let whole = test.map(|(pixels, _)| pixels).zip(set.get(validation));
    let window = whole.map(|(test, validation)| parzen(&measured.pixels, validation, test, PIXELS));
    let binned =
        whole.map(|_| different_bins(&set[..BINNED * PIXELS], &measured.pixels, PIXELS, 0));
    let right = judged.classes.iter().zip(&measured.labels).filter(|(a, b)| a == b).count();
    let school = match test {
        Some((pixels, labels)) if !measured.labels.is_empty() && !labels.is_empty() => {
            let taught = Dataset::whole(bytes(&measured.pixels), Some(&measured.labels), false)?;
            Some(school_test(taught, pixels, labels)?)
        }
        _ => None,
    };
    Ok(Report {
        recipe: measured.recipe,
        steps: measured.steps,
        seed,
        n,
        compared: beside.map(|beside| beside.count),
        frechet: beside.map(|beside| beside.distance),
        floor: beside.map(|beside| beside.floor),
        recognised: Some(read.share),
        recognised_classes: Some(read.shares()),
        confidence: Some(found.confidence),
        sure: Some(sure(&judged.confidences)),
        sure_real: Some(sure(&truth.confidences)),
        classes: Some(found.shares),
        classes_kl: Some(found.divergence),
        precision: beside.map(|beside| beside.near.precision),
        recall: beside.map(|beside| beside.near.recall),
        density: beside.map(|beside| beside.near.density),
        prdc_coverage: beside.map(|beside| beside.near.coverage),
        ndb: binned,
        parzen: window.map(|window| window.mean),
        parzen_se: window.map(|window| window.error),
        label_accuracy: (!measured.labels.is_empty())
            .then(|| right as f64 / measured.labels.len() as f64),
        school,
        jsd: measured.jsd,
        ..Report::default()
    })
}

fn print(report: &Report) {
    if let (Some(recipe), Some(steps)) = (&report.recipe, report.steps) {
        println!("{recipe} after {steps} steps");
    }
    println!("digits measured        {}", report.n);
    if let (Some(frechet), Some(floor)) = (report.frechet, report.floor) {
        println!(
            "Frechet distance       {frechet:.2}, {:.1} times the floor {floor:.2}",
            frechet / floor
        );
    }
    if let (Some(shares), Some(divergence)) = (report.classes, report.classes_kl) {
        let shares = shares.map(|share| format!("{:.1}", 100. * share)).join(" ");
        println!("classes 0 to 9         {shares} %, divergence from equal shares {divergence:.3}");
    }
    if let (Some(parzen), Some(error)) = (report.parzen, report.parzen_se) {
        println!("Parzen log-likelihood  {parzen:.1} +- {error:.1} nats");
    }
    if let Some(jsd) = report.jsd {
        println!(
            "Jensen-Shannon         {jsd:.3} nats by D's scores (0 to log 2 = 0.693; too low while D is not optimal)"
        );
    }
    if let Some(bins) = report.ndb {
        println!("bins that differ       {bins} of {}", ganvas::metric::BINS);
    }
    let untranslated = |value: Option<f64>| value.map(|value| (value, "untranslated"));
    let shares = [
        ("recognised as digits", report.recognised, None),
        ("mean confidence", report.confidence, None),
        ("sure of", report.sure, report.sure_real.map(|real| (real, "of real ones"))),
        ("precision", report.precision, None),
        ("recall", report.recall, None),
        ("density", report.density, None),
        ("coverage", report.prdc_coverage, None),
        ("label accuracy", report.label_accuracy, None),
        ("school test", report.school, None),
        ("class kept, B to A", report.class_kept, untranslated(report.identity_class_kept)),
        ("ink agreement", report.ink_agreement, untranslated(report.identity_ink_agreement)),
        ("L1 to the truth", report.l1, untranslated(report.identity_l1)),
        ("L1 there and back", report.cycle_l1, None),
    ];
    for (name, value, beside) in shares {
        let Some(value) = value else { continue };
        let beside = beside.map_or(String::new(), |(other, of)| format!(" ({other:.3} {of})"));
        println!("{name:22} {value:.3}{beside}");
    }
}
