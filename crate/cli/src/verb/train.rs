//! `train`: the page's own session, natively.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use ganvas::checkpoint::{Origin, Precision};
use ganvas::data::Likeness;
use ganvas::recipe::Schedule;
use ganvas::{Config, Dataset, Losses, Session, StepOutcome, checkpoint, recipe};

use crate::watch::{Scope, Watcher};
use crate::whole::Place;
use crate::{bar, digits, ending, mnist, say};

/// No checkpoint has more bytes than this.
const MOST_BYTES: u64 = 8 << 30;

/// Time between two looks of the progress bar.
const REDRAW: Duration = Duration::from_millis(100);

/// Which of a recipe's settings a run starts from.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Preset {
    Fast,
    Fine,
}

/// Train a GAN natively: the same session as the page, without the browser.
///
/// Ends after --steps or --seconds, whichever comes first, or at Ctrl-C,
/// SIGTERM, a terminal that closes, or when nobody reads its JSON lines any
/// more; what was learnt is written in each case, and now and then on the way.
#[derive(clap::Args)]
pub struct Args {
    /// Which GAN, by its id, such as `gan`
    #[arg(long, value_name = "ID", required_unless_present = "from", conflicts_with = "from")]
    recipe: Option<String>,
    /// Go on from a checkpoint
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Iterations to train, counted from here
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    steps: Option<u32>,
    /// Seconds to train
    #[arg(long, value_name = "T", value_parser = seconds)]
    seconds: Option<Duration>,
    /// Seed of everything random: the same seed on the same machine gives the
    /// same weights
    #[arg(long, value_name = "S", default_value_t = 0, conflicts_with = "from")]
    seed: u32,
    /// Digits: a folder or a file (IDX, .npy, .npz, CSV, zip), packed or not,
    /// with labels or without, or pictures in folders 0 to 9, zipped or not
    /// [default: MNIST_DIR, else data/mnist, else digits that the program
    /// draws]
    #[arg(long, value_name = "DIR|FILE")]
    data: Option<PathBuf>,
    /// Turn the digits upright: EMNIST's lie on their side
    #[arg(long)]
    upright: bool,
    /// Settings to start from: the recipe's defaults, or those for digits as
    /// good as they get, in minutes instead of seconds
    #[arg(long, value_enum, default_value_t = Preset::Fast, conflicts_with = "from")]
    preset: Preset,
    /// A knob, as in the page's address: --set batch=64 (repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// File to write, in a folder that is made if it is not there [default:
    /// <recipe>.safetensors, or the file of --from]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Also write the generator alone, in half precision, to this file: what
    /// the page shows before anyone has trained
    #[arg(long, value_name = "FILE")]
    generator: Option<PathBuf>,
    /// Seconds from one writing of the file to the next while it trains
    #[arg(long, value_name = "T", default_value = "60", value_parser = seconds)]
    every: Duration,
    /// Watch the digits as the page does, and tell alarms such as mode collapse
    #[arg(long)]
    watch: bool,
    /// Print JSON lines instead of words: where training stands ten times a
    /// second, and at its end
    #[arg(long)]
    json: bool,
}

