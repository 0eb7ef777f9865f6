//! The worker's port: messages in, messages out, and the macrotask that keeps
//! the loop going.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
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
        Worker::new(ganvas::kernel::arithmetic())
            .map_err(|error| JsError::new(&error.to_string()))?,
    ));
    // Nested timers are clamped to 4 ms; a message to the worker itself is not,
    // and commands are handled between slices.
    let channel = MessageChannel::new()?;
    let again = channel.port2();

    let turn = {
        let (worker, scope, again) = (worker.clone(), scope.clone(), again.clone());
        Closure::<dyn FnMut()>::new(move || {
            let mut worker = worker.borrow_mut();
            let next = worker.turn();
            post(&scope, worker.events());
            if next == Next::Again {
                // Does not fail for a message that can be cloned.
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
            let message = message.data();
            match command(&message) {
                Ok(command) => {
                    let idle = worker.idle();
                    worker.handle_of(of(&message), command);
                    if idle && !worker.idle() {
                        let _ = again.post_message(&JsValue::NULL);
                    }
                }
                Err(error) => worker.not_understood(&error),
            }
            post(&scope, worker.events());
        })
    };
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    post(&scope, worker.borrow_mut().events());
    Ok(())
}

/// Reads a message with its `type` outside, as [`Command`] reads it here:
/// alone, or as the key of the rest. Errors: a message that is not a command.
pub fn command(message: &JsValue) -> Result<Command, String> {
    let unreadable = |_: JsValue| "it is not an object".to_owned();
    let tag = Reflect::get(message, &"type".into()).map_err(unreadable)?;
    let others = 1 + u32::from(of(message).is_some());
    let alone =
        message.dyn_ref::<Object>().is_none_or(|object| Object::keys(object).length() <= others);
    let outside = if alone {
        tag
    } else {
        let outside = Object::new();
        Reflect::set(&outside, &tag, message).map_err(unreadable)?;
        outside.into()
    };
    serde_wasm_bindgen::from_value(outside).map_err(|error| error.to_string())
}

/// The run that a message is meant for, if it names one.
fn of(message: &JsValue) -> Option<u32> {
    Reflect::get(message, &"of".into()).ok()?.as_f64().map(|run| run as u32)
}

/// Posts events as plain objects; pixels are transferred, not copied again.
fn post(scope: &DedicatedWorkerGlobalScope, events: Vec<Event>) {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    for event in events {
        let Ok(message) = event.serialize(&serializer) else { continue };
        let transfer = Array::new();
        for name in ["pixels", "bytes"] {
            if let Ok(part) = Reflect::get(&message, &name.into())
                && let Some(part) = part.dyn_ref::<js_sys::Uint8Array>()
            {
                transfer.push(&part.buffer());
            }
        }
        let _ = scope.post_message_with_transfer(&message, &transfer);
    }
}
