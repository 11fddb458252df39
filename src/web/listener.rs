//! A listener that is taken away when it is dropped.

use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

/// Owns one event listener.
pub(super) struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Listens until it is dropped.
    pub(super) fn new(
        target: &EventTarget,
        name: &'static str,
        heard: impl FnMut(JsValue) + 'static,
    ) -> Self {
        let closure = Closure::wrap(Box::new(heard) as Box<dyn FnMut(JsValue)>);
        // Fails only for a null callback.
        let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), name, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.name, callback);
    }
}
