//! Digits coming in: a new data set takes over once it is usable, and until
//! then the old run is untouched.

use ganvas::{Dataset, Error};
use serde_bytes::ByteBuf;

use super::Worker;
use super::speed::Meter;
use crate::protocol::{Event, Source};

/// Where bytes that arrive go.
pub enum Intake {
    /// Nowhere: none is open, or the one that was has failed.
    Nothing,
    /// Into a data set that is not usable yet.
    Opened(Source, Dataset),
    /// Into the session's own, which is still growing.
    Adopted,
}

impl Worker {
    pub(super) fn open(&mut self, source: Source, transposed: bool) {
        self.coming = self.next.take();
        let read = if source == Source::Files { self.reading.take() } else { None };
        let data = match (source, read) {
            (Source::Drawn, _) => Dataset::drawn(),
            (_, None) => Dataset::files(transposed),
            (_, Some(read)) => {
                match Dataset::whole(read.pixels, read.classes.as_deref(), transposed) {
                    Ok(data) => data,
                    Err(error) => return self.refuse("open", None, &error),
                }
            }
        };
        self.intake = Intake::Opened(source, data);
        self.took(Ok(()), "open");
    }

    pub(super) fn images(&mut self, bytes: &[u8]) {
        let pushed = self.target().map(|data| data.push_images(bytes));
        self.took(pushed.unwrap_or(Ok(())), "images");
    }

    pub(super) fn labels(&mut self, bytes: &[u8]) {
        let pushed = self.target().map(|data| data.push_labels(bytes));
        self.took(pushed.unwrap_or(Ok(())), "labels");
    }

    pub(super) fn close(&mut self) {
        let closed = self.target().map(Dataset::close);
        self.took(closed.unwrap_or(Ok(())), "close");
        let failed = matches!(self.intake, Intake::Opened(..));
        self.intake = Intake::Nothing;
        if failed {
            // Nobody feeds the old data any more either.
            let _ = self.session.data_mut().close();
        }
    }

    fn target(&mut self) -> Option<&mut Dataset> {
        match &mut self.intake {
            Intake::Nothing => None,
            Intake::Opened(_, data) => Some(data),
            Intake::Adopted => Some(self.session.data_mut()),
        }
    }

    /// After anything arrived: reports what went wrong, hands a usable data set
    /// to the session, tells the page.
    fn took(&mut self, result: Result<(), Error>, command: &str) {
        if let Err(error) = &result {
            self.refuse(command, None, error);
        }
        match std::mem::replace(&mut self.intake, Intake::Nothing) {
            Intake::Nothing => {}
            Intake::Opened(source, data) if data.usable() => self.adopt(source, data),
            Intake::Opened(source, data) => {
                self.events.push(data_event(source, &data, false));
                // A wrong file of images is given up; wrong labels leave the
                // images to come.
                if result.is_ok() || command == "labels" {
                    self.intake = Intake::Opened(source, data);
                }
            }
            Intake::Adopted => {
                self.intake = Intake::Adopted;
                // The digits waited for may be in.
                self.waiting = false;
                self.events.push(data_event(self.source, self.session.data(), true));
            }
        }
    }

    fn adopt(&mut self, source: Source, data: Dataset) {
        let complete = data.complete();
        self.part();
        let coming = self.coming.take();
        let restarted = coming.map_or(Ok(()), |(_, config)| self.session.restart(config));
        if let Err(error) = restarted.and_then(|()| self.session.adopt(data)) {
            return self.refuse("open", None, &error);
        }
        self.run = coming.map_or(self.run, |(run, _)| run);
        self.source = source;
        self.looks.watch.forget_reals();
        self.intake =
            if complete && source == Source::Drawn { Intake::Nothing } else { Intake::Adopted };
        self.events.push(data_event(source, self.session.data(), true));
        let pixels = ByteBuf::from(self.session.real(ganvas::train::PREVIEW));
        self.events.push(Event::Real { pixels });
        self.begin(Meter::default(), None);
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
