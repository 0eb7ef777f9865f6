//! One iteration in its parts, and looking into D: what slow motion and curious
//! pointers ask for.

use ganvas::data::numbers;
use ganvas::train::{Amid, Phase, Who, signed};
use ganvas::{Error, StepOutcome};
use serde_bytes::ByteBuf;

use super::{Mode, Worker};
use crate::protocol::{AmidInfo, By, Event, Filters, Grid, Inspected, PhaseName};

impl Worker {
    /// A part of an iteration, then rest amid it.
    pub(super) fn advance(&mut self, by: By) {
        self.mode = Mode::Paused;
        self.waiting = false;
        self.meter.rest();
        let phase = match by {
            By::Phase => self.session.next_phase(),
            By::D => Who::D.moves(),
            By::G => Who::G.moves(),
        };
        let played = match by {
            By::Phase => self.session.advance(),
            By::D => self.session.step_of(Who::D),
            By::G => self.session.step_of(Who::G),
        };
        match played {
            Ok(StepOutcome::Waiting) => return self.report(),
            Ok(standing) => {
                if standing == StepOutcome::Done {
                    self.note_losses();
                    self.look();
                    self.tell_scores();
                }
                if let Err(error) = self.tell_amid(phase) {
                    self.refuse("advance", None, &error);
                }
            }
            Err(error) => return self.fault(&error),
        }
        self.show_preview();
        self.report();
        self.measure_at_rest();
    }

    fn tell_amid(&mut self, phase: Phase) -> Result<(), Error> {
        let Amid { latent, latents, real, fake, push, real_scores, fake_scores } =
            self.session.amid();
        let (losses, stats) = (self.session.losses(), self.session.stats());
        self.events.push(Event::Amid {
            run: self.run,
            step: self.session.steps(),
            phase: name(phase),
            next: name(self.session.next_phase()),
            amid: AmidInfo {
                latent: latent as u32,
                latents,
                real: ByteBuf::from(real),
                fake: ByteBuf::from(fake),
                push: ByteBuf::from(push),
                real_scores,
                fake_scores,
                probability: self.session.config().hyper.loss.speaks_of_probability(),
                losses: vec![
                    losses.real,
                    losses.fake,
                    losses.generator,
                    losses.penalty + losses.cycle,
                ],
                norms: vec![stats.d_norm, stats.g_norm],
            },
        });
        Ok(())
    }

    /// What D says of a digit of a grid, and which of its pixels count.
    pub(super) fn inspect(&mut self, grid: Grid, index: u32) -> Result<(), Error> {
        let place = index as usize;
        let pixels = match grid {
            Grid::Samples => self.session.preview()?,
            Grid::Real => self.session.real(ganvas::train::PREVIEW),
        };
        let missing =
            || Error::NoDigit { got: index.to_string(), most: (pixels.len() / 784).to_string() };
        let digit = pixels.chunks_exact(784).nth(place).ok_or_else(missing)?;
        let digit = numbers(digit);
        let class = match grid {
            Grid::Samples => (place % 10) as u8,
            Grid::Real => self.session.data().label(index).unwrap_or_default(),
        };
        let latent = match grid {
            Grid::Samples => {
                self.session.preview_latent(place).map_or(Vec::new(), |(latent, _)| latent)
            }
            Grid::Real => Vec::new(),
        };
        let (score, map) = self.session.inspect(&digit, class)?;
        self.events.push(Event::Inspected(Inspected {
            run: self.run,
            grid,
            index,
            score: f64::from(score),
            probability: self.probability(score),
            map: ByteBuf::from(signed(&map)),
            latent,
            class,
        }));
        Ok(())
    }

    /// What D's first layer looks for.
    pub(super) fn filters(&mut self) -> Result<(), Error> {
        let found = self.session.filters();
        self.events.push(Event::Filters(Filters {
            run: self.run,
            step: self.session.steps(),
            side: found.side as u32,
            count: found.count as u32,
            pixels: ByteBuf::from(found.pixels),
        }));
        Ok(())
    }
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
