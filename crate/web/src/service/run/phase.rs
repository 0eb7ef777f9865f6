//! One iteration in its phases, for slow motion.

use ganvas::train::{Amid, Phase, Who};
use ganvas::{Error, Session, StepOutcome};
use serde_bytes::ByteBuf;

use super::{Effect, Mode, Run};
use crate::outbox::Outbox;
use crate::protocol::{AmidInfo, By, Event, PhaseName};

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
            Err(error) => self.fault(session, &error, outbox),
        }
        Effect::None
    }

    /// Shows the tensors after `phase`.
    pub fn show_phase(&mut self, session: &mut Session, phase: Phase, outbox: &mut Outbox) {
        match tensors(session, phase, outbox.run()) {
            Ok(event) => outbox.push(event),
            Err(error) => outbox.refuse("advance", None, &error),
        }
        self.show_preview(session, outbox);
        self.report(session, outbox);
    }
}

fn tensors(session: &Session, phase: Phase, run: u32) -> Result<Event, Error> {
    let Amid { latent, latents, real, fake, push, real_scores, fake_scores } = session.amid();
    let (losses, stats) = (session.losses(), session.stats());
    Ok(Event::Amid {
        run,
        step: session.steps(),
        phase: name(phase),
        next: name(session.next_phase()),
        amid: AmidInfo {
            latent: latent as u32,
            latents,
            real: ByteBuf::from(real),
            fake: ByteBuf::from(fake),
            push: ByteBuf::from(push),
            real_scores,
            fake_scores,
            probability: session.config().hyper.loss.speaks_of_probability(),
            losses: vec![losses.real, losses.fake, losses.generator, losses.penalty + losses.cycle],
            norms: vec![stats.d_norm, stats.g_norm],
        },
    })
}

fn name(phase: Phase) -> PhaseName {
    match phase {
        Phase::Draw => PhaseName::Draw,
        Phase::Generate => PhaseName::Generate,
        Phase::DReal => PhaseName::DReal,
        Phase::DFake => PhaseName::DFake,
        Phase::DUpdate => PhaseName::DUpdate,
        Phase::GGenerate => PhaseName::GGenerate,
        Phase::GScore => PhaseName::GScore,
        Phase::GUpdate => PhaseName::GUpdate,
    }
}
