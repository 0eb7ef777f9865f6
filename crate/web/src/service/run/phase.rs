//! One iteration in its phases, for slow motion.

use ganvas::train::{Phase, Who};
use ganvas::{Session, StepOutcome};

use super::{Effect, Mode, Run};
use crate::outbox::Outbox;
use crate::protocol::{By, Event};

impl Run {
    /// Plays a part of an iteration, then pauses amid it.
    pub(super) fn advance(&mut self, session: &mut Session, by: By, outbox: &mut Outbox) -> Effect {
        self.set_mode(Mode::Paused);
        let phase = match by {
            By::Phase => session.next_phase(),
            By::D => Who::D.moves(),
            By::G => Who::G.moves(),
        };
        let outcome = match by {
            By::Phase => session.advance(),
            By::D => session.step_of(Who::D),
            By::G => session.step_of(Who::G),
        };
        match outcome {
            Ok(StepOutcome::Waiting) => self.report(session, outbox),
            Ok(outcome) => {
                let iteration_done = outcome == StepOutcome::Done;
                if iteration_done {
                    self.note_losses(session);
                }
                return Effect::Phase { phase, iteration_done };
            }
            Err(error) => self.fault(error),
        }
        Effect::None
    }

    /// Shows the tensors after `phase`.
    pub fn show_phase(&mut self, session: &mut Session, phase: Phase, outbox: &mut Outbox) {
        outbox.push(tensors(session, phase, outbox.run()));
        self.show_preview(session, outbox);
        self.report(session, outbox);
    }
}

fn tensors(session: &Session, phase: Phase, run: u32) -> Event {
    let (losses, stats) = (session.losses(), session.stats());
    let held = losses.penalty + losses.cycle;
    Event::Amid {
        run,
        step: session.steps(),
        phase,
        next: session.next_phase(),
        amid: session.amid(),
        losses: vec![losses.real, losses.fake, losses.generator, held],
        norms: vec![stats.d_norm, stats.g_norm],
    }
}
