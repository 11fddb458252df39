//! Stories of a switchboard, told with virtual time.

mod desk;
mod journal;
mod once;
mod pace;
mod past;
mod resume;
mod telling;
