//! `bench`: measures training speed in one run, natively and in Chromium, and
//! compares it with other programs on the same work.

mod browser;
mod case;
mod native;
mod peers;
mod report;

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::site::{self, wasm};
use crate::{place, process, say};
use browser::Browser;
use case::Case;
use peers::{Answering, PEERS};
use report::{Line, Report};

/// Measure training speed on one core, alternating between hosts (and peers);
/// print the median of the rounds.
///
/// Prints iterations per second, GFLOP/s of matrix products and their share of
/// the bare kernel's rate in the same run, time by part, and bytes allocated
/// per step. Do not compare speeds of different runs: the speed of a machine
/// varies.
#[derive(clap::Args)]
pub struct Args {
    /// Where to train
    #[arg(long, value_enum, default_value = "both")]
    host: Host,
    /// Cases by name: seed-gan, dcgan16, dcgan32, or a recipe at its defaults
    /// [default: all]
    #[arg(long, value_name = "CASE,..", value_delimiter = ',')]
    case: Vec<String>,
    /// Measure this recipe instead, with the knobs of --set
    #[arg(long, conflicts_with = "case")]
    recipe: Option<String>,
    /// Set a knob of that recipe
    #[arg(long, value_name = "KEY=VALUE", requires = "recipe")]
    set: Vec<String>,
    /// Also measure PyTorch, TensorFlow.js and stock candle on the cases that
    /// they support
    #[arg(long)]
    peers: bool,
    /// Seconds per measurement
    #[arg(long, default_value = "3", value_parser = crate::train::seconds)]
    seconds: Duration,
    /// Number of rounds; the median is printed
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Print JSON lines
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Host {
    Native,
    Browser,
    Both,
}

/// Environment variable that is set in the process pinned to one core.
const PINNED: &str = "GANVAS_BENCH_PINNED";

/// Builds what is missing, pins this process to one core and measures. Errors:
/// an unknown case, a missing tool, a peer that fails.
pub fn run(args: &Args) -> Result<()> {
    say::json_only(args.json);
    let cases = cases(args)?;
    let folder = place::target()?.join("bench");
    if std::env::var_os(PINNED).is_none() {
        if args.host != Host::Native {
            let site = folder.join("site");
            if site::stale(&site) {
                site::build(&site, true)?;
            }
        }
        if args.peers {
            peers::build(&folder, args.host != Host::Native)?;
        }
        return pinned();
    }

    let mut browser = match args.host {
        Host::Native => None,
        Host::Browser | Host::Both => Some(Browser::start(&folder)?),
    };
    let mut peers = if args.peers { Answering::start_all(&folder)? } else { Vec::new() };
    let mut report = Report::default();
    for round in 1..=args.rounds {
        for case in &cases {
            if !args.json {
                eprintln!("round {round} of {}: {}", args.rounds, case.name);
            }
            let seconds = args.seconds.as_secs_f64();
            let ms = seconds * 1e3;
            if args.host != Host::Browser {
                report.add(native::train(case, ms)?);
            }
            for peer in &mut peers {
                report.extend(peer.ask(case, seconds)?);
            }
            let Some(browser) = &mut browser else { continue };
            for build in &wasm::BUILDS {
                report.add(browser.train(build.name, case, ms)?);
            }
            if args.peers && case.name == "seed-gan" {
                report.add(Line::peer("candle", "browser", case, browser.stock(seconds)?));
            }
        }
    }
    drop(browser);
    report.print(args.json)
}

fn cases(args: &Args) -> Result<Vec<Case>> {
    if let Some(recipe) = &args.recipe {
        return Ok(vec![Case::own(recipe, &args.set)?]);
    }
    let all = Case::all();
    if args.case.is_empty() {
        return Ok(all);
    }
    let known = || all.iter().map(|case| case.name.as_str()).collect::<Vec<_>>().join(", ");
    let find = |name: &String| {
        let found = all.iter().find(|case| case.name == *name);
        found.cloned().with_context(|| format!("unknown case {name}; the cases are {}", known()))
    };
    args.case.iter().map(find).collect()
}

/// Runs this command again, pinned to the last core, as is every program of the
/// comparison that it starts.
fn pinned() -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let own = std::env::current_exe().context("cannot find the path of this program")?;
    let mut command = if process::works(Command::new("taskset").args(["-c", "0", "true"])) {
        let mut taskset = Command::new("taskset");
        taskset.arg("-c").arg((cores - 1).to_string()).arg(own);
        taskset
    } else {
        eprintln!("taskset is missing: no program is pinned to a core");
        Command::new(own)
    };
    command.args(std::env::args_os().skip(1)).env(PINNED, "1");
    for threads in ["RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
        command.env(threads, "1");
    }
    match command.status().context("cannot start the pinned run")?.success() {
        true => Ok(()),
        false => bail!("the pinned run failed"),
    }
}

/// Names of the peers, for the report.
fn peer_names() -> impl Iterator<Item = &'static str> {
    PEERS.iter().map(|peer| peer.name)
}
