//! The median of a few values, and of all values so far.

/// Values kept of each running median; beyond it every second is dropped and
/// every second new one is skipped.
const MEDIANS: usize = 512;

/// The middle value; 0 of none.
pub fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { 0. } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

/// A running median over evenly spaced values of all so far.
#[derive(Clone, Debug, Default)]
pub struct Running {
    kept: Vec<f64>,
    /// Values so far.
    pub count: u64,
    every: u64,
    /// The median when it was last taken.
    taken: f64,
}

impl Running {
    /// Takes down a value.
    pub fn add(&mut self, value: f64) {
        let every = self.every.max(1);
        if self.count.is_multiple_of(every) {
            self.kept.push(value);
        }
        self.count += 1;
        if self.count.is_multiple_of(20) {
            self.taken = self.median();
        }
        if self.kept.len() == MEDIANS {
            let mut index = 0;
            self.kept.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.every = 2 * every;
        }
    }

    /// The median of not long ago: taking it at every step would cost.
    pub fn latest(&self) -> f64 {
        self.taken
    }

    /// The median so far.
    pub fn median(&self) -> f64 {
        median(&mut self.kept.clone())
    }
}
