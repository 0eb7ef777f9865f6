//! Runs that go wrong, each in a different way, and their outcomes: with no
//! remedy, and with each.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use ganvas::metric::Judge;
use ganvas::train::Snapshot;
use ganvas::watch::{Alarm, AlarmChange, Evidence, Remedy, Watch};
use ganvas::{Config, Dataset, Error, Session};

/// Steps between two snapshots to go back to: as many as the page trains
/// between two of its snapshots, or fewer.
const SNAPSHOT_STEPS: u32 = 100;
/// Steps within which a remedy has to help.
pub const TRIED: u32 = 2000;

type Knobs = &'static [(&'static str, &'static str)];

/// An unconstrained critic.
const UNCONSTRAINED: &[(&str, &str)] =
    &[("optimizer", "sgd"), ("loss", "wasserstein"), ("g_rate", "0.1"), ("d_rate", "0.1")];

/// Two small nets of dense layers, two of convolutions, and two pairs of these:
/// they go wrong as the usual ones do, in seconds.
const DENSE: Knobs = &[("g_hidden", "32"), ("d_hidden", "32"), ("batch", "16")];
const PAIRS: Knobs = &[("g_channels", "4"), ("d_channels", "8"), ("batch", "8")];
const CONVOLUTIONS: Knobs = &[("g_channels", "8"), ("d_channels", "8"), ("batch", "8")];
const OWN: Knobs = &[];

/// A configuration that goes wrong.
pub struct Case {
    /// The alarm that it raises; if none, it stops at a number that is not
    /// finite.
    pub alarm: Option<Alarm>,
    /// Its name in the table.
    pub name: &'static str,
    pub recipe: &'static str,
    /// Sizes of its nets and batches.
    pub sizes: Knobs,
    /// The knobs that make it go wrong.
    pub knobs: Knobs,
    /// The step by which it must have gone wrong.
    pub by: u32,
}

