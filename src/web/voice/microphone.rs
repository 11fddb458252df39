//! The microphone: open only while something needs it.

use super::super::convert::{error_from_js, global};
use super::super::listener::Listener;
use super::VoiceOptions;
use super::peer::object;
use jackfield_wire::{Code, WireError};
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack};

#[wasm_bindgen]
extern "C" {
    /// What the application makes of a microphone. The package's JavaScript sees to it that it throws nothing at once, and that
    /// what it gives is a stream with a track.
    #[derive(Clone)]
    pub(in super::super) type Process;

    #[wasm_bindgen(method)]
    fn call(this: &Process, context: &JsValue, stream: &MediaStream) -> Promise;
}

/// An open microphone. Closed when dropped.
pub(super) struct Microphone {
    device: MediaStreamTrack,
    /// What is sent: the device's own stream, or what the application made of it.
    stream: MediaStream,
    track: MediaStreamTrack,
    _ended: Listener,
}

impl Microphone {
    /// Opens it; `lost` is called when the device goes away by itself.
    ///
    /// # Errors
    /// `microphoneRefused`, `microphoneMissing`, `microphoneBusy`; `notSupported` in a page without HTTPS; what the application's
    /// `process` throws.
    pub(super) async fn open(options: &VoiceOptions, lost: impl Fn() + 'static) -> Result<Self, WireError> {
        let devices = devices().ok_or_else(|| {
            WireError::new(
                Code::NotSupported,
                "this page has no microphone: serve it by HTTPS or from localhost",
            )
        })?;
        let constraints = MediaStreamConstraints::new();
        constraints.set_audio(&wanted(options));
        let asked = devices.get_user_media_with_constraints(&constraints).map_err(|e| explain(&e))?;
        let stream: MediaStream = JsFuture::from(asked).await.map_err(|e| explain(&e))?.unchecked_into();
        let track = first_track(&stream)?;
        let ended = Listener::new(&track, "ended", move |_| lost());
        let mut microphone = Self { device: Clone::clone(&track), stream, track, _ended: ended };
        if let Some(process) = &options.process {
            // Where it fails, the device closes with what was made so far.
            let made = JsFuture::from(process.call(&JsValue::UNDEFINED, &microphone.stream)).await;
            microphone.stream = made.map_err(|e| error_from_js(&e, Code::InvalidOption))?.unchecked_into();
            microphone.track = first_track(&microphone.stream)?;
        }
        Ok(microphone)
    }

    /// The stream itself, by another handle.
    pub(super) fn stream(&self) -> MediaStream {
        // `self.stream.clone()` would be the browser's `MediaStream.clone()`: other tracks, which nobody stops or mutes.
        Clone::clone(&self.stream)
    }

    /// The track itself, by another handle.
    pub(super) fn track(&self) -> MediaStreamTrack {
        // As above: the browser's `MediaStreamTrack.clone()` is another open microphone.
        Clone::clone(&self.track)
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.track.stop();
        self.device.stop();
    }
}

fn first_track(stream: &MediaStream) -> Result<MediaStreamTrack, WireError> {
    stream.get_audio_tracks().get(0).dyn_into().map_err(|_| WireError::from(Code::MicrophoneMissing))
}

/// `undefined` in a page that is not secure, and in Node.
fn devices() -> Option<MediaDevices> {
    let navigator = global("navigator")?;
    let devices = Reflect::get(&navigator, &"mediaDevices".into()).ok()?;
    (!devices.is_undefined()).then(|| devices.unchecked_into())
}

fn wanted(options: &VoiceOptions) -> JsValue {
    let mut fields = vec![
        ("echoCancellation", options.echo_cancellation.into()),
        ("noiseSuppression", options.noise_suppression.into()),
        ("autoGainControl", options.auto_gain_control.into()),
    ];
    if let Some(id) = &options.device_id {
        fields.push(("deviceId", object(&[("exact", JsValue::from_str(id))]).into()));
    }
    object(&fields).into()
}

/// The names of `getUserMedia`'s errors (W3C Media Capture and Streams, 10.2).
fn explain(error: &JsValue) -> WireError {
    let name = error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "SecurityError" => Code::MicrophoneRefused.into(),
        "NotFoundError" | "OverconstrainedError" => Code::MicrophoneMissing.into(),
        _ => Code::MicrophoneBusy.into(),
    }
}
