//! Training speed: the cases that every peer runs, and the time of a step by
//! part.

use serde::Serialize;

use crate::data::{DRAWN, Dataset, Images, Sample};
use crate::error::Result;
use crate::kernel::{ceiling, meter::Part};
use crate::train::{Config, Session, StepOutcome};

/// A case: a recipe with knobs, under a name that peers use too.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// The recipe.
    pub recipe: &'static str,
    /// The (knob, value) pairs that differ from the recipe's defaults.
    pub knobs: &'static [(&'static str, &'static str)],
}

/// The comparison with other programs: the same nets, batches and rates on
/// every side, one update of D and one of G on the same fakes.
pub const CASES: [Case; 3] = [
    Case {
        name: "seed-gan",
        recipe: "gan",
        knobs: &[
            ("latent", "100"),
            ("g_hidden", "100-100"),
            ("d_hidden", "100-100"),
            ("g_norm", "false"),
            ("d_dropout", "0"),
            ("batch", "100"),
            ("fresh_fakes", "false"),
            ("ema", "0"),
            ("g_rate", "0.0002"),
            ("d_rate", "0.0002"),
        ],
    },
    Case { name: "dcgan16", recipe: "dcgan", knobs: &dcgan("16") },
    Case { name: "dcgan32", recipe: "dcgan", knobs: &dcgan("32") },
];

/// The peers' convolutional case with `channels` in the larger hidden feature
/// map.
const fn dcgan(channels: &'static str) -> [(&'static str, &'static str); 17] {
    [
        ("latent", "64"),
        ("g_channels", channels),
        ("d_channels", channels),
        ("kernel", "4"),
        ("g_blocks7", "0"),
        ("d_blocks14", "0"),
        ("d_blocks7", "0"),
        ("modes", "0"),
        ("schedule", "constant"),
        ("g_norm", "true"),
        ("d_norm", "false"),
        ("batch", "64"),
        ("fresh_fakes", "false"),
        ("ema", "0"),
        ("ema_width", "0"),
        ("g_rate", "0.0002"),
        ("d_rate", "0.0002"),
    ]
}

/// The measurements of a run of a case.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Iterations counted.
    pub iterations: u32,
    /// The time they took, in ms.
    pub ms: f64,
    /// Real images in an iteration, and as many generated ones.
    pub batch: u32,
    /// Multiply-adds of matrix products in an iteration.
    pub multiply_adds: f64,
    /// Bytes allocated in an iteration.
    pub allocated: f64,
    /// (part, ms per iteration), from a second run in which the parts are
    /// timed; the rest is `other`: the loss, buffers, lists.
    pub parts: Vec<(&'static str, f64)>,
    /// The 95th percentile of the time to decode a latent vector, in ms; `None`
    /// without latent vectors.
    pub decode_p95_ms: Option<f64>,
    /// Speed of matrix products alone, in that run, in GFLOP/s.
    pub product_gflops: f64,
}

/// The clock and the allocation counter of a host.
#[derive(Clone, Copy)]
pub struct Host {
    /// Milliseconds since a fixed time.
    pub clock: fn() -> f64,
    /// Bytes allocated since a fixed time.
    pub allocated: fn() -> f64,
}

/// A session of `config` on images of noise, as many as there are drawn digits.
pub fn session(config: Config) -> Result<Session> {
    let Sample { shape, classes } = Sample::DIGIT;
    let noise = |i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8;
    let bytes = (0..DRAWN * shape.size() as u32).map(noise).collect();
    let labels = (0..DRAWN).map(|digit| (digit % classes as u32) as u8).collect();
    Session::new(config, Dataset::images(Images { shape, bytes }, classes, Some(labels))?)
}

/// The 95th percentile of the time to decode a latent vector, in ms; `None`
/// without latent vectors.
fn decode_p95(session: &mut Session, clock: fn() -> f64) -> Result<Option<f64>> {
    const TIMES: usize = 100;
    let latent = vec![0.5; session.config().hyper.latents().width()];
    let Some(mut space) = session.latent() else { return Ok(None) };
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let start = clock();
        space.decode(&latent, 0)?;
        times.push(clock() - start);
    }
    times.sort_by(f64::total_cmp);
    Ok(Some(times[TIMES * 95 / 100]))
}

/// Trains for about `ms` by `clock` (milliseconds), in two runs: one to count
/// iterations, one to time the parts.
pub fn run(session: &mut Session, Host { clock, allocated }: Host, ms: f64) -> Result<Report> {
    const WARM_UP: u32 = 3;
    steps(session, clock, |done, _| done < WARM_UP)?;
    session.meter().reset(None);
    let before = allocated();
    let (iterations, took) = steps(session, clock, |done, spent| done == 0 || spent < 0.75 * ms)?;
    let multiply_adds = session.meter().multiply_adds() / f64::from(iterations);
    // Counters of 32 bits wrap around.
    let bytes = (allocated() - before).rem_euclid(4_294_967_296.) / f64::from(iterations);
    session.meter().reset(Some(clock));
    let (metered, spent) = steps(session, clock, |done, spent| done == 0 || spent < 0.25 * ms)?;
    let each = 1. / f64::from(metered);
    let mut parts: Vec<_> =
        Part::ALL.iter().map(|&part| (part.name(), session.meter().time(part) * each)).collect();
    let known: f64 = parts.iter().map(|(_, ms)| ms).sum();
    parts.push(("other", spent * each - known));
    let product_ms = session.meter().time(Part::Product) * each;
    session.meter().reset(None);
    Ok(Report {
        iterations,
        ms: took,
        batch: session.config().hyper.batch,
        multiply_adds,
        allocated: bytes,
        parts,
        decode_p95_ms: decode_p95(session, clock)?,
        product_gflops: 2. * multiply_adds / product_ms / 1e6,
    })
}

/// Upper bound of the speed of matrix products: GFLOP/s of the innermost loop
/// alone, on operands that stay in the nearest cache.
pub fn bare_kernel(clock: fn() -> f64, ms: f64) -> f64 {
    // The greatest: a shared machine can slow a measurement down, and nothing
    // speeds it up.
    let mut greatest: f64 = 0.;
    let first = clock();
    while greatest == 0. || clock() - first < ms {
        let start = clock();
        let flops = ceiling();
        greatest = greatest.max(flops / (clock() - start) / 1e6);
    }
    greatest
}

/// Trains while `more(steps done, ms spent)`; returns (steps, ms).
fn steps(
    session: &mut Session,
    clock: fn() -> f64,
    more: impl Fn(u32, f64) -> bool,
) -> Result<(u32, f64)> {
    let start = clock();
    let mut done = 0;
    while more(done, clock() - start) && session.step()? == StepOutcome::Done {
        done += 1;
    }
    Ok((done.max(1), clock() - start))
}
