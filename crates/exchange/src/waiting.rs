//! Who waits in a queue, for who supervises it: whom to look into, to explain, or to give to somebody else.

use crate::{Exchange, index::Place, state::Conversation, tenant::QueueIndex};
use jackfield_wire::{ConversationId, Outcome, WaitingView};

/// How many there are where nobody says how many.
pub(crate) const WAITING: u32 = 20;

impl Exchange {
    /// Who is next in a queue, on all its channels, those who are being offered among them.
    pub(crate) fn waiting(&self, queue: QueueIndex, most: u32) -> Outcome {
        let most = most as usize;
        let mut next: Vec<(Place, u32, &ConversationId)> = Vec::with_capacity(2 * most);
        let mut all = 0;
        for line in self.lines_of(queue) {
            all += line.waiting.len();
            let places = line.waiting.iter().zip(1..).take(most);
            next.extend(places.map(|((place, id), position)| (*place, position, id)));
            all += line.outbound.len();
            let called = line.outbound.iter().zip(1..).take(most);
            next.extend(called.map(|((place, id), position)| (*place, position, id)));
        }
        // Each line is in order; together they are by the same scores.
        next.sort_unstable_by_key(|(place, ..)| *place);
        let found = next.into_iter().take(most);
        let found = found.filter_map(|(_, position, id)| Some((self.state.conversations.get(id)?, position)));
        Outcome::Waiting {
            conversations: found
                .map(|(conversation, position)| self.waiting_view(conversation, position))
                .collect(),
            more: all > most,
        }
    }

    fn waiting_view(&self, conversation: &Conversation, position: u32) -> WaitingView {
        let named = Some(conversation.customer_name.clone()).filter(|name| !name.is_empty());
        let offers = self.state.offers_in(conversation);
        WaitingView {
            conversation_id: conversation.conversation_id.clone(),
            channel: conversation.channel,
            since: conversation.waits_since(),
            position,
            priority: conversation.priority,
            customer_name: named,
            subject: conversation.subject.clone(),
            outbound: conversation.is_to_be_called(),
            callback: conversation.callback.as_ref().map(|callback| callback.view()),
            offered_to: offers.map(|offer| offer.made.user_id.clone()).collect(),
        }
    }
}
