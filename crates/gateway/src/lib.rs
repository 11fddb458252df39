//! Jackfield's gateway: the one place that wires exchange, media, store and sockets together.
//!
//! ```text
//! socket, http ─▶ tokens, doors, limits ─▶ tenant (one task each, owns its switchboard) ─▶ store (one writer)
//!                                                       └─▶ audio plane
//! ```
//!
//! [`Gateway::start`] takes a checked [`config::Config`]; the binary is [`cli::main`].

mod access;
pub mod cli;
pub mod config;
mod crypto;
pub mod demo;
mod doors;
mod gateway;
mod http;
mod limits;
mod metrics;
pub mod recovery;
mod socket;
pub mod store;
mod tenant;
mod tokens;
mod ws;

pub use gateway::{Gateway, Running, StartError};
