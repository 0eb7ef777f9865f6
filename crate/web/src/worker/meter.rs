//! How long training took and how fast it goes.

/// The rates are those of about this long.
const WINDOW_MS: f64 = 1500.;

/// Time spent training and what was done lately.
#[derive(Default)]
pub struct Meter {
    elapsed: f64,
    last: Option<f64>,
    noted: u32,
    /// (elapsed, steps, digits), oldest first.
    marks: Vec<(f64, u32, u64)>,
}

impl Meter {
    /// Of a run that trained for `elapsed` milliseconds before, up to `step`.
    pub fn from(elapsed: f64, step: u32) -> Self {
        Self { elapsed, noted: step, ..Self::default() }
    }

    /// Training stops for a while: the time until it goes on does not count.
    pub fn rest(&mut self) {
        self.last = None;
        self.marks.clear();
    }

    /// A slice ended at `time` with so many steps and digits in all.
    pub fn worked(&mut self, time: f64, steps: u32, digits: u64) {
        self.elapsed += self.last.map_or(0., |last| time - last);
        self.last = Some(time);
        self.marks.push((self.elapsed, steps, digits));
        let old = self.marks.iter().take_while(|mark| self.elapsed - mark.0 > WINDOW_MS).count();
        self.marks.drain(..old);
    }

    /// The run goes on from `step`, which is in the curves.
    pub fn go_back(&mut self, step: u32) {
        self.rest();
        self.noted = step;
    }

    /// Milliseconds spent training.
    pub fn elapsed(&self) -> f64 {
        self.elapsed
    }

    /// Steps and digits a second, lately.
    pub fn rates(&self) -> (f64, f64) {
        match (self.marks.first(), self.marks.last()) {
            (Some(first), Some(last)) if last.0 > first.0 => {
                let seconds = (last.0 - first.0) / 1e3;
                (f64::from(last.1 - first.1) / seconds, (last.2 - first.2) as f64 / seconds)
            }
            _ => (0., 0.),
        }
    }

    /// Whether `step` is new to the curves; remembers it.
    pub fn note(&mut self, step: u32) -> bool {
        let new = step > self.noted;
        self.noted = self.noted.max(step);
        new
    }
}
