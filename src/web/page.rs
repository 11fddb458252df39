//! What the page lives through: seen, online, left, back.

use super::convert::global;
use super::listener::Listener;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, PageTransitionEvent, VisibilityState};

/// What happened to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageEvent {
    /// It can be seen again.
    Visible,
    /// It can't be seen any more. On a phone this may be the last that is heard of it.
    Hidden,
    /// The network is back, or another.
    Online,
    /// It goes: reloaded, left, or into the back/forward cache. Not `unload`: policies refuse that one, and it forbids the cache.
    Left,
    /// It came back from the back/forward cache.
    Back,
}

/// Listens to the page. Nothing in Node.
pub(super) fn listen(tell: impl Fn(PageEvent) + Clone + 'static) -> Vec<Listener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let on = |target: &EventTarget, name, event| {
        let tell = tell.clone();
        Listener::new(target, name, move |_| tell(event))
    };
    let mut listeners =
        vec![on(&window, "online", PageEvent::Online), on(&window, "pagehide", PageEvent::Left)];
    let back = tell.clone();
    listeners.push(Listener::new(&window, "pageshow", move |event| {
        // Also fired after the first load, when nothing was left.
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            back(PageEvent::Back);
        }
    }));
    if let Some(document) = window.document() {
        let (seen, page) = (tell.clone(), document.clone());
        listeners.push(Listener::new(&document, "visibilitychange", move |_| {
            let visible = page.visibility_state() == VisibilityState::Visible;
            seen(if visible { PageEvent::Visible } else { PageEvent::Hidden });
        }));
    }
    // From Wi-Fi to a mobile network without a moment offline: only this tells, where the browser has it.
    let connection = global("navigator").and_then(|n| Reflect::get(&n, &"connection".into()).ok());
    if let Some(connection) = connection.and_then(|c| c.dyn_into::<EventTarget>().ok()) {
        listeners.push(on(&connection, "change", PageEvent::Online));
    }
    listeners
}
