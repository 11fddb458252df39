//! How agents call customers.

use super::check::Problems;
use serde::{Deserialize, Serialize};

/// How a queue's agents call customers.
///
/// ```
/// # use jackfield_exchange::{PreviewEnd, QueueConfig};
/// let queue: QueueConfig = serde_json::from_str(r#"{ "queue_id": "sales", "name": "Sales", "outbound": { "on_preview_end": "dial" } }"#)?;
/// assert_eq!((queue.outbound.preview_ms, queue.outbound.on_preview_end), (120_000, PreviewEnd::Dial));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboundConfig {
    /// How long an agent looks at what there is to see before the call, in milliseconds: 5 seconds to 1 hour. Default: 2 minutes.
    pub preview_ms: u32,
    /// What becomes of the call when that time is over and the agent has neither dialled nor skipped it. Default: `release`.
    pub on_preview_end: PreviewEnd,
    /// Whether customers who wait, in whatever queue, are served before those of this queue's list are called. Without, the list stands in line with
    /// them, by the same priority and age. Default: yes.
    pub customers_first: bool,
    /// How often a customer of the queue's list is tried, 1 to 10: skipped, or called in vain. Default: 3.
    pub attempts: u8,
    /// How long after that it is tried again, in milliseconds: 1 second to 24 hours. Default: 10 minutes.
    pub retry_ms: u32,
}

/// What becomes of a call that its agent has looked at for long enough.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewEnd {
    /// The customer is called.
    Dial,
    /// The customer is not called: nobody is rung up without a person's word.
    #[default]
    Release,
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self {
            preview_ms: 120_000,
            on_preview_end: PreviewEnd::default(),
            customers_first: true,
            attempts: 3,
            retry_ms: 10 * 60_000,
        }
    }
}

pub(super) fn check(problems: &mut Problems, at: &str, outbound: OutboundConfig) {
    problems.range(format!("{at}.outbound.preview_ms"), outbound.preview_ms, 5_000, 3_600_000);
    problems.range(format!("{at}.outbound.attempts"), u32::from(outbound.attempts), 1, 10);
    problems.range(format!("{at}.outbound.retry_ms"), outbound.retry_ms, 1_000, 24 * 3_600_000);
}
