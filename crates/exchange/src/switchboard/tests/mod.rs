//! Stories of a switchboard, told with virtual time.

mod desk;
mod journal;
mod once;
mod pace;
mod resume;
mod telling;
