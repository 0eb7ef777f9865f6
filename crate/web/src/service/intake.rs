//! Files that the visitor loads: a data set replaces the present one once it is
//! usable, and until then the old run is untouched.

mod pictures;
mod reading;

use ganvas::{Config, Dataset, Error, Session};
use serde_bytes::ByteBuf;

use super::{Beginning, Effect, Replacement, Service, misrouted};
use crate::config::config;
use crate::outbox::Outbox;
use crate::protocol::{Command, Event, Source};
use reading::Reading;

/// Where bytes that arrive go.
#[derive(Default)]
enum Target {
    /// Nowhere: no data set is open, or the one that was has failed.
    #[default]
    None,
    /// Into a data set that is not usable yet.
    Opened(Source, Dataset),
    /// Into the session's data set, which is still growing.
    Session,
}

/// The number and the configuration of a run that is to begin.
type Choice = (u32, Config);

/// The data set in use and the one that is loading.
pub struct Intake {
    /// The source of the data set in use.
    source: Source,
    target: Target,
    /// The run with which the next opened data set begins.
    next: Option<Choice>,
    /// The run with which the data set that is loading begins.
    coming: Option<Choice>,
    reading: Reading,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            source: Source::Mnist,
            target: Target::None,
            next: None,
            coming: None,
            reading: Reading::default(),
        }
    }
}

impl Service for Intake {
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect {
        match command {
            Command::Identify { id, files, upright } => {
                self.reading.begin(id, files, upright, outbox)
            }
            Command::WholeFile { id, file, bytes } => {
                self.reading.whole(id, file, bytes.into_vec(), outbox)
            }
            Command::Open { source, transposed } => {
                return self.open(session, source, transposed, outbox);
            }
            Command::Images { bytes } => {
                let pushed = self.target(session).map(|data| data.push_images(&bytes));
                return self.received(session, pushed.unwrap_or(Ok(())), "images", outbox);
            }
            Command::Labels { bytes } => {
                let pushed = self.target(session).map(|data| data.push_labels(&bytes));
                return self.received(session, pushed.unwrap_or(Ok(())), "labels", outbox);
            }
            Command::Close => return self.close(session, outbox),
            Command::Next { run, recipe, seed, knobs } => match config(&recipe, seed, &knobs) {
                Ok(config) => self.next = Some((run, config)),
                Err(error) => outbox.refuse("next", Some(run), &error),
            },
            Command::Picture { id, width, height, bytes } => {
                outbox.push(pictures::picture(id, width, height, &bytes));
            }
            Command::Classes { id, paths } => outbox.push(pictures::classes(id, &paths)),
            _ => return misrouted("intake", outbox),
        }
        Effect::None
    }
}

impl Intake {
    fn open(
        &mut self,
        session: &mut Session,
        source: Source,
        transposed: bool,
        outbox: &mut Outbox,
    ) -> Effect {
        self.coming = self.next.take();
        let read = if source == Source::Files { self.reading.take() } else { None };
        let data = match (source, read) {
            (Source::Drawn, _) => Dataset::drawn(),
            (_, None) => Dataset::files(transposed),
            (_, Some(read)) => {
                match Dataset::whole(read.pixels, read.classes.as_deref(), transposed) {
                    Ok(data) => data,
                    Err(error) => {
                        outbox.refuse("open", None, &error);
                        return Effect::None;
                    }
                }
            }
        };
        self.target = Target::Opened(source, data);
        self.received(session, Ok(()), "open", outbox)
    }

    fn close(&mut self, session: &mut Session, outbox: &mut Outbox) -> Effect {
        let closed = self.target(session).map(Dataset::close);
        let effect = self.received(session, closed.unwrap_or(Ok(())), "close", outbox);
        if matches!(self.target, Target::Opened(..)) {
            // It has failed, and the old data get no more bytes either.
            let _ = session.data_mut().close();
        }
        self.target = Target::None;
        match effect {
            Effect::Replace(Replacement::Data { source, data, .. }) => {
                Effect::Replace(Replacement::Data { source, data, more: false })
            }
            other => other,
        }
    }

    fn target<'a>(&'a mut self, session: &'a mut Session) -> Option<&'a mut Dataset> {
        match &mut self.target {
            Target::None => None,
            Target::Opened(_, data) => Some(data),
            Target::Session => Some(session.data_mut()),
        }
    }

    /// After bytes arrived: reports errors, reports what is loaded, and hands
    /// over a data set that has become usable.
    fn received(
        &mut self,
        session: &mut Session,
        result: Result<(), Error>,
        command: &str,
        outbox: &mut Outbox,
    ) -> Effect {
        if let Err(error) = &result {
            outbox.refuse(command, None, error);
        }
        match std::mem::take(&mut self.target) {
            Target::None => Effect::None,
            Target::Opened(source, data) if data.usable() => {
                let more = !(source == Source::Drawn && data.complete());
                Effect::Replace(Replacement::Data { source, data, more })
            }
            Target::Opened(source, data) => {
                outbox.push(data_event(source, &data, false));
                // A wrong file of images ends the data set; wrong labels do
                // not, its images still load.
                if result.is_ok() || command == "labels" {
                    self.target = Target::Opened(source, data);
                }
                Effect::None
            }
            Target::Session => {
                self.target = Target::Session;
                outbox.push(data_event(self.source, session.data(), true));
                Effect::DataArrived
            }
        }
    }

    /// Puts the session at step 0 on `data`, under the configuration that was
    /// chosen for it, if there is one.
    pub fn adopt(
        &mut self,
        session: &mut Session,
        source: Source,
        data: Dataset,
        more: bool,
        outbox: &mut Outbox,
    ) -> Option<Beginning> {
        let coming = self.coming.take();
        let restarted = coming.map_or(Ok(()), |(_, config)| session.restart(config));
        if let Err(error) = restarted.and_then(|()| session.replace_data(data)) {
            outbox.refuse("open", None, &error);
            return None;
        }
        if let Some((run, _)) = coming {
            outbox.begin(run);
        }
        self.source = source;
        self.target = if more { Target::Session } else { Target::None };
        outbox.push(data_event(source, session.data(), true));
        let pixels = ByteBuf::from(session.real(ganvas::train::PREVIEW));
        outbox.push(Event::Real { pixels });
        Some(Beginning::default())
    }

    /// Another run has begun: the data set that is loading begins with its
    /// configuration.
    pub fn forget_choice(&mut self) {
        self.coming = None;
    }
}

fn data_event(source: Source, data: &Dataset, usable: bool) -> Event {
    Event::Data {
        source,
        images: data.available(),
        total: data.total(),
        labels: data.labels(),
        usable,
        complete: data.complete(),
    }
}
