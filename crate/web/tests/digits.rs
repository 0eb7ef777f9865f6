//! What a worker reports about the data of a resumed run.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use ganvas_web::protocol::{Command, Differs, Event, File, FileKind, Source};
use ganvas_web::worker::{Next, Worker};
use serde_bytes::ByteBuf;

#[test]
fn resume_reports_how_the_data_differ() {
    let images = ganvas::data::idx::write_images(
        &(0..40 * 784).map(|i| (i % 251) as u8).collect::<Vec<_>>(),
    );
    let classes = |last: u8| ganvas::data::idx::write_labels(&[vec![3; 39], vec![last]].concat());
    let worker = |labels: Option<Vec<u8>>| {
        let mut worker = Worker::new("test").unwrap();
        worker.handle(Command::Open { source: Source::Files, transposed: false });
        worker.handle(Command::Images { bytes: ByteBuf::from(images.clone()) });
        if let Some(bytes) = labels {
            worker.handle(Command::Labels { bytes: ByteBuf::from(bytes) });
        }
        worker.handle(Command::Close);
        let knobs = BTreeMap::from([("batch".to_owned(), "8".to_owned())]);
        worker.handle(Command::Start { run: 1, recipe: "gan".into(), seed: None, knobs });
        worker.events();
        worker
    };
    let mut first = worker(Some(classes(3)));
    first.handle(Command::Step);
    while first.turn() == Next::Again {}
    first.events();
    first.handle(Command::Save { what: FileKind::Run });
    let saved = first.events();
    let [Event::File(File { bytes, .. })] = &saved[..] else { panic!("{saved:?}") };
    for (labels, expected) in [
        (Some(classes(3)), None),
        (Some(classes(4)), Some(Differs::Labels)),
        (None, Some(Differs::LabelsMissing)),
    ] {
        let mut second = worker(labels);
        second.handle(Command::Resume { run: 2, bytes: bytes.clone(), elapsed_ms: 0. });
        let events = second.events();
        let Event::Resumed(resumed) = &events[1] else { panic!("{events:?}") };
        assert_eq!((resumed.same_data, resumed.differs), (Some(expected.is_none()), expected));
    }
}
