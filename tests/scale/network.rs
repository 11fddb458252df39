//! The telephone network of a plan: what its numbers do, and that it fails.

use super::{
    books::Books,
    plan::dice,
    random::Random,
    world::{Check, World},
};
use jackfield_exchange::{
    Event, ExternalNews, Order,
    switchboard::{Input, Network, NumberBehavior},
};
use jackfield_wire::{ConversationId, ParticipantId, UserId};

/// With what the numbers begin that a plan dials; customers are told none of them.
pub(crate) const DIALLED: &str = "+44207946";
/// How many numbers there are that hang up by themselves.
const LEAVING: u64 = 6;

/// The simulated network, with more numbers that hang up after a while.
pub(crate) fn network(seed: u64) -> Network {
    let (mut network, mut random) = (Network::new(), dice(seed, "network", 0));
    for n in 0..LEAVING {
        let after_ms = random.between(500, 6_000);
        let hangs_up_after_ms = Some(random.between(2_000, 120_000));
        network.set(&leaving(n), NumberBehavior::Answers { after_ms, hangs_up_after_ms });
    }
    network
}

fn leaving(n: u64) -> String {
    format!("{DIALLED}010{n}")
}

/// A number to dial: one that answers, or that does not in one of the ways there are; seldom one that may not be dialled.
pub(crate) fn some_number(random: &mut Random) -> String {
    match random.between(0, 20) {
        0 => "+15550100123".to_owned(),
        1..11 => leaving(random.between(0, LEAVING)),
        _ => format!("{DIALLED}000{}", random.between(1, 7)),
    }
}

/// Whether a user stands for a telephone number.
pub(crate) fn is_number(user: &UserId) -> bool {
    user.as_str().starts_with("external:")
}

/// The numbers that ring or talk, by the books.
fn calls(books: &Books) -> impl Iterator<Item = (&ConversationId, &ParticipantId)> {
    let parties = books.talks.iter().flat_map(|(id, talk)| talk.parties.iter().map(move |p| (id, p)));
    parties.filter(|(_, (_, party))| is_number(&party.user)).map(|(id, (whom, _))| (id, whom))
}

/// The network has the calls that the exchange has, and no others: nobody talks into the void, and no call goes on that nobody pays for.
pub(crate) fn check(network: &Network, books: &Books) -> Check {
    let (found, known) = (network.calls(), calls(books).count());
    (found == known)
        .then_some(())
        .ok_or_else(|| format!("{found} calls in the network, by the books {known}"))
}

impl World<'_> {
    /// The network takes in what the exchange wants of it.
    pub(super) fn dial(&mut self, event: &Event) {
        match event {
            Event::Dialed { conversation_id, participant_id, number, .. } => {
                let call = (conversation_id.clone(), participant_id.clone());
                self.network.dial(self.now, call, number);
            }
            Event::ParticipantLeft { conversation_id, participant_id, user_id, .. } if is_number(user_id) => {
                self.network.end(conversation_id.clone(), participant_id.clone());
            }
            _ => {}
        }
    }

    /// The next that the network has to say.
    pub(super) fn hear(&mut self) -> Check {
        let Some(Input::External { conversation, participant, news }) = self.network.take(self.now) else {
            return Ok(());
        };
        self.order(&Order::External { conversation, participant, news })
    }

    /// All calls break off, ringing or not.
    pub(super) fn trunk_fails(&mut self) -> Check {
        let all: Vec<_> = calls(&self.books).map(|(id, whom)| (id.clone(), whom.clone())).collect();
        for (conversation, participant) in all {
            self.books.count("a call broke off");
            let news = ExternalNews::Unreachable;
            self.order(&Order::External { conversation, participant, news })?;
        }
        Ok(())
    }
}
