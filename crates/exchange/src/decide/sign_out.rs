//! A supervisor signs an agent out.

use super::{Caller, Facts, invalid, supervise::ordered, wrong_state};
use crate::{Event, Exchange};
use jackfield_wire::{Code, LeaveReason, Millis, SignOutReason, SupervisorOrder, UserId, WireError};

impl Exchange {
    /// Ends all sessions of an agent at once: its offers are taken back, its conversations go on without it as they do when it is lost, its wrap-ups are over.
    ///
    /// One decision, so that there is no moment in which some of its sessions are gone and offers still come to the others.
    pub(super) fn sign_out_agent(&self, caller: Caller<'_>, user_id: &UserId, now: Millis) -> Facts {
        self.supervised_agent(caller, user_id)?;
        if *user_id == caller.who.user_id {
            return Err(invalid("userId is your own; use signOut"));
        }
        let user = self.state.users.get(user_id).filter(|user| !user.sessions.is_empty());
        let user = user.ok_or_else(|| wrong_state("the agent is not signed in"))?;
        let mut events = vec![ordered(caller, SupervisorOrder::SignOut, user_id, None)];
        events.extend(self.rescind_offers(user_id, now));
        for conversation in self.state.conversations_of(user_id) {
            let parts = conversation.participant_of(user_id).into_iter();
            events.extend(parts.flat_map(|p| self.participant_gone(conversation, p, LeaveReason::Left, now)));
        }
        events.extend(user.sessions.iter().map(|session| Event::SessionClosed {
            session: session.clone(),
            user_id: user_id.clone(),
            reason: SignOutReason::Supervisor,
        }));
        Ok(events)
    }

    /// An agent of the tenant, for one who may supervise.
    pub(super) fn supervised_agent(&self, caller: Caller<'_>, user_id: &UserId) -> Result<(), WireError> {
        super::supervise::supervises(caller)?;
        if !self.is_agent(user_id) {
            let message = format!("userId names {user_id}: there is no such agent");
            return Err(WireError::new(Code::NotFound, message));
        }
        self.looks_after_agent(&caller.who.user_id, caller.who.role, user_id)
    }
}
