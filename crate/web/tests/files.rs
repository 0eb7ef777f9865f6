//! Files that the visitor loads, as the worker reads them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use ganvas::data::idx;
use ganvas_web::protocol::{Command, Event, Head, Identified, Source, Unreadable, Wanted};
use ganvas_web::worker::{Next, Worker};
use serde_bytes::ByteBuf;

/// The digest after so many more steps.
fn stepped(worker: &mut Worker, count: u32) -> Option<String> {
    for _ in 0..count {
        worker.handle(Command::Step);
        while worker.turn() == Next::Again {}
    }
    worker.handle(Command::Pause);
    worker.events().iter().rev().find_map(|event| match event {
        Event::Progress { digest, .. } => digest.clone(),
        _ => None,
    })
}

#[test]
fn files_are_read_before_any_run_is_changed_and_then_opened_complete() {
    let mut worker = Worker::new("test").unwrap();
    worker.handle(Command::Open { source: Source::Drawn, transposed: false });
    let small = [("batch", "8"), ("g_hidden", "16"), ("d_hidden", "16")];
    let knobs: BTreeMap<String, String> = small.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    worker.handle(Command::Start { run: 1, recipe: "gan".into(), seed: Some("5".into()), knobs });
    let before = stepped(&mut worker, 2).unwrap();
    let pictures = idx::write_images(&(0..40 * 784).map(|i| (i % 253) as u8).collect::<Vec<_>>());
    let labels = idx::write_labels(&(0..40).map(|i| i % 10).collect::<Vec<u8>>());
    let look = |id, files: &[(&str, &[u8])]| Command::Identify {
        id,
        files: files
            .iter()
            .map(|(path, bytes)| Head {
                path: (*path).into(),
                bytes: ByteBuf::from(bytes[..bytes.len().min(1024)].to_vec()),
                size: bytes.len() as f64,
            })
            .collect(),
        upright: false,
    };
    let whole = |id, file, bytes: &[u8]| Command::WholeFile {
        id,
        file,
        bytes: ByteBuf::from(bytes.to_vec()),
    };

    worker.handle(look(1, &[("x", b"hello")]));
    assert!(
        matches!(&worker.events()[..], [Event::Unreadable(Unreadable { id: 1, code, .. })] if code == "file-unknown")
    );

    worker.handle(look(2, &[("b", b"# read me"), ("y-labels", &labels), ("y-images", &pictures)]));
    assert!(matches!(worker.events()[..], [Event::Wanted(Wanted { id: 2, file: 1, .. })]));
    worker.handle(whole(1, 1, b"of an earlier request"));
    assert!(worker.events().is_empty());
    worker.handle(whole(2, 1, &labels));
    assert!(matches!(worker.events()[..], [Event::Wanted(Wanted { id: 2, file: 2, .. })]));
    worker.handle(whole(2, 2, &pictures));
    match &worker.events()[..] {
        [Event::Identified(Identified { id: 2, images: 2, labels: Some(1), said })] => {
            assert_eq!(said[0].code, "passed-over")
        }
        other => panic!("{other:?}"),
    }
    let after = stepped(&mut worker, 1).unwrap();
    assert_ne!(after, before, "the old run continues");

    worker.handle(Command::Open { source: Source::Files, transposed: false });
    let events = worker.events();
    let data = |event: &Event| match event {
        Event::Data {
            source: Source::Files, images, labels, usable: true, complete: true, ..
        } => Some((*images, *labels)),
        _ => None,
    };
    assert_eq!(events.iter().find_map(data), Some((40, 40)));
    assert!(events.iter().any(|event| matches!(event, Event::Started { .. })));
    // It is used once: the next files are streamed.
    worker.handle(Command::Open { source: Source::Files, transposed: false });
    assert!(worker.events().iter().find_map(data).is_none());
}
