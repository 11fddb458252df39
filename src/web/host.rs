//! The JavaScript side of a session: `pkg/index.js` gives one such object to its `Client`.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the shell calls. None of it throws: the other side catches what an application's code throws.
    pub type Host;

    /// Asks the application for a token.
    #[wasm_bindgen(method)]
    pub(super) fn token(this: &Host) -> Promise;

    /// A conversation is gone; this is its last snapshot.
    #[wasm_bindgen(method)]
    pub(super) fn removed(this: &Host, id: &str, last: &JsValue);

    /// Events for listeners, as one list in JSON: each event's index in `eventNames()`, its conversation's id or null, and its content. Gives how many
    /// it told of: it stops where somebody begins to listen to others, that may have been left out of what comes next.
    #[wasm_bindgen(method)]
    pub(super) fn deliver(this: &Host, events: &str) -> u32;

    /// Something that whoever develops the application should see.
    #[wasm_bindgen(method)]
    pub(super) fn warn(this: &Host, message: &str);

    /// Anything in the state is another.
    #[wasm_bindgen(method)]
    pub(super) fn changed(this: &Host);

    /// Makes an object of JSON, with what the wire leaves out because it is empty: of what kind it is says [`Made`].
    #[wasm_bindgen(method)]
    pub(super) fn made(this: &Host, kind: u32, json: &str) -> JsValue;

    /// Makes a conversation's snapshot, of its JSON and its messages.
    #[wasm_bindgen(method)]
    pub(super) fn snapshot(this: &Host, json: &str, messages: &Array) -> JsValue;
}

/// What [`Host::made`] makes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Made {
    /// What a snapshot has beside the parts that the engine keeps: queues, and whatever is new.
    Rest,
    Offer,
    Floor,
}