/// One of each alarm that is provoked in seconds, then more.
pub const CASES: &[Case] = &[
    Case {
        alarm: Some(Alarm::ModeCollapse),
        name: "rates ten times too high",
        recipe: "gan",
        sizes: DENSE,
        knobs: &[("g_rate", "0.02"), ("d_rate", "0.02"), ("ema", "0")],
        by: 1500,
    },
    Case {
        alarm: Some(Alarm::ModeCollapse),
        name: "no dropout, five steps of D",
        recipe: "gan",
        sizes: OWN,
        knobs: &[("batch", "16"), ("d_dropout", "0"), ("d_steps", "5")],
        by: 2500,
    },
    Case {
        alarm: Some(Alarm::DWins),
        name: "minimax, D 100 times as fast",
        recipe: "gan",
        sizes: DENSE,
        knobs: &[("loss", "minimax"), ("d_rate", "0.01"), ("g_rate", "0.0001")],
        by: 1000,
    },
    Case {
        alarm: Some(Alarm::DWins),
        name: "minimax, no dropout",
        recipe: "gan",
        sizes: DENSE,
        knobs: &[("loss", "minimax"), ("d_dropout", "0"), ("d_steps", "3")],
        by: 2000,
    },
    Case {
        alarm: Some(Alarm::GWins),
        name: "a D that hardly learns",
        recipe: "gan",
        sizes: DENSE,
        knobs: &[("d_rate", "0.000001")],
        by: 800,
    },
    Case {
        alarm: Some(Alarm::GWins),
        name: "a D that hardly learns, convolutions",
        recipe: "dcgan",
        sizes: OWN,
        knobs: &[("d_rate", "0.00001")],
        by: 1000,
    },
    Case {
        alarm: Some(Alarm::Oscillation),
        name: "two latents, high rates",
        recipe: "gan",
        sizes: OWN,
        knobs: &[
            ("latent", "2"),
            ("g_hidden", "64"),
            ("d_hidden", "64"),
            ("batch", "16"),
            ("g_rate", "0.02"),
            ("d_rate", "0.01"),
            ("d_dropout", "0"),
            ("ema", "0"),
        ],
        by: 2600,
    },
    Case {
        alarm: Some(Alarm::Divergence),
        name: "gradient descent at a rate of 1",
        recipe: "gan",
        sizes: DENSE,
        knobs: &[("optimizer", "sgd"), ("loss", "minimax"), ("g_rate", "1"), ("d_rate", "1")],
        by: 600,
    },
    Case {
        alarm: Some(Alarm::Divergence),
        name: "an unconstrained critic",
        recipe: "gan",
        sizes: DENSE,
        knobs: UNCONSTRAINED,
        by: 600,
    },
    Case {
        alarm: Some(Alarm::Copies),
        name: "discriminators that hardly learn",
        recipe: "cyclegan",
        sizes: PAIRS,
        knobs: &[("domains", "slant"), ("d_rate", "0.000001"), ("identity", "50")],
        by: 1500,
    },
    Case {
        alarm: Some(Alarm::Forgets),
        name: "no loss that keeps the digit",
        recipe: "cyclegan",
        sizes: PAIRS,
        knobs: &[
            ("domains", "slant"),
            ("blocks", "3"),
            ("g_rate", "0.02"),
            ("d_rate", "0.02"),
            ("cycle", "0"),
            ("identity", "0"),
        ],
        by: 800,
    },
    Case {
        alarm: Some(Alarm::DWins),
        name: "translators that hardly learn",
        recipe: "cyclegan",
        sizes: PAIRS,
        knobs: &[("g_rate", "0.00001")],
        by: 1500,
    },
    Case {
        alarm: Some(Alarm::GWins),
        name: "discriminators that hardly learn",
        recipe: "cyclegan",
        sizes: PAIRS,
        knobs: &[("d_rate", "0.000001")],
        by: 1500,
    },
    Case {
        alarm: None,
        name: "unconstrained critic, batch norm",
        recipe: "wgan",
        sizes: CONVOLUTIONS,
        knobs: &[("optimizer", "sgd"), ("clip", "0"), ("g_rate", "0.1"), ("d_rate", "0.1")],
        by: 400,
    },
    Case {
        alarm: None,
        name: "gradient descent at a rate of 1",
        recipe: "wgan_gp",
        sizes: CONVOLUTIONS,
        knobs: &[("optimizer", "sgd"), ("g_rate", "1"), ("d_rate", "1")],
        by: 400,
    },
    Case {
        alarm: None,
        name: "gradient descent at a rate of 1",
        recipe: "lsgan",
        sizes: CONVOLUTIONS,
        knobs: &[("optimizer", "sgd"), ("g_rate", "1"), ("d_rate", "1")],
        by: 400,
    },
    Case {
        alarm: None,
        name: "unconstrained critic",
        recipe: "gan",
        sizes: DENSE,
        knobs: UNCONSTRAINED,
        by: 400,
    },
];

impl Case {
    /// The name of what goes wrong.
    pub fn trouble(&self) -> &'static str {
        self.alarm.map_or("fault", Alarm::name)
    }

    /// Its configuration with a seed.
    pub fn config(&self, seed: u32) -> Config {
        Config::new(self.recipe, seed, self.sizes.iter().chain(self.knobs).copied()).unwrap()
    }
}

/// A run that is watched as on the page.
pub struct Watched {
    pub session: Session,
    pub watch: Watch,
    /// Alarms that hold.
    pub active: Vec<Evidence>,
    /// Alarms that rose, in order, each with its step.
    pub rose: Vec<(Alarm, u32)>,
    pub snapshots: Vec<Snapshot>,
    /// Whether it stopped at a number that is not finite.
    pub stopped: bool,
}

impl Watched {
    pub fn new(config: Config, data: Dataset) -> Self {
        let mut watch = Watch::default();
        watch.set_judge(Judge::ready().unwrap());
        let session = Session::new(config, data).unwrap();
        Self {
            session,
            watch,
            active: Vec::new(),
            rose: Vec::new(),
            snapshots: Vec::new(),
            stopped: false,
        }
    }

