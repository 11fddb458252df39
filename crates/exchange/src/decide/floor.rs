//! Watching the floor.

use super::{Caller, done, invalid};
use crate::{Decision, Exchange, FloorFilter, Viewer, view::supervises, waiting::WAITING};
use jackfield_wire::{Code, Outcome, QueueId, UserId, WireError, limits};
use std::collections::BTreeSet;

impl Exchange {
    pub(super) fn watch_floor(
        &self,
        caller: Caller<'_>,
        on: bool,
        queues: Option<&[QueueId]>,
        agents: Option<&[UserId]>,
    ) -> Result<Decision, WireError> {
        let mut viewer = Viewer {
            user_id: caller.who.user_id.clone(),
            session: caller.session.clone(),
            role: caller.who.role,
            watches_floor: on,
            floor_filter: FloorFilter::default(),
            watched: BTreeSet::new(),
        };
        viewer.floor_filter = self.check_floor(&viewer, queues, agents)?;
        let outcome = self.floor_of(&viewer).map_or(Outcome::Done, |floor| Outcome::Floor { floor });
        Ok(Decision { outcome, ..done(Vec::new()) })
    }

    /// Who waits in a queue that the caller watches over.
    pub(super) fn fetch_waiting(
        &self,
        caller: Caller<'_>,
        queue_id: &QueueId,
        limit: Option<u32>,
    ) -> Result<Decision, WireError> {
        if !supervises(caller.who.role) {
            return Err(WireError::new(Code::NotAllowed, "only supervisors see who waits"));
        }
        let viewer = Viewer {
            user_id: caller.who.user_id.clone(),
            session: caller.session.clone(),
            role: caller.who.role,
            watches_floor: true,
            floor_filter: FloorFilter::default(),
            watched: BTreeSet::new(),
        };
        self.check_floor(&viewer, Some(std::slice::from_ref(queue_id)), None)?;
        let queue = self.tenant.queue_index(queue_id).ok_or(Code::NotFound)?;
        let most = limits::WAITING;
        if limit.is_some_and(|limit| limit == 0 || limit > most) {
            return Err(invalid(format!("limit is out of range; ask for 1 to {most}")));
        }
        let outcome = self.waiting(queue, limit.unwrap_or(WAITING));
        Ok(Decision { outcome, ..done(Vec::new()) })
    }

    /// Whether a viewer may watch what it names.
    ///
    /// # Errors
    /// `notAllowed` for customers, `invalidField` for lists that are too long, `notFound` for what there is not or what the viewer may not see.
    pub(crate) fn check_floor(
        &self,
        viewer: &Viewer,
        queues: Option<&[QueueId]>,
        agents: Option<&[UserId]>,
    ) -> Result<FloorFilter, WireError> {
        let most = limits::WATCHED_USERS;
        for (field, length) in
            [("queueIds", queues.map_or(0, <[_]>::len)), ("agentIds", agents.map_or(0, <[_]>::len))]
        {
            if length > most {
                return Err(invalid(format!(
                    "{field} names {length}; name at most {most}, or leave it out for all"
                )));
            }
        }
        let message = "customers do not watch the floor";
        let may = self.floor_scope(viewer).ok_or_else(|| WireError::new(Code::NotAllowed, message))?;
        let strange = |field: &str, id: &str| {
            WireError::new(Code::NotFound, format!("{field} names {id}: there is none"))
        };
        let queue_seen = |id: &QueueId| may.may_see_queue(id) && self.tenant.queue_index(id).is_some();
        if let Some(id) = queues.into_iter().flatten().find(|id| !queue_seen(id)) {
            return Err(strange("queueIds", id.as_str()));
        }
        let agent_seen = |id: &UserId| may.may_see_agent(id) && self.is_agent(id);
        if let Some(id) = agents.into_iter().flatten().find(|id| !agent_seen(id)) {
            return Err(strange("agentIds", id.as_str()));
        }
        let (queues, agents) = (
            queues.map(|ids| ids.iter().cloned().collect()),
            agents.map(|ids| ids.iter().cloned().collect()),
        );
        Ok(FloorFilter { queues, agents })
    }
}
