//! A telephone network for developers: every number does what it is known to do, to the millisecond. It stands behind the emulator and the demo.

use super::Input;
use crate::ExternalNews;
use jackfield_wire::{ConversationId, Millis, ParticipantId};
use std::collections::{BTreeMap, BTreeSet};

/// What a telephone number does when it is called. Times are milliseconds, from the dialling or from the answer.
///
/// A network begins with these, from the range that Ofcom keeps for fiction; any other number answers after two seconds and stays:
///
/// | number | does |
/// |---|---|
/// | `+442079460001` | answers after 1 s |
/// | `+442079460002` | is busy, after 1 s |
/// | `+442079460003` | does not answer |
/// | `+442079460004` | turns the call down, after 1 s |
/// | `+442079460005` | answers after 1 s and hangs up 10 s later |
/// | `+442079460006` | can't be reached, after 1 s |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberBehavior {
    /// Somebody answers.
    Answers {
        /// After this time.
        after_ms: Millis,
        /// And hangs up this much later; never by itself, where it is left out.
        hangs_up_after_ms: Option<Millis>,
    },
    /// It is in another call.
    Busy {
        /// The network says so after this time.
        after_ms: Millis,
    },
    /// It rings, and nobody answers.
    NoAnswer,
    /// Somebody turns the call down.
    Rejects {
        /// After this time.
        after_ms: Millis,
    },
    /// There is no such number, or no way to it.
    Unreachable {
        /// The network says so after this time.
        after_ms: Millis,
    },
}

impl NumberBehavior {
    /// What comes of a call, and when.
    fn story(self) -> Vec<(Millis, ExternalNews)> {
        match self {
            Self::Answers { after_ms, hangs_up_after_ms } => {
                let hangs_up =
                    hangs_up_after_ms.map(|ms| (after_ms.saturating_add(ms), ExternalNews::HungUp));
                std::iter::once((after_ms, ExternalNews::Answered)).chain(hangs_up).collect()
            }
            Self::Busy { after_ms } => vec![(after_ms, ExternalNews::Busy)],
            Self::NoAnswer => Vec::new(),
            Self::Rejects { after_ms } => vec![(after_ms, ExternalNews::Rejected)],
            Self::Unreachable { after_ms } => vec![(after_ms, ExternalNews::Unreachable)],
        }
    }
}

type Call = (ConversationId, ParticipantId);

/// The numbers, and the calls to them: what a host gives [`Output::Dial`](super::Output::Dial) and [`Output::EndCall`](super::Output::EndCall) to that has no
/// trunk. Nothing is heard of its calls.
///
/// ```
/// use jackfield_exchange::{ExternalNews, switchboard::{Input, Network}};
/// use jackfield_wire::{ConversationId, ParticipantId};
/// let call = (ConversationId::numbered('c', 1), ParticipantId::numbered('p', 3));
/// let mut network = Network::new();
/// network.dial(5_000, call, "+442079460002");
/// assert_eq!(network.deadline(), Some(6_000));
/// assert!(matches!(network.take(6_000), Some(Input::External { news: ExternalNews::Busy, .. })));
/// ```
#[derive(Debug)]
pub struct Network {
    numbers: BTreeMap<String, NumberBehavior>,
    calls: BTreeSet<Call>,
    /// What is still to come, in order of time and then of dialling.
    coming: BTreeMap<(Millis, u64), (Call, ExternalNews)>,
    dialled: u64,
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

impl Network {
    /// A network with the numbers of [`NumberBehavior`].
    pub fn new() -> Self {
        let after_ms = 1_000;
        let known = [
            ("+442079460001", NumberBehavior::Answers { after_ms, hangs_up_after_ms: None }),
            ("+442079460002", NumberBehavior::Busy { after_ms }),
            ("+442079460003", NumberBehavior::NoAnswer),
            ("+442079460004", NumberBehavior::Rejects { after_ms }),
            ("+442079460005", NumberBehavior::Answers { after_ms, hangs_up_after_ms: Some(10_000) }),
            ("+442079460006", NumberBehavior::Unreachable { after_ms }),
        ];
        let numbers = known.into_iter().map(|(number, does)| (number.to_owned(), does)).collect();
        Self { numbers, calls: BTreeSet::new(), coming: BTreeMap::new(), dialled: 0 }
    }

    /// A number does this from now on.
    pub fn set(&mut self, number: &str, does: NumberBehavior) {
        self.numbers.insert(number.to_owned(), does);
    }

    /// A number is called.
    pub fn dial(&mut self, now: Millis, call: Call, number: &str) {
        let other = NumberBehavior::Answers { after_ms: 2_000, hangs_up_after_ms: None };
        let does = self.numbers.get(number).copied().unwrap_or(other);
        for (after_ms, news) in does.story() {
            self.dialled += 1;
            self.coming.insert((now.saturating_add(after_ms), self.dialled), (call.clone(), news));
        }
        self.calls.insert(call);
    }

    /// A call is over: nothing more comes of it.
    pub fn end(&mut self, conversation: ConversationId, participant: ParticipantId) {
        let call = (conversation, participant);
        self.coming.retain(|_, (of, _)| *of != call);
        self.calls.remove(&call);
    }

    /// How many calls there are, ringing or answered.
    pub fn calls(&self) -> usize {
        self.calls.len()
    }

    /// When something comes.
    pub fn deadline(&self) -> Option<Millis> {
        self.coming.keys().next().map(|(at, _)| *at)
    }

    /// The next that has come by now.
    pub fn take(&mut self, now: Millis) -> Option<Input> {
        let ((at, _), _) = self.coming.first_key_value()?;
        if *at > now {
            return None;
        }
        let (_, ((conversation, participant), news)) = self.coming.pop_first()?;
        Some(Input::External { conversation, participant, news })
    }
}
