//! The visitor's files: which of them make a data set, read one by one, before
//! any run is changed.

use ganvas::Error;
use ganvas::data::reader::{Next, Read, Reader, Seen, kind};

use crate::describe::refusal;
use crate::outbox::Outbox;
use crate::protocol::{self, Event, Head, Remark, Unreadable, Wanted};

/// The files that are being read, and the data set they gave.
#[derive(Default)]
pub struct Reading {
    under_way: Option<(u32, Reader)>,
    done: Option<Read>,
}

impl Reading {
    /// The data set that was read last; none at the next call.
    pub fn take(&mut self) -> Option<Read> {
        self.done.take()
    }

    /// Begins with the heads of files, as the request `id`.
    pub fn begin(&mut self, id: u32, files: Vec<Head>, upright: bool, outbox: &mut Outbox) {
        let heads = files.into_iter().map(|Head { path, bytes, size }| {
            let kind = kind(&path, &bytes);
            Seen { path, kind, size: size as u64 }
        });
        *self = Self { under_way: Some((id, Reader::new(heads.collect(), upright))), done: None };
        self.advance(outbox);
    }

    /// Takes a complete file that was wanted.
    pub fn whole(&mut self, id: u32, file: u32, bytes: Vec<u8>, outbox: &mut Outbox) {
        // A file of an earlier request is ignored.
        if let Some((present, reader)) = &mut self.under_way
            && *present == id
        {
            reader.give(file as usize, bytes);
            self.advance(outbox);
        }
    }

    fn advance(&mut self, outbox: &mut Outbox) {
        let Some((id, mut reader)) = self.under_way.take() else { return };
        match reader.advance() {
            Ok(Next::Want { file, most }) => {
                self.under_way = Some((id, reader));
                outbox.push(Event::Wanted(Wanted { id, file: file as u32, most: most as f64 }));
            }
            Ok(Next::Done(read)) => {
                let said = read.said.iter().map(remark).collect();
                let (images, labels) = (read.images as u32, read.labels.map(|file| file as u32));
                self.done = Some(read);
                outbox.push(Event::Identified(protocol::Identified { id, images, labels, said }));
            }
            Err(error) => {
                let (code, args, message) = refusal(&error);
                outbox.push(Event::Unreadable(Unreadable { id, code, args, message }));
            }
        }
    }
}

fn remark(error: &Error) -> Remark {
    let (code, args, message) = refusal(error);
    Remark { code, args, message }
}
