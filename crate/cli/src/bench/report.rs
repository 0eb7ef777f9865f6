//! Measurements, their medians, and the ratios between them.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::case::Case;
use super::peer_names;
use crate::say;

/// One measurement: program, case, host, rate and further figures.
pub struct Line {
    case: String,
    /// `native` or `browser`.
    host: &'static str,
    /// Our build or the peer, by name.
    who: String,
    peer: bool,
    /// Iterations per second.
    rate: f64,
    /// The JSON line.
    about: Value,
}

impl Line {
    /// A measurement of our engine, from its report.
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

    /// A measurement of a peer; `rate` is iterations per second.
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
    /// Adds a measurement.
    pub fn add(&mut self, line: Line) {
        self.0.push(line);
    }

    /// Adds a measurement, if there is one.
    pub fn extend(&mut self, line: Option<Line>) {
        self.0.extend(line);
    }

    /// For each program and case the measurement with the median rate, in order
    /// of first appearance.
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

    /// The rate of its products over the highest ceiling that this program
    /// reached in the complete run: other programs on the machine can lower the
    /// ceiling of one moment.
    fn ceiling_share(&self, line: &Line) -> Option<f64> {
        let same = self.0.iter().filter(|other| (other.host, &other.who) == (line.host, &line.who));
        let ceilings = same.filter_map(|other| other.about["ceiling_gflops"].as_f64());
        Some(line.about["product_gflops"].as_f64()? / ceilings.reduce(f64::max)?)
    }

    /// Prints JSON lines, or a table for people, with the ratio to each peer.
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
        println!("\nms per iteration by part, bytes allocated per step, wasm heap:");
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
            println!("{} {name}: {}; {step} per step{heap}{decode}", line.case, parts.join(", "));
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
