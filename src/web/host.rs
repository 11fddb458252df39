//! The JavaScript side of a session: `pkg/index.js` gives one such object to its `Client`.

use js_sys::{JsString, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the shell calls. Words (a role, an availability) go as their places in `Client.words()`: a number crosses the border for nothing. None of it throws: the other side catches what an application's code throws.
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

    /// Makes a presence object.
    #[wasm_bindgen(method)]
    pub(super) fn presence(
        this: &Host,
        user_id: &JsString,
        availability: u32,
        activity: u32,
        since: f64,
    ) -> JsValue;

    /// Makes a participant object.
    #[wasm_bindgen(method)]
    #[allow(clippy::too_many_arguments)]
    pub(super) fn participant(
        this: &Host,
        participant_id: &JsString,
        user_id: &JsString,
        name: &JsString,
        role: u32,
        joined_at: f64,
        away: bool,
        delivered: f64,
        read: f64,
        voice: &JsValue,
    ) -> JsValue;

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
        role: u32,
        at: f64,
        visibility: u32,
        own: bool,
        state: u32,
    ) -> JsValue;
}
