//! Stories of a switchboard, told with virtual time.
