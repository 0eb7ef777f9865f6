//! Measurements, their medians, and the ratios between them.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::case::Case;
use super::peer_names;
use crate::say;

/// One measurement: who, on what, how fast, and what else is known.
pub struct Line {
    case: String,
    /// `native` or `browser`.
    host: &'static str,
    /// Ours by build, a peer by name.
    who: String,
    peer: bool,
    rate: f64,
    about: Value,
}

impl Line {
    /// A measurement of ours, from the engine's report.
    pub fn ours(
        case: &Case,
        host: &'static str,
        build: &str,
        report: &Value,
        ceiling: f64,
        heap: Value,
    ) -> Self {
        let number = |key: &str| report[key].as_f64().unwrap_or(f64::NAN);
        let rate = number("iterations") / number("ms") * 1e3;
        let mut parts = Map::new();
        for part in report["parts"].as_array().into_iter().flatten() {
            parts.insert(part[0].as_str().unwrap_or_default().into(), part[1].clone());
        }
        let about = json!({
            "case": case.name, "recipe": case.recipe, "host": host, "build": build, "workers": 1, "threads": 1,
            "batch": report["batch"], "iters_per_s": rate, "images_per_s": rate * number("batch"),
            "gflops": 2e-9 * number("multiply_adds") * rate, "product_gflops": report["product_gflops"],
            "ceiling_gflops": ceiling,
            "ms_by_part": parts, "allocated_bytes_per_step": report["allocated"], "heap_bytes": heap,
            "decode_p95_ms": report["decode_p95_ms"],
        });
        Self { case: case.name.clone(), host, who: build.into(), peer: false, rate, about }
    }

    /// A peer's iterations a second.
    pub fn peer(name: &str, host: &'static str, case: &Case, rate: f64) -> Self {
        let about = json!({
            "case": case.name, "recipe": case.recipe, "host": host, "peer": name, "threads": 1, "iters_per_s": rate,
        });
        Self { case: case.name.clone(), host, who: name.into(), peer: true, rate, about }
    }

    fn same(&self, other: &Self) -> bool {
        (&self.case, self.host, &self.who) == (&other.case, other.host, &other.who)
    }

    fn name(&self) -> String {
        match (self.host, self.peer) {
            ("browser", _) => format!("{} in Chromium", self.who),
            (_, true) => self.who.clone(),
            _ => "native".into(),
        }
    }
}

/// Every measurement of a run.
#[derive(Default)]
pub struct Report(Vec<Line>);

impl Report {
    /// Adds one.
    pub fn add(&mut self, line: Line) {
        self.0.push(line);
    }

    /// Adds one, if it was taken.
    pub fn extend(&mut self, line: Option<Line>) {
        self.0.extend(line);
    }

    /// Of each contender on each case the measurement with the median rate, in
    /// order of first appearance.
    fn medians(&self) -> Vec<&Line> {
        let mut medians: Vec<&Line> = Vec::new();
        for line in &self.0 {
            if medians.iter().any(|other| other.same(line)) {
                continue;
            }
            let mut same: Vec<&Line> = self.0.iter().filter(|other| other.same(line)).collect();
            same.sort_by(|a, b| a.rate.total_cmp(&b.rate));
            medians.push(same[same.len() / 2]);
        }
        medians
    }

    /// What share of the greatest ceiling that this contender reached in the
    /// whole run its products reach: the ceiling of one moment may be that of a
    /// machine that others slowed down.
    fn ceiling_share(&self, line: &Line) -> Option<f64> {
        let same = self.0.iter().filter(|other| (other.host, &other.who) == (line.host, &line.who));
        let ceilings = same.filter_map(|other| other.about["ceiling_gflops"].as_f64());
        Some(line.about["product_gflops"].as_f64()? / ceilings.reduce(f64::max)?)
    }

    /// Prints JSON lines, or a table for people, with each peer's ratio.
    pub fn print(&self, json: bool) -> Result<()> {
        let medians = self.medians();
        let ratios = |line: &Line| -> Vec<(String, f64)> {
            let peers =
                medians.iter().filter(|peer| peer.peer && !line.peer && peer.case == line.case);
            peers.map(|peer| (peer.name(), line.rate / peer.rate)).collect()
        };
        if json {
            for line in &medians {
                let mut about = line.about.clone();
                about["ceiling_share"] = json!(self.ceiling_share(line));
                about["ratios"] = ratios(line)
                    .into_iter()
                    .map(|(name, ratio)| (name, json!(ratio)))
                    .collect::<Map<_, _>>()
                    .into();
                say::json(&about);
            }
            return Ok(());
        }
        println!(
            "| case | who | iterations/s | GFLOP/s | products / ceiling | times as fast as |\n|---|---|---|---|---|---|"
        );
        for line in &medians {
            let number = |key: &str| line.about[key].as_f64();
            let shown = |value: Option<f64>, digits| {
                value.map_or(String::new(), |value| format!("{value:.digits$}"))
            };
            let against: Vec<String> =
                ratios(line).iter().map(|(name, ratio)| format!("{name} {ratio:.2}")).collect();
            println!(
                "| {} | {} | {:.1} | {} | {} | {} |",
                line.case,
                line.name(),
                line.rate,
                shown(number("gflops"), 1),
                shown(self.ceiling_share(line), 2),
                against.join(", ")
            );
        }
        println!("\nms an iteration by part, bytes allocated a step, wasm heap:");
        for line in medians.iter().filter(|line| !line.peer) {
            let parts = line.about["ms_by_part"].as_object().into_iter().flatten();
            let parts: Vec<String> = parts
                .map(|(name, ms)| format!("{name} {:.2}", ms.as_f64().unwrap_or(f64::NAN)))
                .collect();
            let megabytes =
                |key: &str| line.about[key].as_f64().map(|bytes| format!("{:.1} MB", bytes / 1e6));
            let heap =
                megabytes("heap_bytes").map_or(String::new(), |heap| format!(", heap {heap}"));
            let step = megabytes("allocated_bytes_per_step").unwrap_or_default();
            let decode = line.about["decode_p95_ms"].as_f64();
            let decode = decode.map_or(String::new(), |ms| format!("; decode {ms:.2} ms"));
            let name = line.name();
            println!("{} {name}: {}; {step} a step{heap}{decode}", line.case, parts.join(", "));
        }
        let absent: Vec<_> = peer_names()
            .filter(|name| !medians.iter().any(|line| line.peer && line.who == *name))
            .collect();
        if !absent.is_empty() {
            println!("not measured: {} (--peers)", absent.join(", "));
        }
        Ok(())
    }
}