    /// Does an iteration, and what the page does after it.
    pub fn step(&mut self) {
        if self.session.steps().is_multiple_of(SNAPSHOT_STEPS) {
            self.snapshots.push(self.session.snapshot().unwrap());
        }
        match self.session.step() {
            Ok(_) => {}
            Err(Error::NotFinite { .. }) => {
                self.stopped = true;
                return;
            }
            Err(error) => panic!("{error}"),
        }
        self.watch.record(&self.session);
        if self.watch.quick_survey_due() {
            self.watch.quick_survey(&mut self.session).unwrap();
        }
        if self.watch.survey_due() {
            self.watch.begin_survey(false);
        }
        while self.watch.surveying() {
            self.watch.continue_survey(&mut self.session).unwrap();
        }
        if self.session.steps().is_multiple_of(10) {
            for change in self.watch.check() {
                match change {
                    AlarmChange::Raised(found) => {
                        self.rose.push((found.alarm, self.session.steps()));
                        self.active.push(found);
                    }
                    AlarmChange::Cleared(alarm) => self.active.retain(|other| other.alarm != alarm),
                }
            }
        }
    }

    /// Trains until `alarm` holds or `steps` are done; returns the evidence.
    pub fn until(&mut self, alarm: Alarm, steps: u32) -> Option<Evidence> {
        while self.session.steps() < steps && !self.stopped {
            self.step();
            if let Some(found) = self.active.iter().find(|found| found.alarm == alarm) {
                return Some(found.clone());
            }
        }
        None
    }

    /// Trains until a number is not finite or `steps` are done; returns the
    /// step that failed.
    pub fn until_stopped(&mut self, steps: u32) -> Option<u32> {
        while self.session.steps() < steps && !self.stopped {
            self.step();
        }
        self.stopped.then(|| self.session.steps() + 1)
    }

    /// Applies a remedy against what went wrong at step `since`.
    pub fn heal(&mut self, remedy: &Remedy, since: u32) {
        if remedy.fresh {
            let knobs = self.session.config().knobs();
            let all = knobs.iter().map(|(key, value)| (*key, value.as_str()));
            let turned = remedy.knobs.iter().map(|(key, value)| (*key, value.as_str()));
            let Config { recipe, seed, .. } = *self.session.config();
            *self = Self::new(
                Config::new(recipe.id, seed, all.chain(turned)).unwrap(),
                Dataset::drawn(),
            );
            return;
        }
        if remedy.back {
            // The first snapshot is that of step 0.
            let before = self.snapshots.iter().rev().find(|snapshot| snapshot.step < since);
            let snapshot = before.unwrap_or(&self.snapshots[0]);
            self.session.return_to(snapshot).unwrap();
            self.watch.reset_run();
            self.active.clear();
            self.stopped = false;
        }
        for (key, value) in &remedy.knobs {
            self.session.tune(key, value).unwrap();
        }
    }

    /// The share of the last quick surveys' images that the judge recognises,
    /// over that of real ones; for translators, how much of the way they go.
    pub fn level(&self) -> f64 {
        let history = self.watch.history();
        let gone = |side| history.pair(4, side, |pair| pair.wrong).map(|wrong| 1. - wrong);
        match (gone(0), gone(1)) {
            (Some(a), Some(b)) => a.min(b),
            _ => history.readable(4).unwrap_or(0.),
        }
    }
}

/// The outcome of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Alarms that hold at its end.
    pub active: Vec<Alarm>,
    pub level: f64,
    pub stopped: bool,
}

impl Outcome {
    /// Whether nothing is wrong any more and there are digits.
    pub fn helped(&self) -> bool {
        self.active.is_empty() && !self.stopped && self.level > 0.3
    }
}

/// Trains a case with a seed until its alarm rises or it stops; returns the
/// step since which it goes wrong, too.
pub fn provoked(case: &Case, seed: u32) -> Option<(Watched, u32)> {
    let mut run = Watched::new(case.config(seed), Dataset::drawn());
    let since = match case.alarm {
        Some(alarm) => run.until(alarm, case.by)?.since,
        None => run.until_stopped(case.by)?,
    };
    Some((run, since))
}

/// The outcome of the same, `steps` steps later, with `remedy` or none.
pub fn after(case: &Case, seed: u32, remedy: Option<&Remedy>, steps: u32) -> Option<Outcome> {
    let (mut run, since) = provoked(case, seed)?;
    if let Some(remedy) = remedy {
        run.heal(remedy, since);
    }
    let end = run.session.steps() + steps;
    while run.session.steps() < end && !run.stopped {
        run.step();
    }
    Some(Outcome {
        active: run.active.iter().map(|found| found.alarm).collect(),
        level: run.level(),
        stopped: run.stopped,
    })
}
