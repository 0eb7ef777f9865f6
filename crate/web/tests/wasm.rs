//! The protocol between JavaScript and Rust.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas_web::port;
use ganvas_web::protocol::{Command, Event};
use ganvas_web::worker::Worker;
use js_sys::{JSON, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn command(json: &str) -> Command {
    port::command(&JSON::parse(json).unwrap()).unwrap()
}

#[wasm_bindgen_test]
fn commands_are_read_from_plain_objects() {
    let start =
        command(r#"{"type":"start","run":3,"recipe":"gan","seed":"7","knobs":{"batch":"8"}}"#);
    assert!(matches!(start, Command::Start { run: 3, seed: Some(seed), .. } if seed == "7"));
    let drawn = command(r#"{"type":"start","run":3,"recipe":"gan","knobs":{}}"#);
    assert!(matches!(drawn, Command::Start { seed: None, .. }));
    let latent = command(r#"{"type":"decode","latent":[0,1.5,-2]}"#);
    assert!(
        matches!(latent, Command::Decode { latent, class: None, .. } if latent == [0., 1.5, -2.])
    );
    let conditional = command(r#"{"type":"decode","latent":[0],"class":7}"#);
    assert!(matches!(conditional, Command::Decode { class: Some(7), .. }));
    let bytes = Uint8Array::from(&[1u8, 2, 3][..]);
    let images = JSON::parse(r#"{"type":"images"}"#).unwrap();
    Reflect::set(&images, &"bytes".into(), &bytes).unwrap();
    let images = port::command(&images).unwrap();
    assert!(matches!(images, Command::Images { bytes } if *bytes == [1, 2, 3]));
    assert!(matches!(command(r#"{"type":"stop-inverting"}"#), Command::StopInverting));
    for wrong in
        ["3", "null", r#"{"type":"step-back"}"#, r#"{"run":1}"#, r#"{"type":"draw","id":"one"}"#]
    {
        assert!(port::command(&JSON::parse(wrong).unwrap()).is_err(), "{wrong}");
    }
}

#[wasm_bindgen_test]
fn events_are_plain_objects_with_bytes_as_uint8array() {
    let mut worker = Worker::new("test").unwrap();
    worker.handle(command(r#"{"type":"open","source":"drawn","transposed":false}"#));
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    let mut types = Vec::new();
    for event in worker.events() {
        let object = event.serialize(&serializer).unwrap();
        let get = |name: &str| Reflect::get(&object, &name.into()).unwrap();
        types.push(get("type").as_string().unwrap());
        match event {
            Event::Samples { .. } | Event::Real { .. } => {
                assert_eq!(get("pixels").dyn_into::<Uint8Array>().unwrap().length(), 64 * 784);
            }
            Event::Started { .. } => {
                let batch = ganvas::recipe::ALL[0].hyper.batch.to_string();
                assert_eq!(
                    Reflect::get(&get("knobs"), &"batch".into()).unwrap(),
                    JsValue::from(batch.as_str())
                );
            }
            _ => {}
        }
    }
    assert_eq!(types, ["ready", "data", "real", "started", "samples", "snapshot", "progress"]);
}
