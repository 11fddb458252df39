//! The session's voice in the browser: one peer connection, one microphone, four players.

mod level;
mod microphone;
mod peer;
mod players;
mod statistics;

use super::convert::{Fields, global};
use super::shell::Shell;
use crate::engine::{VoiceAction, VoiceInput};
use gloo_timers::callback::Interval;
use jackfield_wire::{Code, WireError};
use js_sys::{Array, JsString, Promise};
use level::Meter;
use microphone::{Microphone, Process};
use peer::Peer;
use players::Players;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

/// How often the statistics are read while a call is up, in milliseconds.
const STATISTICS_MS: u32 = 1_000;

/// What the application asked for.
#[derive(Clone)]
pub(super) struct VoiceOptions {
    pub(super) device_id: Option<String>,
    pub(super) echo_cancellation: bool,
    pub(super) noise_suppression: bool,
    pub(super) auto_gain_control: bool,
    pub(super) play: bool,
    /// What the application makes of the microphone's stream before it is sent.
    pub(super) process: Option<Process>,
}

impl VoiceOptions {
    /// Reads them; what is left out is on.
    pub(super) fn read(fields: &Fields) -> Self {
        let on = |key| fields.get(key).is_undefined() || fields.flag(key);
        Self {
            device_id: fields.optional_text("deviceId"),
            echo_cancellation: on("echoCancellation"),
            noise_suppression: on("noiseSuppression"),
            auto_gain_control: on("autoGainControl"),
            play: on("play"),
            process: Some(fields.get("process")).filter(JsValue::is_function).map(JsCast::unchecked_into),
        }
    }
}

/// The session's voice.
pub(super) struct Voice {
    options: RefCell<VoiceOptions>,
    peer: RefCell<Option<Rc<Peer>>>,
    microphone: RefCell<Option<Microphone>>,
    /// Whether a call needs the microphone.
    needed: Cell<bool>,
    /// Whether it was opened ahead of a call.
    kept: Cell<bool>,
    players: RefCell<Option<Players>>,
    meter: RefCell<Option<Meter>>,
    statistics: RefCell<Option<Interval>>,
}

impl Voice {
    pub(super) fn new(options: VoiceOptions) -> Self {
        Self {
            options: RefCell::new(options),
            peer: RefCell::default(),
            microphone: RefCell::default(),
            needed: Cell::new(false),
            kept: Cell::new(false),
            players: RefCell::default(),
            meter: RefCell::default(),
            statistics: RefCell::default(),
        }
    }

    /// Carries out what the engine wants.
    pub(super) fn act(&self, shell: &Rc<Shell>, action: VoiceAction) {
        match action {
            VoiceAction::Offer { generation } => self.begin(shell, generation),
            VoiceAction::Restart { generation } => self.offer(shell, generation, true),
            VoiceAction::Answer { generation, sdp } => self.answer(shell, generation, sdp),
            VoiceAction::Microphone { needed } => self.need(shell, needed),
            VoiceAction::Drop => self.release(),
        }
    }

    fn begin(&self, shell: &Rc<Shell>, generation: u32) {
        if global("RTCPeerConnection").is_none() {
            let error =
                WireError::new(Code::NotSupported, "this browser has no WebRTC; chat and presence go on");
            return self.later(shell, VoiceInput::Impossible(error));
        }
        let peer = match Peer::new(generation, tell(shell)) {
            Ok(peer) => Rc::new(peer),
            Err(_) => return self.later(shell, VoiceInput::Failed { generation }),
        };
        let track = self.microphone.borrow().as_ref().map(Microphone::track);
        if let Some(track) = track {
            peer.send(Some(&track));
        }
        self.play(&peer);
        // The old connection closes here, with its listeners.
        let old = self.peer.replace(Some(peer));
        drop(old);
        self.offer(shell, generation, false);
    }

