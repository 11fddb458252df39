//! What a tenant chooses between, for a queue or for all of them.

use serde::{Deserialize, Serialize};

/// Where a customer goes whose transfer to an agent nobody took: it was turned down, timed out, or the agent is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailedTransfer {
    /// Back to the agent who wanted to hand it over.
    #[default]
    Owner,
    /// Into its queue, by the time since which it has waited; the agent goes to its wrap-up.
    Queue,
}

/// Which conversation of a queue is served first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueOrder {
    /// Who came first. Where the priorities differ, by their worth in waiting time.
    #[default]
    FirstIn,
    /// Who came last. Against other queues it counts with its own, short, waiting.
    LastIn,
}

/// What becomes of an agent who does not answer an offer in time (redirection on no answer). Colleagues who ask for a transfer, a consult or into a conference, and a chat's own
/// customer who wants to talk, are another matter: whoever does not answer these is left as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoAnswer {
    /// It is not at its desk, or the next customer would ring there as well: its presence is away from now on, until it says otherwise.
    #[default]
    Away,
    /// It is offered nothing for the tenant's `no_answer_pause_ms`, or until it sets its presence or takes part in something again. Its presence stays.
    Pause,
    /// Only this conversation is not offered to it again for `refusal_pause_ms`, as if it had been turned down.
    Keep,
}

/// Which of the agents who fit is asked first. Preferred skills go before all of these; ties go by the longest idle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentOrder {
    /// Who has been idle longest.
    #[default]
    LongestIdle,
    /// Who has the highest sum of levels in the skills that are asked for or preferred.
    BestSkill,
    /// Who has the fewest conversations and offers.
    LeastLoaded,
    /// Who was made an offer longest ago.
    RoundRobin,
}
