//! The browser shell: socket, timers, storage, page events and WebRTC round the engine. It converts and carries out; it decides nothing.
//!
//! Rules that hold here:
//! - nothing exported is `async` with a receiver, nor takes `&mut self`: a call would then hold the object while it waits, and another
//!   call, or `free()`, would throw. Promises are made from a cloned `Rc`;
//! - nothing is borrowed while JavaScript runs that an application may have written;
//! - every listener, timer, track and connection is owned by one struct whose `Drop` takes it away.

mod client;
mod convert;
mod host;
mod listener;
mod page;
mod shell;
mod socket;
mod state;
mod storage;
mod telling;
mod voice;