    /// Puts the tracks of a new connection in the same four streams as before.
    fn play(&self, peer: &Peer) {
        let mut players = self.players.borrow_mut();
        let play = self.options.borrow().play;
        players.get_or_insert_with(|| Players::new(play)).replace(peer.remote_tracks());
        self.meter.take();
    }

    fn offer(&self, shell: &Rc<Shell>, generation: u32, restart: bool) {
        let Some(peer) = self.peer_of(generation) else {
            return self.later(shell, VoiceInput::Failed { generation });
        };
        let tell = tell(shell);
        wasm_bindgen_futures::spawn_local(async move {
            tell(match peer.offer(restart).await {
                Ok(sdp) => VoiceInput::Offered { generation, sdp },
                Err(_) => VoiceInput::Failed { generation },
            });
        });
    }

    fn answer(&self, shell: &Rc<Shell>, generation: u32, sdp: String) {
        let Some(peer) = self.peer_of(generation) else { return };
        let tell = tell(shell);
        wasm_bindgen_futures::spawn_local(async move {
            if peer.answer(&sdp).await.is_err() {
                return tell(VoiceInput::Failed { generation });
            }
            // After an ICE restart that changed nothing the browser fires no event.
            if peer.is_connected_after_restart().await {
                tell(VoiceInput::Connected { generation });
            }
        });
    }

    fn peer_of(&self, generation: u32) -> Option<Rc<Peer>> {
        self.peer.borrow().clone().filter(|peer| peer.generation() == generation)
    }

    /// Tells the engine something with the next microtask: it is carrying out its outputs now.
    fn later(&self, shell: &Rc<Shell>, input: VoiceInput) {
        let tell = tell(shell);
        wasm_bindgen_futures::spawn_local(async move { tell(input) });
    }

