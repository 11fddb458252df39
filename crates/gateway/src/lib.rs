//! Jackfield's gateway: the one place that wires exchange, media, store and sockets together.

pub mod store;
mod ws;
