//! What each remedy does for runs that go wrong: `cargo run --release -p ganvas --example remedies`, with words that a case's name or alarm
//! holds to measure some only. Each run is trained on drawn digits until its alarm rises, of seeds 1 to 5; then a remedy is taken, and 2,000
//! steps later nothing may be wrong any more, and there must be digits. A remedy is offered (`watch/remedy.rs`) where it helps three seeds of
//! five, and more than waiting does.
#![allow(clippy::unwrap_used)]

#[path = "../tests/provoke/mod.rs"]
mod provoke;

use ganvas::Config;
use ganvas::watch::candidates;
use provoke::{CASES, TRIED, after, provoked};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    for case in CASES {
        let name = format!("{} {}: {}", case.recipe, case.alarm.name(), case.name);
        if !words.iter().all(|word| name.contains(word)) {
            continue;
        }
        let seeds: Vec<u32> = (1..=5).filter(|&seed| provoked(case, seed).is_some()).collect();
        println!("{name}: seeds {seeds:?} raise it");
        let config = Config::new(case.recipe, 1, case.knobs.iter().copied()).unwrap();
        let all = candidates(&config);
        for remedy in std::iter::once(None).chain(all.iter().map(Some)) {
            let outcomes: Vec<_> =
                seeds.iter().filter_map(|&seed| after(case, seed, remedy, TRIED)).collect();
            let helped = outcomes.iter().filter(|outcome| outcome.helped()).count();
            let each: Vec<String> = outcomes
                .iter()
                .map(|outcome| {
                    let names: Vec<&str> = outcome.active.iter().map(|alarm| alarm.name()).collect();
                    let end =
                        if outcome.stopped { "stopped".to_owned() } else { format!("{:.2}", outcome.level) };
                    [vec![end.as_str()], names].concat().join("+")
                })
                .collect();
            let name = remedy.map_or("(waiting)", |remedy| remedy.name);
            println!("  {name:18} helps {helped} of {}   {}", seeds.len(), each.join("  "));
        }
    }
}
