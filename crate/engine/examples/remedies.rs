//! What each remedy does for runs that go wrong: `cargo run --release -p ganvas
//! --example remedies`. Words that a case's name holds measure only such cases,
//! words after `=` only such remedies: `remedies gan g-wins =usual =waiting`.
//!
//! Each run is trained on drawn digits until its alarm rises or it stops at a
//! number that is not finite, of seeds 1 to 5; then a remedy is taken, and 2,000 steps later nothing may be wrong any more,
//! and there must be digits. A remedy is offered (`watch/remedy.rs`) where it
//! helps three seeds of five, and more than waiting does.
#![allow(clippy::unwrap_used)]

#[path = "../tests/provoke/mod.rs"]
mod provoke;

use ganvas::watch::candidates;
use provoke::{CASES, Outcome, TRIED, after};

fn main() {
    let (only, words): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with('='));
    for case in CASES {
        let name = format!("{} {}: {}", case.recipe, case.trouble(), case.name);
        if !words.iter().all(|word| name.contains(word.as_str())) {
            continue;
        }
        println!("{name}");
        let all = candidates(&case.config(1));
        for remedy in std::iter::once(None).chain(all.iter().map(Some)) {
            let name = remedy.map_or("waiting", |remedy| remedy.name);
            if !only.is_empty() && !only.iter().any(|word| &word[1..] == name) {
                continue;
            }
            let outcomes: Vec<Outcome> =
                (1..=5).filter_map(|seed| after(case, seed, remedy, TRIED)).collect();
            let helped = outcomes.iter().filter(|outcome| outcome.helped()).count();
            let each: Vec<String> = outcomes.iter().map(said).collect();
            println!("  {name:16} helps {helped} of {}   {}", outcomes.len(), each.join("  "));
        }
    }
}

/// How much of its digits can be read at the end, and what is still wrong.
fn said(outcome: &Outcome) -> String {
    let level =
        if outcome.stopped { "stopped".to_owned() } else { format!("{:.2}", outcome.level) };
    let alarms = outcome.active.iter().map(|alarm| format!("+{}", alarm.name()));
    std::iter::once(level).chain(alarms).collect()
}
