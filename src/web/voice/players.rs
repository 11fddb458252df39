//! What remote audio is played by: four streams, each on a hidden audio element.

use super::super::convert::global;
use super::super::listener::Listener;
use super::peer::{SLOTS, ignore};
use js_sys::{Array, Function, JsString, Promise, Reflect};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlAudioElement, MediaStream, MediaStreamTrack};

/// Four streams and their players. Silent when dropped.
pub(super) struct Players {
    streams: Vec<MediaStream>,
    elements: Rc<Vec<HtmlAudioElement>>,
    /// Where the browser plays nothing before the user touches the page: the first touch starts it.
    _gestures: Vec<Listener>,
}

impl Players {
    /// `play: false`: streams only, the application plays them.
    pub(super) fn new(play: bool) -> Self {
        let streams: Vec<MediaStream> = (0..SLOTS).filter_map(|_| MediaStream::new().ok()).collect();
        let count = if play { streams.len() } else { 0 };
        let elements: Rc<Vec<_>> = Rc::new((0..count).filter_map(|_| HtmlAudioElement::new().ok()).collect());
        Self { streams, _gestures: wait_for_gestures(&elements), elements }
    }

    /// Puts other tracks in the streams: they stay the same objects for the application.
    pub(super) fn replace(&self, tracks: Vec<MediaStreamTrack>) {
        for (stream, track) in self.streams.iter().zip(tracks) {
            for old in stream.get_audio_tracks().iter() {
                stream.remove_track(old.unchecked_ref());
            }
            stream.add_track(&track);
        }
        for (element, stream) in self.elements.iter().zip(&self.streams) {
            // Set anew: an element whose stream lost its only track has ended, and does not begin again by itself.
            element.set_src_object(None);
            element.set_src_object(Some(stream));
            element.set_autoplay(true);
        }
        start(&self.elements);
    }

    pub(super) fn streams(&self) -> Array {
        self.streams.iter().collect()
    }

    pub(super) fn media_streams(&self) -> Vec<MediaStream> {
        self.streams.clone()
    }

    /// Plays on another device. Rejects where the browser has no choice of devices, or no such device.
    pub(super) fn use_speaker(&self, device_id: &JsString) -> Promise {
        let all = Array::new();
        for element in self.elements.iter() {
            let set = Reflect::get(element, &"setSinkId".into()).ok();
            let asked = set
                .and_then(|set| set.dyn_into::<Function>().ok())
                .ok_or_else(|| JsValue::from_str("setSinkId"))
                .and_then(|set| set.call1(element, device_id));
            match asked {
                Ok(asked) => all.push(&asked),
                Err(error) => all.push(&Promise::reject(&error)),
            };
        }
        Promise::all(&all)
    }
}

impl Drop for Players {
    fn drop(&mut self) {
        for element in self.elements.iter() {
            let _ = element.pause();
            element.set_src_object(None);
        }
    }
}

fn start(elements: &[HtmlAudioElement]) {
    for element in elements {
        if let Ok(started) = element.play() {
            ignore(&started);
        }
    }
}

fn wait_for_gestures(elements: &Rc<Vec<HtmlAudioElement>>) -> Vec<Listener> {
    let document = web_sys::window().and_then(|w| w.document());
    let Some(document) = document.filter(|_| !elements.is_empty() && global("Audio").is_some()) else {
        return Vec::new();
    };
    let on = |name| {
        let elements = elements.clone();
        Listener::new(&document, name, move |_| {
            if elements.iter().any(|e| e.paused() && e.src_object().is_some()) {
                start(&elements);
            }
        })
    };
    vec![on("pointerdown"), on("keydown")]
}
