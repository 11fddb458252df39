//! The slow way to route: a search through everything, to hold each choice against.

use super::books::{Books, Talk};
use jackfield_exchange::TenantConfig;
use jackfield_wire::{Channel, ConversationState, OfferKind, QueueId, UserId};
use std::{cmp::Reverse, collections::HashMap};

/// The configuration, arranged for looking up.
pub(crate) struct Oracle {
    config: TenantConfig,
    ageing_ms: u64,
    users: HashMap<UserId, usize>,
    queues: HashMap<QueueId, usize>,
}

impl Oracle {
    pub(crate) fn new(config: TenantConfig) -> Self {
        let users = config.users.iter().enumerate().map(|(n, user)| (user.user_id.clone(), n)).collect();
        let queues = config.queues.iter().enumerate().map(|(n, queue)| (queue.queue_id.clone(), n)).collect();
        let written = serde_json::to_value(&config).expect("a configuration can be written");
        let ageing_ms = written["ageing_ms"].as_u64().unwrap_or(0);
        Self { config, ageing_ms, users, queues }
    }

    /// Whether an agent may be asked for a conversation at all.
    fn fits(&self, user: &UserId, talk: &Talk) -> bool {
        let user_config = self.users.get(user).map(|n| &self.config.users[*n]);
        let queue = self.queues.get(&talk.queue).map(|n| &self.config.queues[*n]);
        let serves = user_config.zip(queue).is_some_and(|(user, queue)| user.serves(queue));
        // Who has just handed it over, and has its work after it still, does not get it back.
        let is_in_it = talk.parties.values().any(|party| party.user == *user);
        // Of the one agent that it is for, neither skills nor queues are asked.
        let may = talk.only.as_ref().map_or(serves, |only| only == user);
        may && !is_in_it && !talk.paused.contains(user)
    }

    /// What is served first. Each level of priority is worth so much waiting; where it is worth nothing in particular, it goes before all waiting.
    fn rank(&self, talk: &Talk) -> (Reverse<u64>, i64, u64) {
        let priority = self.queues.get(&talk.queue).map_or(0, |n| u64::from(self.config.queues[*n].priority));
        let arrived = talk.arrived as i64;
        match self.ageing_ms {
            0 => (Reverse(priority), arrived, talk.number),
            worth => (Reverse(0), arrived - (priority * worth) as i64, talk.number),
        }
    }

    /// Nobody is passed over: of all that wait and that the agent could have been asked for, none comes before the one it is asked for.
    ///
    /// # Errors
    /// Names who was passed over.
    pub(crate) fn check_offer(&self, books: &Books, user: &UserId, chosen: &Talk) -> Result<(), String> {
        if !self.ready(books, user)[usize::from(chosen.channel == Channel::Chat)] {
            return Err(format!(
                "{user} is asked for {}, at work that it may not interrupt",
                chosen.customer
            ));
        }
        if !self.fits(user, chosen) {
            return Err(format!("{user} is asked for {}, which it must not get", chosen.customer));
        }
        let rank = self.rank(chosen);
        let waits = books.talks.values().filter(|talk| talk.state == ConversationState::Queued);
        for talk in waits.filter(|talk| talk.channel == chosen.channel) {
            if self.rank(talk) < rank && self.fits(user, talk) {
                return Err(format!(
                    "{user} is asked for {}, but {} comes before",
                    chosen.customer, talk.customer
                ));
            }
        }
        Ok(())
    }

    /// Nobody waits in vain: no conversation is in line while an agent who could be asked is ready.
    ///
    /// # Errors
    /// Names both.
    pub(crate) fn check_waiting(&self, books: &Books) -> Result<(), String> {
        let ready: Vec<_> = books
            .available
            .iter()
            .map(|user| (user, self.ready(books, user)))
            .filter(|(_, r)| *r != [false; 2])
            .collect();
        for talk in books.talks.values().filter(|talk| talk.state == ConversationState::Queued) {
            let slot = usize::from(talk.channel == Channel::Chat);
            if let Some((user, _)) = ready.iter().find(|(user, ready)| ready[slot] && self.fits(user, talk)) {
                return Err(format!("{} waits while {user} is ready for it", talk.customer));
            }
        }
        Ok(())
    }

    /// Whether an available agent could be asked for a call, for a chat.
    fn ready(&self, books: &Books, user: &UserId) -> [bool; 2] {
        let Some(config) = self.users.get(user).map(|n| &self.config.users[*n]) else { return [false; 2] };
        let rings = books.rings.get(user).into_iter().flatten();
        if rings.into_iter().any(|id| books.offers[id].kind == OfferKind::Conversation) {
            return [false; 2];
        }
        let load = books.load(user);
        let rule = config.interrupted_by.as_ref().unwrap_or(&self.config.interrupted_by);
        let call = load.chat == 0 || rule.allows(Channel::Chat, Channel::Voice);
        let chat = load.voice == 0 || rule.allows(Channel::Voice, Channel::Chat);
        [call && load.voice < config.capacity.voice, chat && load.chat < config.capacity.chat]
    }

    /// Capacity is never exceeded.
    ///
    /// # Errors
    /// Names who has too much.
    pub(crate) fn check_load(&self, books: &Books, user: &UserId) -> Result<(), String> {
        let Some(config) = self.users.get(user).map(|n| &self.config.users[*n]) else { return Ok(()) };
        let load = books.load(user);
        let fits = load.voice <= config.capacity.voice && load.chat <= config.capacity.chat;
        fits.then_some(()).ok_or_else(|| format!("{user} has {load:?} and takes {:?}", config.capacity))
    }
}