    /// A call needs the microphone, or none does any more.
    fn need(&self, shell: &Rc<Shell>, needed: bool) {
        self.needed.set(needed);
        if !needed {
            self.kept.set(false);
            self.statistics.take();
            self.meter.take();
            return self.close_microphone();
        }
        let shell_of = Rc::downgrade(shell);
        *self.statistics.borrow_mut() =
            Some(Interval::new(STATISTICS_MS, move || read_statistics(&shell_of)));
        // A call that came with the session, after a reload: nobody opened the microphone for it.
        let shell = shell.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = shell.voice.open_microphone(&shell, false).await {
                shell.microphone_failed(error);
            }
        });
    }

    /// Mutes what the gateway mutes here already: what is not to be heard shall not leave the machine.
    pub(super) fn follow(&self, shell: &Shell) {
        let engine = shell.engine.borrow();
        let (Some(view), Some(session)) = (engine.view(), engine.session()) else { return };
        let call = view.call(&session.session_id);
        let muted = call.and_then(|c| c.own_leg(&session.session_id)).is_some_and(|leg| leg.muted);
        if let Some(microphone) = self.microphone.borrow().as_ref() {
            microphone.track().set_enabled(!muted);
        }
    }

    /// Opens the microphone, if it is not open, and sends it.
    pub(super) async fn open_microphone(&self, shell: &Rc<Shell>, keep: bool) -> Result<(), WireError> {
        if keep {
            self.kept.set(true);
        }
        if self.microphone.borrow().is_none() {
            let options = self.options.borrow().clone();
            let opened = Microphone::open(&options, lost(shell)).await;
            if opened.is_err() {
                self.kept.set(false);
            }
            // Two that asked at once: the first one's is used, the other is closed.
            let opened = opened?;
            self.microphone.borrow_mut().get_or_insert(opened);
        }
        self.send();
        self.follow(shell);
        Ok(())
    }

    pub(super) async fn use_microphone(&self, shell: &Rc<Shell>, device_id: String) -> Result<(), WireError> {
        let options = VoiceOptions { device_id: Some(device_id), ..self.options.borrow().clone() };
        if self.microphone.borrow().is_some() {
            let opened = Microphone::open(&options, lost(shell)).await?;
            let old = self.microphone.replace(Some(opened));
            self.send();
            drop(old);
            self.meter.take();
            self.follow(shell);
        }
        *self.options.borrow_mut() = options;
        Ok(())
    }

    fn send(&self) {
        let track = self.microphone.borrow().as_ref().map(Microphone::track);
        if let Some(peer) = self.peer.borrow().as_ref() {
            peer.send(track.as_ref());
        }
    }

    pub(super) fn close_microphone(&self) {
        if self.needed.get() || self.kept.get() || self.microphone.borrow().is_none() {
            return;
        }
        let old = self.microphone.take();
        self.send();
        drop(old);
        self.meter.take();
    }

    /// The device was unplugged: another one may be there.
    fn reopen(&self, shell: &Rc<Shell>) {
        let old = self.microphone.take();
        drop(old);
        self.options.borrow_mut().device_id = None;
        if !self.needed.get() {
            return self.send();
        }
        let shell = shell.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = shell.voice.open_microphone(&shell, false).await {
                shell.voice.send();
                shell.microphone_failed(error);
            }
        });
    }

    pub(super) fn use_speaker(&self, device_id: &JsString) -> Promise {
        match self.players.borrow().as_ref() {
            Some(players) => players.use_speaker(device_id),
            None => Promise::resolve(&JsValue::UNDEFINED),
        }
    }

    pub(super) fn microphone_stream(&self) -> JsValue {
        self.microphone.borrow().as_ref().map_or(JsValue::UNDEFINED, |m| m.stream().into())
    }

    pub(super) fn streams(&self) -> Array {
        self.players.borrow().as_ref().map_or_else(Array::new, Players::streams)
    }

    /// Loudness of the microphone and the remote side. Measured from the first call on, while there is something to measure.
    pub(super) fn levels(&self) -> (f64, f64) {
        let microphone = self.microphone.borrow();
        if microphone.is_none() && !self.needed.get() {
            return (0.0, 0.0);
        }
        let mut meter = self.meter.borrow_mut();
        if meter.is_none() {
            let players = self.players.borrow();
            let streams = players.as_ref().map(Players::media_streams).unwrap_or_default();
            *meter = Meter::new(microphone.as_ref().map(Microphone::stream).as_ref(), streams).ok();
        }
        meter.as_ref().map_or((0.0, 0.0), Meter::levels)
    }

    /// Lets go of everything.
    pub(super) fn release(&self) {
        self.needed.set(false);
        self.kept.set(false);
        self.statistics.take();
        self.meter.take();
        self.microphone.take();
        self.peer.take();
        self.players.take();
        // A function of the application may hold the session.
        self.options.borrow_mut().process = None;
    }
}

impl Shell {
    /// A call goes on without a microphone: the application is told through the voice connection's state.
    fn microphone_failed(&self, error: WireError) {
        let voice = self.engine.borrow().voice();
        self.tell_now(crate::engine::Event::VoiceChanged { voice, error: Some(error) });
    }
}

/// Tells the engine about the voice connection, as long as there is one.
fn tell(shell: &Rc<Shell>) -> impl Fn(VoiceInput) + Clone + 'static {
    let shell = Rc::downgrade(shell);
    move |input| {
        if let Some(shell) = shell.upgrade() {
            shell.voice_input(input);
        }
    }
}

fn lost(shell: &Rc<Shell>) -> impl Fn() + 'static {
    let shell = Rc::downgrade(shell);
    move || {
        if let Some(shell) = shell.upgrade() {
            shell.voice.reopen(&shell);
        }
    }
}

fn read_statistics(shell: &Weak<Shell>) {
    let Some(shell) = shell.upgrade() else { return };
    let Some(peer) = shell.voice.peer.borrow().clone() else { return };
    wasm_bindgen_futures::spawn_local(async move {
        if let Some(counters) = statistics::read(peer.connection()).await {
            shell.voice_input(VoiceInput::Counters(counters));
        }
    });
}
