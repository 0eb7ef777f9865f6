//! `cargo ganvas <verb>`: serves, builds, fetches, trains, samples, measures
//! and tests.

#[macro_use]
mod say;

mod atomic_file;
mod bar;
mod bench;
mod digits;
mod download;
mod ending;
mod files;
mod http;
mod mnist;
mod picture;
mod pictures;
mod place;
mod process;
mod site;
mod tools;
mod verb;
mod watch;

use std::alloc::System;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use verb::{build, eval, fetch, sample, serve, test, train, train_judge};

/// Counts the bytes that a training step allocates, for `bench`.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Train GANs in a web page or natively.
#[derive(Parser)]
#[command(name = "cargo ganvas", bin_name = "cargo ganvas", version, subcommand_required = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Serve(serve::Args),
    Build(build::Args),
    Fetch(fetch::Args),
    Train(train::Args),
    TrainJudge(train_judge::Args),
    Sample(sample::Args),
    Eval(eval::Args),
    Bench(bench::Args),
    Test(test::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().verb {
        Verb::Serve(args) => serve::run(&args),
        Verb::Build(args) => build::run(&args),
        Verb::Fetch(args) => fetch::run(&args),
        Verb::Train(args) => train::run(&args),
        Verb::TrainJudge(args) => train_judge::run(&args),
        Verb::Sample(args) => sample::run(&args),
        Verb::Eval(args) => eval::run(&args),
        Verb::Bench(args) => bench::run(&args),
        Verb::Test(args) => test::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line, even if the causes' texts have several.
            let line = format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ");
            eprintln!("error: {line}");
            ExitCode::FAILURE
        }
    }
}
