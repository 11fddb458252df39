//! The JavaScript side of a session: `pkg/index.js` gives one such object to its `Client`.

use js_sys::{Array, JsString, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the shell calls. None of it throws: the other side catches what an application's code throws.
    pub type Host;

    /// Asks the application for a token.
    #[wasm_bindgen(method)]
    pub(super) fn token(this: &Host) -> Promise;

    /// The application's object for a conversation.
    #[wasm_bindgen(method)]
    pub(super) fn conversation(this: &Host, id: &JsString) -> JsValue;

    /// A conversation is gone; this is its last snapshot.
    #[wasm_bindgen(method)]
    pub(super) fn removed(this: &Host, id: &JsString, last: &JsValue);

    /// An event for listeners: its index in `eventNames()`, its conversation or `undefined`, and its content.
    #[wasm_bindgen(method)]
    pub(super) fn deliver(this: &Host, event: u32, conversation: &JsValue, content: &JsValue);

    /// Anything in the state is another.
    #[wasm_bindgen(method)]
    pub(super) fn changed(this: &Host);

    /// Makes an object of JSON, with what the wire leaves out because it is empty: of what kind it is says [`Made`].
    #[wasm_bindgen(method)]
    pub(super) fn made(this: &Host, kind: u32, json: &str) -> JsValue;

    /// Makes a conversation's snapshot, of its JSON and its messages.
    #[wasm_bindgen(method)]
    pub(super) fn snapshot(this: &Host, json: &str, messages: &Array) -> JsValue;

    /// Makes a message object. One call with everything is twice as quick as setting its fields one by one from here, and each text that is not
    /// known yet costs a call of the browser's decoder: the command's id, of so many letters, and what the message says cross as one.
    #[wasm_bindgen(method)]
    #[allow(clippy::too_many_arguments)]
    pub(super) fn message(
        this: &Host,
        number: f64,
        id_and_text: &str,
        id_letters: u32,
        participant_id: &JsString,
        name: &JsString,
        role: &JsString,
        at: f64,
        visibility: &JsString,
        own: bool,
        state: u32,
        rest: &str,
    ) -> JsValue;
}

/// What [`Host::made`] makes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Made {
    /// What a snapshot has beside the parts that the engine keeps: queues, and whatever is new.
    Rest,
    Offer,
    Floor,
}
