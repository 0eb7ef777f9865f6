//! `train`: trains the same session as the page, natively.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use ganvas::checkpoint::{Origin, Precision};
use ganvas::data::Likeness;
use ganvas::recipe::Schedule;
use ganvas::{Config, Dataset, Losses, Session, StepOutcome, checkpoint, recipe};

use crate::atomic_file::Place;
use crate::watch::{Scope, Watcher};
use crate::{bar, digits, ending, mnist, say};

/// Most bytes of a checkpoint.
const MOST_BYTES: u64 = 8 << 30;

/// Time between two updates of the progress bar or of the JSON lines.
const REDRAW: Duration = Duration::from_millis(100);

/// The settings of a recipe that a run starts from.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Preset {
    Fast,
    Fine,
}

/// Train a GAN natively: the same session as the page, without the browser.
///
/// Ends after --steps or --seconds, whichever comes first, at Ctrl-C or
/// SIGTERM, when the terminal closes, or when the reader of its JSON lines
/// closes the pipe. The checkpoint is written in each case, and regularly
/// during training (--every).
#[derive(clap::Args)]
pub struct Args {
    /// Recipe of the GAN by its id, such as `gan`
    #[arg(long, value_name = "ID", required_unless_present = "from", conflicts_with = "from")]
    recipe: Option<String>,
    /// Continue from a checkpoint
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Iterations to train, counted from here
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    steps: Option<u32>,
    /// Seconds to train
    #[arg(long, value_name = "T", value_parser = seconds)]
    seconds: Option<Duration>,
    /// Random seed: the same seed on the same machine gives the same weights
    #[arg(long, value_name = "S", default_value_t = 0, conflicts_with = "from")]
    seed: u32,
    /// Training images: a folder or a file (IDX, .npy, .npz, CSV, zip), packed
    /// or not, with labels or without, or pictures in folders 0 to 9, zipped or
    /// not [default: MNIST_DIR, else data/mnist, else digits that the program
    /// draws]
    #[arg(long, value_name = "DIR|FILE")]
    data: Option<PathBuf>,
    /// Turn the images upright: EMNIST's lie on their side
    #[arg(long)]
    upright: bool,
    /// Settings to start from: the recipe's defaults, or those for the best
    /// digits, which take minutes instead of seconds
    #[arg(long, value_enum, default_value_t = Preset::Fast, conflicts_with = "from")]
    preset: Preset,
    /// Set a knob, as in the page's address: --set batch=64 (repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// File to write; its folder is created if it is missing [default:
    /// <recipe>.safetensors, or the file of --from]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Also write the generator alone, in half precision, to this file: the
    /// page shows such a pretrained generator before training
    #[arg(long, value_name = "FILE")]
    generator: Option<PathBuf>,
    /// Seconds between two writes of the file during training
    #[arg(long, value_name = "T", default_value = "60", value_parser = seconds)]
    every: Duration,
    /// Watch the digits as the page does, and report alarms such as mode
    /// collapse
    #[arg(long)]
    watch: bool,
    /// Print JSON lines instead of text: the progress ten times per second, and
    /// at the end
    #[arg(long)]
    json: bool,
}

