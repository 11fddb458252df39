//! Taking in that an agent can do something else.

use crate::{AgentSettings, Exchange, demand, index::set_member, state::Offer};
use jackfield_wire::{Millis, OfferEndReason, OfferKind, OfferOutcome, UserId};
use std::sync::Arc;

impl Exchange {
    pub(super) fn change_agent(&mut self, user_id: &UserId, settings: &AgentSettings) {
        let Some(agent) = self.tenant.agent_index(user_id) else { return };
        if settings.is_empty() {
            self.state.agents.remove(user_id);
        } else {
            self.state.agents.insert(user_id.clone(), settings.clone());
        }
        let tenant = Arc::make_mut(&mut self.tenant);
        tenant.set_agent(agent, settings);
        self.index.set_agent(tenant, agent);
        let served = self.index.staff.served_by(agent);
        self.marks.queues.extend(tenant.served_by(user_id));
        self.marks.queues.extend(served.iter().copied());
        tenant.set_team(agent, served);
        self.index.staffing.grow(tenant.team_count());
        let offers: Vec<_> = self.state.offers_of(user_id).map(|o| o.made.offer_id.clone()).collect();
        for id in offers {
            let unfit = self.state.offers.get(&id).is_some_and(|offer| self.is_unfit(offer));
            set_member(&mut self.index.unfit, &id, unfit);
        }
        self.marks.agents.insert(user_id.clone());
        if self.state.users.contains_key(user_id) {
            self.refresh_agent(user_id);
        }
    }

    /// Whether an open offer is to somebody who does not fit any more: it could be made in no ring that the conversation has come to.
    pub(crate) fn is_unfit(&self, offer: &Offer) -> bool {
        let made = &offer.made;
        let conversation = self.state.conversations.get(&made.conversation_id);
        let Some(conversation) = conversation.filter(|_| made.kind == OfferKind::Conversation) else {
            return false;
        };
        let Some(queue) = self.tenant.queue_index(&conversation.queue_id) else { return false };
        let Some(user) = self.tenant.user(&made.user_id) else { return true };
        let steps = demand::timeline(&self.tenant, queue, conversation);
        let mut reached = steps.iter().take(usize::from(conversation.ring) + 1);
        !reached.any(|step| step.demand.fits(user, &conversation.queue_id))
    }

    /// Who no longer fits, after a change of the agent or a new configuration, does not keep its offer.
    pub(crate) fn unfit(&self, _now: Millis) -> Vec<crate::Event> {
        let unfit = self.index.unfit.first().and_then(|id| self.state.offers.get(id));
        unfit.map_or_else(Vec::new, |offer| {
            self.end_offer_as(&offer.made, OfferOutcome::Rescinded, Some(OfferEndReason::NoLongerFits))
        })
    }
}
