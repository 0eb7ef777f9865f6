//! The worker's ears and mouth: messages in, messages out, and the macrotask that keeps the loop going.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Reflect};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

use crate::protocol::{Command, Event};
use crate::worker::{Next, Worker};

/// Starts the worker in this web worker's global scope.
#[wasm_bindgen]
pub fn start() -> Result<(), JsValue> {
    let scope = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>()?;
    let worker = Rc::new(RefCell::new(
        Worker::new(ganvas::kernel::arithmetic()).map_err(|error| JsError::new(&error.to_string()))?,
    ));
    // Nested timers are clamped to 4 ms; a message to oneself is not, and lets commands in between slices.
    let channel = MessageChannel::new()?;
    let again = channel.port2();

    let turn = {
        let (worker, scope, again) = (worker.clone(), scope.clone(), again.clone());
        Closure::<dyn FnMut()>::new(move || {
            let mut worker = worker.borrow_mut();
            let next = worker.turn();
            post(&scope, worker.events());
            if next == Next::Again {
                // Fails for no message that can be cloned.
                let _ = again.post_message(&JsValue::NULL);
            }
        })
    };
    channel.port1().set_onmessage(Some(turn.as_ref().unchecked_ref()));
    turn.forget();

    let listen = {
        let (worker, scope) = (worker.clone(), scope.clone());
        Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let mut worker = worker.borrow_mut();
            match serde_wasm_bindgen::from_value::<Command>(message.data()) {
                Ok(command) => {
                    let idle = worker.idle();
                    worker.handle(command);
                    if idle && !worker.idle() {
                        let _ = again.post_message(&JsValue::NULL);
                    }
                }
                Err(error) => worker.not_understood(&error.to_string()),
            }
            post(&scope, worker.events());
        })
    };
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    post(&scope, worker.borrow_mut().events());
    Ok(())
}

/// Posts events as plain objects; pixels are transferred, not copied again.
fn post(scope: &DedicatedWorkerGlobalScope, events: Vec<Event>) {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    for event in events {
        let Ok(message) = event.serialize(&serializer) else { continue };
        let transfer = Array::new();
        if let Ok(pixels) = Reflect::get(&message, &"pixels".into())
            && let Some(pixels) = pixels.dyn_ref::<js_sys::Uint8Array>()
        {
            transfer.push(&pixels.buffer());
        }
        let _ = scope.post_message_with_transfer(&message, &transfer);
    }
}