fn setting(text: &str) -> Result<(String, String)> {
    let (key, value) = text.split_once('=').context("a setting is KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Parses a positive number of seconds.
pub fn seconds(text: &str) -> Result<Duration> {
    let seconds: f64 = text.parse().map_err(|_| anyhow!("not a number of seconds"))?;
    ensure!(seconds > 0.0, "seconds must be more than 0");
    Duration::try_from_secs_f64(seconds).map_err(|_| anyhow!("too many seconds"))
}

/// Trains and writes the checkpoint. Errors: an unknown recipe or knob,
/// unreadable data, a file that cannot be written, a loss that is not finite.
pub fn run(args: &Args) -> Result<()> {
    say::json_only(args.json);
    let mut session = session(args)?;
    // Checked before the first step, not after hours of training.
    let out = out(args);
    let place = Place::at("--out", &out)?;
    let generator =
        args.generator.as_deref().map(|path| Place::at("--generator", path)).transpose()?;
    let done = train(&mut session, args, &place);
    // Also after a fault: the weights are those from before it. The fault is
    // reported first, even if the file cannot be written.
    let written = keep(&mut session, &place);
    done?;
    written?;
    if let Some(place) = generator {
        place.write(&checkpoint::save_generator(&mut session, Precision::Half)?)?;
    }
    if !args.json {
        println!("written to {}", out.display());
    }
    Ok(())
}

/// Writes the run, after checking that it can be loaded. Errors: it cannot be
/// loaded, or not written.
fn keep(session: &mut Session, place: &Place) -> Result<()> {
    let bytes = checkpoint::save(session)?;
    checkpoint::load(&bytes, Dataset::empty())
        .context("the checkpoint could not be loaded again")?;
    place.write(&bytes)
}

fn out(args: &Args) -> PathBuf {
    let named = args.out.clone().or_else(|| args.from.clone());
    named.unwrap_or_else(|| {
        PathBuf::from(format!("{}.safetensors", args.recipe.as_deref().unwrap_or("gan")))
    })
}

fn session(args: &Args) -> Result<Session> {
    let knobs = args.set.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let Some(from) = &args.from else {
        // Before the images are read: a wrong knob is reported at once.
        let recipe = recipe::find(args.recipe.as_deref().unwrap_or_default())?;
        let preset = if args.preset == Preset::Fine { recipe.fine } else { &[] };
        if args.preset == Preset::Fine && preset.is_empty() {
            eprintln!("note: {} has only one preset, its defaults", recipe.id);
        }
        let config = Config::new(recipe.id, args.seed, preset.iter().copied().chain(knobs))?;
        return Ok(Session::new(config, digits::open(args.data.as_deref(), args.upright)?)?);
    };
    let bytes = read(from)?;
    ensure!(
        !checkpoint::is_generator(&bytes),
        "{} is a generator alone, to sample from; training continues from a complete run",
        from.display()
    );
    let what = || from.display().to_string();
    let origin = checkpoint::origin(&bytes).with_context(what)?;
    let data = digits::open(args.data.as_deref(), args.upright)?;
    let mut session = checkpoint::load(&bytes, data).with_context(what)?;
    for (key, value) in knobs {
        session.tune(key, value)?;
    }
    if let Some(note) = other_data(&origin, &mut session) {
        eprintln!("note: {note}");
    }
    Ok(session)
}

/// A note on how the present data differ from those a run was trained on; None
/// if they do not.
fn other_data(origin: &Origin, session: &mut Session) -> Option<String> {
    let present = session.data_mut().fingerprint();
    let Some(saved) = &origin.data else {
        return Some("the file does not say which images it was trained on".to_owned());
    };
    let what = match Likeness::of(saved, &present) {
        Likeness::Same => return None,
        Likeness::Unknown => {
            let note = "the file identifies only the first 2,048 of the images it was trained on, and these are the same";
            return Some(note.to_owned());
        }
        Likeness::Images => "these are not the images that this run was trained on",
        Likeness::Labels => {
            "these images have other labels than those that this run was trained on"
        }
        Likeness::LabelsMissing => {
            "the images that this run was trained on had labels; these have none"
        }
        Likeness::LabelsAdded => {
            "the images that this run was trained on had no labels; these have some"
        }
    };
    Some(format!(
        "{what}. From step {} on it trains on the present ones and becomes a different run.",
        session.steps()
    ))
}

/// Loads a session to sample from: that of a checkpoint file, or one of a
/// generator alone. Errors: the file cannot be read, or `data` does not fit.
pub fn load_generator(path: &Path, data: Dataset) -> Result<LoadedGenerator> {
    let bytes = read(path)?;
    let what = || path.display().to_string();
    if !checkpoint::is_generator(&bytes) {
        let session = checkpoint::load(&bytes, data).with_context(what)?;
        return Ok(LoadedGenerator { steps: session.steps(), session, alone: false });
    }
    let generator = checkpoint::load_generator(&bytes).with_context(what)?;
    let session = Session::of_generator(&generator, data).with_context(what)?;
    Ok(LoadedGenerator { steps: generator.steps, session, alone: true })
}

/// A session to sample from.
pub struct LoadedGenerator {
    /// The session; for a generator alone, its discriminator is untrained.
    pub session: Session,
    /// Iterations for which the generator was trained.
    pub steps: u32,
    /// Whether it is a generator alone.
    pub alone: bool,
}

/// The bytes of a checkpoint file, unpacked if it is gzip.
fn read(path: &Path) -> Result<Vec<u8>> {
    mnist::unpacked(path, MOST_BYTES)
}

fn train(session: &mut Session, args: &Args, place: &Place) -> Result<()> {
    let stop = ending::heard()?;
    let bar = bar::steps(args.steps.map(u64::from));
    // Schedule `auto` needs a watcher, which reports when digits no longer
    // improve.
    let waits = session.config().hyper.schedule == Schedule::Auto;
    let scope = if args.watch { Some(Scope::All) } else { waits.then_some(Scope::Rates) };
    let mut watcher = scope.map(|scope| Watcher::new(scope, args.json)).transpose()?;
    let begun = Instant::now();
    let (mut shown, mut kept) = (begun, begun);
    let mut steps = 0;
    let done = loop {
        let enough = args.steps.is_some_and(|most| steps >= most);
        let late = args.seconds.is_some_and(|most| begun.elapsed() >= most);
        if enough || late || stop.load(Ordering::Relaxed) || (args.json && say::reader_left()) {
            break Ok(());
        }
        match session.step() {
            Ok(StepOutcome::Waiting) => {
                break Err(anyhow!("there are too few images to draw a batch from"));
            }
            Ok(_) => {
                steps += 1;
                if let Some(watcher) = &mut watcher {
                    bar.suspend(|| watcher.after(session))?;
                }
            }
            Err(error) => break Err(error.into()),
        }
        if shown.elapsed() > REDRAW {
            bar.set_position(u64::from(steps));
            bar.set_message(describe(&session.losses()));
            if args.json {
                say::json(&line(session, steps, begun));
            }
            shown = Instant::now();
        }
        if kept.elapsed() > args.every {
            // Only a warning: the file is written again at the end, and then a
            // failure is an error.
            if let Err(error) = keep(session, place) {
                bar.suspend(|| {
                    eprintln!(
                        "training continues, but step {} is not written: {error:#}",
                        session.steps()
                    )
                });
            }
            kept = Instant::now();
        }
    };
    bar.finish_and_clear();
    if args.json {
        say::json(&line(session, steps, begun));
        return done;
    }
    let took = begun.elapsed().as_secs_f64();
    let rate = f64::from(steps) / took;
    println!("{steps} iterations in {took:.1} s, {rate:.1} per second; now at {}", session.steps());
    if steps > 0 {
        println!("losses: {}", describe(&session.losses()));
    }
    done
}

/// The progress of training, for programs.
fn line(session: &Session, steps: u32, begun: Instant) -> serde_json::Value {
    let losses = session.losses();
    serde_json::json!({
        "recipe": session.config().recipe.id,
        "step": session.steps(),
        "epoch": session.epoch(),
        "iters_per_s": f64::from(steps) / begun.elapsed().as_secs_f64(),
        "real": losses.real,
        "fake": losses.fake,
        "g": losses.generator,
    })
}

fn describe(losses: &Losses) -> String {
    format!(
        "D on real {:.3}, D on generated {:.3}, G {:.3}",
        losses.real, losses.fake, losses.generator
    )
}
