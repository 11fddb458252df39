//! The gateway from outside: real sockets, real files, one process.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod callbacks;
mod common;
mod config;
mod history;
mod http;
mod keys;
mod sessions;
mod store;
mod strangers;
mod tenants;
mod tokens;
