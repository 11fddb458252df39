//! The peer connection: one audio track up, four slots down, negotiated once and kept.

use super::super::convert::set;
use super::super::listener::Listener;
use crate::engine::VoiceInput;
use futures::FutureExt;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Object, Promise};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStreamTrack, RtcBundlePolicy, RtcConfiguration, RtcIceGatheringState, RtcOfferOptions,
    RtcPeerConnection, RtcPeerConnectionState, RtcRtpSender, RtcRtpTransceiver, RtcRtpTransceiverDirection,
    RtcRtpTransceiverInit, RtcSdpType, RtcSessionDescriptionInit,
};

/// Slots of remote audio.
pub(super) const SLOTS: usize = 4;
/// How long to wait for candidates, in milliseconds. The gateway's address is known and the path is found from this side, so that
/// an offer with few candidates works as well as one with all.
const GATHER_MS: u32 = 250;
/// When a restarted connection is looked at, in milliseconds.
const SETTLE_MS: u32 = 1_500;

/// One peer connection. Closed when dropped.
pub(super) struct Peer {
    connection: RtcPeerConnection,
    generation: u32,
    sender: RtcRtpSender,
    slots: Vec<RtcRtpTransceiver>,
    restarted: Cell<bool>,
    _listener: Listener,
}

impl Peer {
    /// A connection with its lines laid out, not negotiated.
    pub(super) fn new(generation: u32, tell: impl Fn(VoiceInput) + 'static) -> Result<Self, JsValue> {
        let configuration = RtcConfiguration::new();
        configuration.set_bundle_policy(RtcBundlePolicy::MaxBundle);
        let connection = RtcPeerConnection::new_with_configuration(&configuration)?;
        let line = |direction| {
            let init = RtcRtpTransceiverInit::new();
            init.set_direction(direction);
            connection.add_transceiver_with_str_and_init("audio", &init)
        };
        let sender = line(RtcRtpTransceiverDirection::Sendonly).sender();
        let slots = (0..SLOTS).map(|_| line(RtcRtpTransceiverDirection::Recvonly)).collect();
        let watched = connection.clone();
        let listener =
            Listener::new(&connection, "connectionstatechange", move |_| match watched.connection_state() {
                RtcPeerConnectionState::Connected => tell(VoiceInput::Connected { generation }),
                RtcPeerConnectionState::Disconnected => tell(VoiceInput::Disconnected { generation }),
                RtcPeerConnectionState::Failed => tell(VoiceInput::Failed { generation }),
                _ => {}
            });
        Ok(Self { connection, generation, sender, slots, restarted: Cell::new(false), _listener: listener })
    }

    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    pub(super) fn connection(&self) -> &RtcPeerConnection {
        &self.connection
    }

    /// The tracks of the four slots. They are there from the beginning, silent.
    pub(super) fn remote_tracks(&self) -> Vec<MediaStreamTrack> {
        self.slots.iter().map(|slot| slot.receiver().track()).collect()
    }

    /// Sends another track, or none, from now on: without a renegotiation.
    pub(super) fn send(&self, track: Option<&MediaStreamTrack>) {
        ignore(&self.sender.replace_track(track));
    }

    /// Makes an offer with its candidates.
    pub(super) async fn offer(&self, restart: bool) -> Result<String, JsValue> {
        self.restarted.set(restart);
        let options = RtcOfferOptions::new();
        options.set_ice_restart(restart);
        let offer = JsFuture::from(self.connection.create_offer_with_rtc_offer_options(&options)).await?;
        JsFuture::from(self.connection.set_local_description(offer.unchecked_ref())).await?;
        self.gather().await;
        let described = self.connection.local_description().ok_or(JsValue::UNDEFINED)?;
        Ok(described.sdp())
    }

    /// Waits for the candidates, but not for long.
    async fn gather(&self) {
        let (told, mut complete) = futures::channel::mpsc::unbounded::<()>();
        let watched = self.connection.clone();
        let check = move || {
            if watched.ice_gathering_state() == RtcIceGatheringState::Complete {
                let _ = told.unbounded_send(());
            }
        };
        check();
        let _listener = Listener::new(&self.connection, "icegatheringstatechange", move |_| check());
        let mut complete = futures::StreamExt::next(&mut complete).fuse();
        futures::select_biased! {
            _ = complete => {}
            _ = TimeoutFuture::new(GATHER_MS).fuse() => {}
        }
    }

    pub(super) async fn answer(&self, sdp: &str) -> Result<(), JsValue> {
        let answer = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
        answer.set_sdp(sdp);
        JsFuture::from(self.connection.set_remote_description(&answer)).await?;
        Ok(())
    }

    /// Whether a restart left the connection up, looked at a little later; `false` where there was no restart.
    pub(super) async fn is_connected_after_restart(&self) -> bool {
        if !self.restarted.get() {
            return false;
        }
        TimeoutFuture::new(SETTLE_MS).await;
        self.connection.connection_state() == RtcPeerConnectionState::Connected
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.connection.close();
    }
}

/// Marks a promise as handled: its failure shows in the connection's state, and an unhandled rejection would alarm the page.
pub(super) fn ignore(promise: &Promise) {
    thread_local! {
        static NOTHING: Closure<dyn FnMut(JsValue)> = Closure::wrap(Box::new(|_| {}));
    }
    NOTHING.with(|nothing| {
        let _ = promise.catch(nothing);
    });
}

/// An object of constraints or options.
pub(super) fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in fields {
        set(&object, key, value);
    }
    object
}
