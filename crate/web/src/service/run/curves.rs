//! The points of the loss curves.

use ganvas::Session;

/// The points that have not been reported yet.
#[derive(Default)]
pub struct Curves {
    /// The last iteration that is on the curves.
    noted: u32,
    points: Vec<f32>,
}

impl Curves {
    /// The curves of a run that continues after iteration `step`.
    pub fn after(step: u32) -> Self {
        Self { noted: step, points: Vec::new() }
    }

    /// Adds the last iteration, if it is not there yet.
    pub fn record(&mut self, session: &Session) {
        let step = session.steps();
        if step <= self.noted {
            return;
        }
        self.noted = step;
        let (losses, stats) = (session.losses(), session.stats());
        self.points.extend([
            step as f32,
            losses.real,
            losses.fake,
            losses.generator,
            losses.penalty + losses.cycle,
            stats.d_norm,
            stats.g_norm,
        ]);
    }

    /// The points since the last call, seven numbers each: step, loss of D on
    /// real, loss of D on generated, loss of G, what penalties or the cycle
    /// add, norm of D's gradient, norm of G's.
    pub fn take(&mut self) -> Vec<f32> {
        std::mem::take(&mut self.points)
    }
}
