//! Measures what each remedy does for runs that go wrong: `cargo run --release
//! -p ganvas --example remedies`. Arguments limit the cases to those whose name
//! contains every word, and the remedies to those named after `=`: `remedies
//! gan g-wins =usual =waiting`.
//!
//! Each run, with seeds 1 to 5, trains on drawn digits until its alarm rises or
//! a number is not finite; then a remedy is applied. It helps if, 2,000 steps
//! later, no alarm holds and there are digits. A remedy is offered
//! (`watch/remedy.rs`) if it helps three seeds of five, and more than waiting
//! does.
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
            let each: Vec<String> = outcomes.iter().map(summary).collect();
            println!("  {name:16} helps {helped} of {}   {}", outcomes.len(), each.join("  "));
        }
    }
}

/// The share of images that the judge recognises at the end, and the alarms
/// that still hold.
fn summary(outcome: &Outcome) -> String {
    let level =
        if outcome.stopped { "stopped".to_owned() } else { format!("{:.2}", outcome.level) };
    let alarms = outcome.active.iter().map(|alarm| format!("+{}", alarm.name()));
    std::iter::once(level).chain(alarms).collect()
}
