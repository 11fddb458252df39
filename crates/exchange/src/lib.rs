//! The rules of one tenant's contact centre: a deterministic, event-sourced state machine without I/O.
