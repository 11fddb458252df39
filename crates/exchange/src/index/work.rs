//! What matching has to look at: where somebody came, and who became ready.

use super::{Place, market::StandIndex};
use crate::tenant::AgentIndex;
use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The work-lists of matching. At rest nothing that waits fits anybody who is ready; so a match is made only where somebody came or became ready since.
///
/// Looking through them is no change of the state: an entry that leads to nothing is dropped, and a list that is longer than it need be costs time only. Hence the
/// lock: [`Exchange::advance`](crate::Exchange::advance) changes nothing, but crosses off what it has seen. It is never contended.
#[derive(Debug, Default)]
pub(crate) struct Work(Mutex<Todo>);

/// What is to be looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Todo {
    /// Stands, each with a turn that is not later than that of the first who fits.
    pub(crate) stands: BTreeSet<(Place, StandIndex)>,
    /// Agents who became readier.
    pub(crate) agents: BTreeSet<AgentIndex>,
}

impl Work {
    pub(crate) fn todo(&self) -> MutexGuard<'_, Todo> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn todo_mut(&mut self) -> &mut Todo {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Work {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.todo().clone()))
    }
}

impl PartialEq for Work {
    /// Always: an index that was built anew has all on its lists.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