fn setting(text: &str) -> Result<(String, String)> {
    let (key, value) = text.split_once('=').context("a setting is KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// A positive number of seconds.
pub fn seconds(text: &str) -> Result<Duration> {
    let seconds: f64 = text.parse().map_err(|_| anyhow!("not a number of seconds"))?;
    ensure!(seconds > 0.0, "seconds must be more than 0");
    Duration::try_from_secs_f64(seconds).map_err(|_| anyhow!("too many seconds"))
}

/// Trains and writes the checkpoint. Errors: an unknown recipe or knob,
/// unreadable data, a place that cannot be written, a loss that is no number.
pub fn run(args: &Args) -> Result<()> {
    say::json_only(args.json);
    let mut session = session(args)?;
    // Before the first step: hours later would be late.
    let out = out(args);
    let place = Place::at("--out", &out)?;
    let generator =
        args.generator.as_deref().map(|path| Place::at("--generator", path)).transpose()?;
    let done = train(&mut session, args, &place);
    // Also after a fault: the weights are those from before it. The fault is
    // told first, whatever comes of the file.
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

/// Writes the run, once it is seen that it can be read.
fn keep(session: &mut Session, place: &Place) -> Result<()> {
    let bytes = checkpoint::save(session)?;
    checkpoint::load(&bytes, Dataset::empty()).context("what was learnt cannot be read back")?;
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
        // Before the digits are read: a wrong knob is said at once.
        let recipe = recipe::find(args.recipe.as_deref().unwrap_or_default())?;
        let preset = if args.preset == Preset::Fine { recipe.fine } else { &[] };
        if args.preset == Preset::Fine && preset.is_empty() {
            eprintln!("note: {} has one preset: its defaults", recipe.id);
        }
        let config = Config::new(recipe.id, args.seed, preset.iter().copied().chain(knobs))?;
        return Ok(Session::new(config, digits::open(args.data.as_deref(), args.upright)?)?);
    };
    let bytes = read(from)?;
    ensure!(
        !checkpoint::is_generator(&bytes),
        "{} holds a generator alone, to sample from; training goes on from the whole run",
        from.display()
    );
    let what = || from.display().to_string();
    let origin = checkpoint::origin(&bytes).with_context(what)?;
    let data = digits::open(args.data.as_deref(), args.upright)?;
    let mut session = checkpoint::load(&bytes, data).with_context(what)?;
    for (key, value) in knobs {
        session.tune(key, value)?;
    }
    if let Some(said) = other_digits(&origin, &mut session) {
        eprintln!("note: {said}");
    }
    Ok(session)
}

/// What is to be said of the digits with which a run goes on; nothing where
/// they are those that it was trained on.
fn other_digits(origin: &Origin, session: &mut Session) -> Option<String> {
    let present = session.data_mut().fingerprint();
    let Some(saved) = &origin.data else {
        return Some("the file does not say on which digits it was trained".to_owned());
    };
    let what = match Likeness::of(saved, &present) {
        Likeness::Same => return None,
        Likeness::Unknown => {
            let said = "the file knows only the first 2,048 of the digits it was trained on, and these are the same";
            return Some(said.to_owned());
        }
        Likeness::Images => "these are not the digits that this run was trained on",
        Likeness::Labels => {
            "these digits have other labels than those that this run was trained on"
        }
        Likeness::LabelsMissing => {
            "the digits that this run was trained on had labels; these have none"
        }
        Likeness::LabelsAdded => {
            "the digits that this run was trained on had no labels; these have some"
        }
    };
    Some(format!(
        "{what}. From step {} on it learns from the present ones, as a run of its own.",
        session.steps()
    ))
}

/// What makes digits: the session of a checkpoint file or of a generator alone,
/// and how many iterations it was trained.
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

/// A session to make digits with.
pub struct LoadedGenerator {
    /// The session; of a generator alone its discriminator knows nothing.
    pub session: Session,
    /// Iterations that the generator was trained.
    pub steps: u32,
    /// Whether it is a generator alone.
    pub alone: bool,
}

/// The bytes of a checkpoint file, unpacked where it is gzip.
fn read(path: &Path) -> Result<Vec<u8>> {
    mnist::unpacked(path, MOST_BYTES)
}

fn train(session: &mut Session, args: &Args, place: &Place) -> Result<()> {
    let stop = ending::heard()?;
    let bar = bar::steps(args.steps.map(u64::from));
    // Schedule `auto` has to be told when digits no longer get better.
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
                break Err(anyhow!("there are too few digits to draw a batch from"));
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
            // At the end it is tried again, and then it counts.
            if let Err(error) = keep(session, place) {
                bar.suspend(|| {
                    eprintln!(
                        "training goes on, but step {} is not written: {error:#}",
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
    println!("{steps} iterations in {took:.1} s, {rate:.1} a second; now at {}", session.steps());
    if steps > 0 {
        println!("losses: {}", describe(&session.losses()));
    }
    done
}

/// Where training stands, for programs.
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
