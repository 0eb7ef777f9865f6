//! Training time and speed.

/// The rates are averaged over about this time, in milliseconds.
const WINDOW_MS: f64 = 1500.;

/// The machine slept in a slice that takes longer than this, and more than so
/// many times as long as slices usually do.
const SLEPT_MS: f64 = 5000.;
const SLEPT_TIMES: f64 = 20.;
/// Weight of the newest slice in the running average of slice times.
const NEWEST: f64 = 0.2;

/// Training time and recent speed.
#[derive(Default)]
pub struct SpeedMeter {
    elapsed: f64,
    last: Option<f64>,
    /// How long slices usually take, in milliseconds.
    usual: Option<f64>,
    /// (elapsed, steps, images), oldest first.
    marks: Vec<(f64, u32, u64)>,
}

impl SpeedMeter {
    /// The meter of a run that was trained for `elapsed` milliseconds before.
    pub fn after(elapsed: f64) -> Self {
        Self { elapsed, ..Self::default() }
    }

    /// Training stops for a while: the time until it continues does not count.
    pub fn rest(&mut self) {
        self.last = None;
        self.marks.clear();
    }

    /// A slice ended at `time` with so many steps and images in all.
    pub fn worked(&mut self, time: f64, steps: u32, digits: u64) {
        let took = self.last.map_or(0., |last| time - last);
        let usual = self.usual.unwrap_or(took);
        let slept = took > SLEPT_MS && took > SLEPT_TIMES * usual;
        self.elapsed += if slept { usual } else { took };
        if self.last.is_some() && !slept {
            self.usual = Some(usual + NEWEST * (took - usual));
        }
        self.last = Some(time);
        self.marks.push((self.elapsed, steps, digits));
        let old = self.marks.iter().take_while(|mark| self.elapsed - mark.0 > WINDOW_MS).count();
        self.marks.drain(..old);
    }

    /// Milliseconds spent training.
    pub fn elapsed(&self) -> f64 {
        self.elapsed
    }

    /// Recent steps and images a second.
    pub fn rates(&self) -> (f64, f64) {
        match (self.marks.first(), self.marks.last()) {
            (Some(first), Some(last)) if last.0 > first.0 => {
                let seconds = (last.0 - first.0) / 1e3;
                (f64::from(last.1 - first.1) / seconds, (last.2 - first.2) as f64 / seconds)
            }
            _ => (0., 0.),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A meter after so many slices of 16 ms.
    fn worked(slices: u32) -> SpeedMeter {
        let mut meter = SpeedMeter::default();
        for slice in 0..=slices {
            meter.worked(f64::from(slice) * 16., slice, u64::from(slice) * 8);
        }
        meter
    }

    #[test]
    fn sleep_does_not_count_as_training_time() {
        let mut meter = worked(100);
        let before = meter.elapsed();
        meter.worked(1600. + 3_600_000., 101, 808);
        assert!(meter.elapsed() - before < 100., "{}", meter.elapsed());
        assert!(meter.rates().0 > 50., "the rates continue: {:?}", meter.rates());
    }

    #[test]
    fn slow_steps_count_in_full() {
        let mut meter = SpeedMeter::default();
        for step in 0..5 {
            meter.worked(f64::from(step) * 8000., step, 0);
        }
        assert_eq!(meter.elapsed(), 32_000.);
        let mut meter = worked(100);
        meter.worked(1600. + 3000., 101, 808);
        assert_eq!(meter.elapsed(), 4600., "a step of a few seconds");
    }
}
