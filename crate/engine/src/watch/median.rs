//! The median of a few values, and of all values so far.

/// Values kept of each running median; at this number every second one is
/// dropped, and from then on every second new one is skipped.
const MEDIANS: usize = 512;

/// The median; 0 if there are no values.
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
    /// The median when it was last computed.
    taken: f64,
}

impl Running {
    /// Adds a value.
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

    /// The median computed last, up to 20 values ago: computing it at every
    /// step would be slow.
    pub fn latest(&self) -> f64 {
        self.taken
    }

    /// The median so far.
    pub fn median(&self) -> f64 {
        median(&mut self.kept.clone())
    }
}
