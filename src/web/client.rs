//! What the package's JavaScript sees of this crate. No logic here: conversions only.

use super::convert::{Fields, error_to_js};
use super::host::Host;
use super::shell::Shell;
use super::storage::Keeper;
use super::telling::NAMES;
use super::voice::{Voice, VoiceOptions};
use crate::engine::{Engine, Input, Options, RequestId};
use jackfield_wire::ConversationId;
use jackfield_wire::lean::Command;
use js_sys::{Array, JsString, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// One session.
#[wasm_bindgen]
pub struct Client {
    shell: Rc<Shell>,
}

#[wasm_bindgen]
impl Client {
    /// A session that waits for `connect`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, host: Host) -> Result<Client, JsValue> {
        let options = Fields::new(options);
        let number = |key| options.number(key).map_err(|error| error_to_js(&error));
        let voice = options.get("voice");
        let keeper = Keeper::new(options.optional_text("storageKey"));
        let engine = Engine::new(Options {
            resume: keeper.take(),
            voice: voice.is_object(),
            give_up_after_ms: number("timeoutMs")?.unwrap_or_default(),
            seed: number("seed")?.unwrap_or_default(),
            ..Options::default()
        });
        let url = options.optional_text("url").unwrap_or_default();
        let voice = Voice::new(VoiceOptions::read(&Fields::new(voice)));
        Ok(Client { shell: Shell::new(engine, host, url, keeper, voice) })
    }

    /// The names of the events that are known here; an event's number is its place. All others have the number after the last.
    #[wasm_bindgen(js_name = eventNames)]
    pub fn event_names() -> Array {
        NAMES.iter().map(|name| JsValue::from_str(name)).collect()
    }

    /// Begins.
    pub fn connect(&self) {
        self.shell.connect();
    }

    /// Signs out; `closed` tells when it is done.
    pub fn close(&self) {
        self.shell.input(Input::Close);
    }

    /// Which events are listened to, as bits by their number.
    pub fn listen(&self, events: u32) {
        self.shell.listen(events);
    }

    /// The session's id, once it is open.
    pub fn id(&self) -> Option<String> {
        let engine = self.shell.engine.borrow();
        engine.session().map(|session| session.session_id.as_str().to_owned())
    }

    /// The state: the same object as long as nothing changes.
    pub fn state(&self) -> JsValue {
        let engine = self.shell.engine.borrow();
        self.shell.cache.borrow_mut().state(&engine, &self.shell.host)
    }

    /// One conversation's snapshot, while the user takes part in it.
    pub fn conversation(&self, id: &str) -> JsValue {
        let engine = self.shell.engine.borrow();
        let id = ConversationId::parse(id).ok();
        let found = engine.view().zip(id).and_then(|(view, id)| view.conversation(&id));
        let mut cache = self.shell.cache.borrow_mut();
        found.map_or(JsValue::UNDEFINED, |conversation| cache.snapshot(conversation, &self.shell.host))
    }

    /// Asks for something, as `Command` of the wire has it, in JSON. `number` names it for `cancel`. `shows`: the answer names a conversation that the application
    /// will look for, and waits until it is there.
    pub fn request(&self, number: f64, command: &str, shows: bool) -> Promise {
        match Command::parse(command) {
            Ok(command) => self.shell.request(RequestId(number as u64), command, shows),
            Err(error) => Promise::reject(&error_to_js(&error)),
        }
    }

    /// Waits no longer for a request.
    pub fn cancel(&self, number: f64) {
        self.shell.input(Input::Cancel { request: RequestId(number as u64) });
    }

    /// The user typed, or emptied the field.
    pub fn typing(&self, conversation_id: &str, typing: bool) {
        if let Ok(conversation_id) = ConversationId::parse(conversation_id) {
            self.shell.input(Input::Typing { conversation_id, typing });
        }
    }

    /// Opens the microphone. `keep`: until a call has needed it; else until `closeMicrophone` finds that none does.
    #[wasm_bindgen(js_name = openMicrophone)]
    pub fn open_microphone(&self, keep: bool) -> Promise {
        let shell = self.shell.clone();
        wasm_bindgen_futures::future_to_promise(async move {
            shell.voice.open_microphone(&shell, keep).await.map_err(|error| error_to_js(&error))?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Closes the microphone, unless a call needs it or it was opened ahead of one.
    #[wasm_bindgen(js_name = closeMicrophone)]
    pub fn close_microphone(&self) {
        self.shell.voice.close_microphone();
    }

    /// Uses another microphone from now on.
    #[wasm_bindgen(js_name = useMicrophone)]
    pub fn use_microphone(&self, device_id: String) -> Promise {
        let shell = self.shell.clone();
        wasm_bindgen_futures::future_to_promise(async move {
            shell.voice.use_microphone(&shell, device_id).await.map_err(|error| error_to_js(&error))?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Plays remote audio on another device.
    #[wasm_bindgen(js_name = useSpeaker)]
    pub fn use_speaker(&self, device_id: JsString) -> Promise {
        self.shell.voice.use_speaker(&device_id)
    }

    /// The microphone's stream, while it is open.
    pub fn microphone(&self) -> JsValue {
        self.shell.voice.microphone_stream()
    }

    /// The four streams of remote audio.
    pub fn streams(&self) -> Array {
        self.shell.voice.streams()
    }

    /// Loudness of the microphone and of the remote side, 0 to 1.
    pub fn levels(&self) -> Array {
        let (microphone, remote) = self.shell.voice.levels();
        Array::of2(&microphone.into(), &remote.into())
    }
}
