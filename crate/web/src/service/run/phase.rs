//! One iteration in its phases, for slow motion.

use ganvas::train::{Phase, Player};
use ganvas::{Session, StepOutcome};

use super::{Effect, Mode, Run};
use crate::outbox::Outbox;
use crate::protocol::{Event, Portion};

impl Run {
    /// Plays a part of an iteration, then pauses within it.
    pub(super) fn advance(
        &mut self,
        session: &mut Session,
        by: Portion,
        outbox: &mut Outbox,
    ) -> Effect {
        self.set_mode(Mode::Paused);
        let phase = match by {
            Portion::Phase => session.next_phase(),
            Portion::D => Player::D.moves(),
            Portion::G => Player::G.moves(),
        };
        let outcome = match by {
            Portion::Phase => session.advance(),
            Portion::D => session.step_player(Player::D),
            Portion::G => session.step_player(Player::G),
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

fn tensors(session: &mut Session, phase: Phase, run: u32) -> Event {
    let view = session.inspect().iteration();
    let (losses, stats) = (session.losses(), session.stats());
    let added = losses.penalty + losses.cycle;
    Event::Iteration {
        run,
        step: session.steps(),
        phase,
        next: session.next_phase(),
        view,
        losses: vec![losses.real, losses.fake, losses.generator, added],
        norms: vec![stats.d_norm, stats.g_norm],
    }
}
