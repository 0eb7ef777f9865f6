//! A worker driven as the page drives it, for the tests of this folder.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use ganvas_web::protocol::{Command, Event, File, FileKind, Source};
use ganvas_web::worker::{Next, Worker};
use serde_bytes::ByteBuf;

/// A worker with a small run of `recipe` at step 0 on drawn digits.
pub fn worker(recipe: &str) -> Worker {
    let mut worker = Worker::new("test").unwrap();
    worker.handle(Command::Open { source: Source::Drawn, transposed: false });
    let knobs = BTreeMap::from([("batch".to_owned(), "8".to_owned())]);
    worker.handle(Command::Start { run: 1, recipe: recipe.into(), seed: Some("5".into()), knobs });
    worker.events();
    worker
}

/// All events that follow from a command.
pub fn ask(worker: &mut Worker, command: Command) -> Vec<Event> {
    worker.handle(command);
    let mut events = worker.events();
    while worker.turn() == Next::Again {
        events.extend(worker.events());
    }
    events.extend(worker.events());
    events
}

/// All events of so many steps.
pub fn steps(worker: &mut Worker, count: u32) -> Vec<Event> {
    (0..count).flat_map(|_| ask(worker, Command::Step)).collect()
}

/// The file that `save` gives.
pub fn file(worker: &mut Worker, what: FileKind) -> Vec<u8> {
    match &ask(worker, Command::Save { what })[..] {
        [Event::File(File { bytes, .. })] => bytes.to_vec(),
        other => panic!("{other:?}"),
    }
}

/// The command that resumes a saved run.
pub fn resume(run: u32, bytes: &[u8]) -> Command {
    Command::Resume { run, bytes: ByteBuf::from(bytes.to_vec()), elapsed_ms: 1234. }
}
