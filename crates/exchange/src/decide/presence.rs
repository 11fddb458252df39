//! What users wish to be, and whose presence or which figures they watch.

use super::{Caller, Facts, done, invalid};
use crate::{Decision, Event, Exchange};
use jackfield_wire::{Availability, Code, OfferKind, OfferOutcome, Outcome, Role, UserId, WireError, limits};

impl Exchange {
    pub(super) fn wish(&self, caller: Caller<'_>, availability: Availability) -> Facts {
        let user_id = &caller.who.user_id;
        if !matches!(caller.who.role, Role::Agent | Role::Supervisor) {
            let message = "only agents and supervisors have a presence to set";
            return Err(WireError::new(Code::NotAllowed, message));
        }
        if self.state.users.get(user_id).is_some_and(|u| u.wish == availability) {
            return Ok(Vec::new());
        }
        let mut events = vec![Event::PresenceWished { user_id: user_id.clone(), availability }];
        if availability != Availability::Available {
            // Who is not to be rung for new conversations stops ringing. A customer of its own who asks to talk may go on asking.
            let offers = self.state.offers_of(user_id).filter(|o| o.made.kind == OfferKind::Conversation);
            events.extend(offers.flat_map(|o| self.end_offer_as(&o.made, OfferOutcome::Rescinded)));
        }
        Ok(events)
    }

    pub(super) fn watch_floor(&self, caller: Caller<'_>, on: bool) -> Result<Decision, WireError> {
        if !matches!(caller.who.role, Role::Supervisor | Role::Admin) {
            return Err(WireError::new(Code::NotAllowed, "only supervisors can watch the floor"));
        }
        let outcome = if on { Outcome::Floor { floor: self.floor() } } else { Outcome::Done };
        Ok(Decision { events: Vec::new(), outcome })
    }

    pub(super) fn watch_presence(
        &self,
        caller: Caller<'_>,
        user_ids: &[UserId],
    ) -> Result<Decision, WireError> {
        if caller.who.role == Role::Customer {
            return Err(WireError::new(Code::NotAllowed, "customers can't watch presence"));
        }
        if user_ids.len() > limits::WATCHED_USERS {
            let most = limits::WATCHED_USERS;
            return Err(invalid(format!("userIds names {} users; name at most {most}", user_ids.len())));
        }
        if user_ids.iter().any(|id| self.tenant.user(id).is_none()) {
            return Err(Code::NotFound.into());
        }
        let presence = user_ids.iter().map(|id| self.presence_view(id)).collect();
        Ok(Decision { outcome: Outcome::Presence { presence }, ..done(Vec::new()) })
    }
}
