//! Other programs on the same work: each is a process that reads one case per
//! line and answers each with a line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use ganvas::recipe::Trainer;
use serde_json::{Value, json};

use super::case::Case;
use super::report::Line;
use crate::site::wasm;
use crate::{place, process};

/// A program to compare with.
pub struct Peer {
    /// Its name in the report.
    pub name: &'static str,
    /// Whether it supports a case.
    supports: fn(&Case) -> bool,
    /// The command that starts it, given the folder of builds.
    start: fn(&Path) -> Command,
    /// The command that installs it, printed if it does not answer.
    install: &'static str,
}

/// Every peer outside the browser.
pub const PEERS: [Peer; 3] = [
    Peer {
        name: "torch",
        supports: |case| case.config().is_ok_and(|config| config.recipe.trainer == Trainer::Duel),
        start: |_| {
            let mut python = Command::new("python3");
            python.args(["tests/reference/bench.py", "--threads", "1"]);
            python
        },
        install: "pip install -r tests/reference/requirements.txt",
    },
    Peer {
        name: "tfjs-wasm",
        supports: |case| case.name == "seed-gan",
        start: |_| {
            let mut node = Command::new("node");
            node.arg("tests/peers/tfjs.cjs");
            node
        },
        install: "npm ci --prefix tests/peers",
    },
    Peer {
        name: "candle",
        supports: |case| case.name == "seed-gan",
        start: |folder| Command::new(folder.join("stock-native")),
        install: "cargo ganvas bench --peers builds it",
    },
];

/// The package of the stock candle peer.
const STOCK: &str = "ganvas-stock-peer";

/// Compiles stock candle, and installs TensorFlow.js if it is missing.
pub fn build(folder: &Path, for_browser: bool) -> Result<()> {
    process::run(place::cargo().args(["build", "--release", "--package", STOCK]))?;
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let binary = place::target()?.join("release").join(STOCK);
    std::fs::copy(&binary, folder.join("stock-native"))
        .with_context(|| format!("cannot copy {}", binary.display()))?;
    if for_browser {
        wasm::write_package(STOCK, "", &folder.join("stock"), |_| Ok(()))?;
    }
    if !place::root().join("tests/peers/node_modules/@tensorflow/tfjs").is_dir() {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--prefix", "tests/peers"])
            .current_dir(place::root());
        process::run(&mut npm)?;
    }
    Ok(())
}

/// A running peer.
pub struct Answering {
    peer: &'static Peer,
    child: Child,
    cases: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Answering {
    /// Starts every peer.
    pub fn start_all(folder: &Path) -> Result<Vec<Self>> {
        PEERS.iter().map(|peer| Self::start(peer, folder)).collect()
    }

    fn start(peer: &'static Peer, folder: &Path) -> Result<Self> {
        let mut command = (peer.start)(folder);
        command.current_dir(place::root()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| peer.missing())?;
        let (Some(cases), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("{} has no standard input or output", peer.name)
        };
        Ok(Self { peer, child, cases, answers: BufReader::new(answers) })
    }

    /// Measures a case; None if the peer does not support it. Error: it does
    /// not answer.
    pub fn ask(&mut self, case: &Case, seconds: f64) -> Result<Option<Line>> {
        if !(self.peer.supports)(case) {
            return Ok(None);
        }
        let (generator, discriminator) = case.layers()?;
        let config = case.config()?;
        let hyper = config.hyper;
        let question = json!({
            "case": case.name, "seconds": seconds, "generator": generator, "discriminator": discriminator,
            "latent": hyper.latent, "batch": hyper.batch, "rate": hyper.g_rate,
            "knobs": config.knobs(),
        });
        writeln!(self.cases, "{question}").with_context(|| self.peer.missing())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).with_context(|| self.peer.missing())?;
        let answer: Value = serde_json::from_str(&answer).with_context(|| self.peer.missing())?;
        let rate = answer["iters_per_s"].as_f64().with_context(|| self.peer.missing())?;
        Ok(Some(Line::peer(self.peer.name, "native", case, rate)))
    }
}

impl Peer {
    fn missing(&self) -> String {
        format!("{} does not answer; to install it: `{}`", self.name, self.install)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        // An error means that it has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
