//! How customers are called back.

use super::check::Problems;
use serde::{Deserialize, Serialize};

/// How a queue calls customers back who do not wait on the line.
///
/// ```
/// # use jackfield_exchange::QueueConfig;
/// let queue: QueueConfig = serde_json::from_str(r#"{ "queue_id": "help", "name": "Help", "callbacks": { "attempts": 2 } }"#)?;
/// assert!(queue.callbacks.enabled);
/// assert_eq!((queue.callbacks.attempts, queue.callbacks.retry_ms), (2, 600_000));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallbackConfig {
    /// Whether customers who wait by voice may ask for it. Default: yes. Who was to be called back before it was turned off still is.
    pub enabled: bool,
    /// How often it is tried, 1 to 10. Default: 3.
    pub attempts: u8,
    /// How long after a call that the customer did not answer it is tried again, in milliseconds: 1 second to 24 hours. Default: 10 minutes.
    pub retry_ms: u32,
    /// How long the place of a customer is kept who can't be reached, in milliseconds: 1 minute to 7 days. Then the conversation is over. Default: 24 hours.
    pub keep_ms: u32,
}

impl Default for CallbackConfig {
    fn default() -> Self {
        Self { enabled: true, attempts: 3, retry_ms: 10 * 60_000, keep_ms: 24 * 3_600_000 }
    }
}

pub(super) fn check(problems: &mut Problems, at: &str, callbacks: CallbackConfig) {
    problems.range(format!("{at}.callbacks.attempts"), u32::from(callbacks.attempts), 1, 10);
    problems.range(format!("{at}.callbacks.retry_ms"), callbacks.retry_ms, 1_000, 24 * 3_600_000);
    problems.range(format!("{at}.callbacks.keep_ms"), callbacks.keep_ms, 60_000, 7 * 24 * 3_600_000);
}
