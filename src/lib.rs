//! The Jackfield SDK: voice, chat, presence and routing in one session.
//!
//! - [`engine`]: what a session does, without a socket, a clock or a browser. The same code runs in the page and in the simulation.
//! - `web` (wasm32 only): the browser shell round it: socket, timers, storage, page events, WebRTC.
//!
//! The npm package `jackfield` in `pkg/` is the API for applications; this crate is what it is made of.

pub mod engine;
#[cfg(target_arch = "wasm32")]
mod web;
