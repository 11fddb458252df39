//! The figures a switchboard works by.

/// The figures a switchboard works by. The defaults are what `docs/wire.md` promises to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many times this tenant has been started, counted by the store. Clients see another epoch after each start, and so know that
    /// the numbers of events count anew.
    pub epoch: u64,
    /// How often a connected session gets a `ping`, in milliseconds.
    pub ping_every_ms: u32,
    /// After how long without a sign of life a session is away from its desk, in milliseconds.
    pub away_after_ms: u32,
    /// How long before its end a token's renewal is asked for, in milliseconds.
    pub renew_before_ms: u32,
    /// How many events of a session are kept for a resume.
    pub ring_events: usize,
    /// How many bytes of events of a session are kept for a resume.
    pub ring_bytes: usize,
    /// How many commands a session may send in a second, over a long time.
    pub commands_per_second: u32,
    /// How many commands a session may send at once. An SDK sends at once what waited for its connection, up to 256.
    pub command_burst: u32,
    /// How many commands of a session may wait for their answer.
    pub max_pending_commands: u32,
    /// How many sessions a user may have.
    pub max_sessions_per_user: usize,
    /// How many things told may wait for the journal before new commands are turned away.
    pub max_held: usize,
    /// How many answers of a session are remembered, so that a command sent again is answered and not done again.
    pub remembered_answers: usize,
    /// How often a session that watches the floor is told of it at most, in milliseconds.
    pub floor_every_ms: u32,
    /// How long the switchboard takes no commands after the journal refused a write, in milliseconds.
    pub storage_pause_ms: u32,
    /// After how long a typing signal that was not repeated is taken back, in milliseconds.
    pub typing_ms: u32,
    /// How many of a conversation's newest messages a snapshot carries, and how many are kept in memory for that.
    pub snapshot_messages: usize,
    /// How many conversations' newest messages are kept in memory.
    pub cached_conversations: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            epoch: 1,
            ping_every_ms: 5_000,
            away_after_ms: 15_000,
            renew_before_ms: 60_000,
            ring_events: 512,
            ring_bytes: 256 * 1024,
            commands_per_second: 25,
            command_burst: 300,
            max_pending_commands: 128,
            max_sessions_per_user: 8,
            max_held: 200_000,
            remembered_answers: 256,
            floor_every_ms: 250,
            storage_pause_ms: 1_000,
            typing_ms: 6_000,
            snapshot_messages: 50,
            cached_conversations: 2_000,
        }
    }
}
