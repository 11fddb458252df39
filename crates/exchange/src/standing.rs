//! How much an agent has to do, and what its presence is by that.

use crate::{
    Exchange,
    state::{Conversation, Participant, User},
};
use jackfield_wire::{Activity, Availability, Channel, ConversationState, OfferKind, UserId};

/// What an agent has on its hands, by channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) voice: u32,
    pub(crate) chat: u32,
}

impl Load {
    pub(crate) fn of(self, channel: Channel) -> u32 {
        match channel {
            Channel::Voice => self.voice,
            Channel::Chat => self.chat,
        }
    }

    fn add(&mut self, channel: Channel) {
        match channel {
            Channel::Voice => self.voice += 1,
            Channel::Chat => self.chat += 1,
        }
    }

    /// Counts a conversation in. A chat that became a call takes room on both channels; wrap-up keeps the room of its channel.
    fn add_conversation(&mut self, conversation: &Conversation, agent: &Participant) {
        self.add(conversation.channel);
        if conversation.channel == Channel::Chat && agent.leg.is_some() {
            self.add(Channel::Voice);
        }
    }
}

/// What follows for an agent from its wish, its sessions and its work.
///
/// ```text
///   no session                      → offline, offline
///   no session gives a sign of life → away,    away
///   in a call                       → busy,    inACall
///   wrap-up of a call               → busy,    wrapUp
///   chats up to the capacity        → busy,    inAConversation (wrapUp, where one of them is in wrap-up)
///   wrap-up of a chat, room for more→ (wish),  wrapUp
///   else                            → (wish),  (wish)
/// ```
///
/// The wish lies under all of it: who wishes to be away during a call is away after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) availability: Availability,
    pub(crate) activity: Activity,
    /// Whether a conversation can be offered by voice, by chat.
    pub(crate) ready: [bool; 2],
}

/// The place of a channel in an array of two.
pub(crate) fn slot(channel: Channel) -> usize {
    match channel {
        Channel::Voice => 0,
        Channel::Chat => 1,
    }
}

impl Exchange {
    /// What an agent has on its hands, open offers included.
    pub(crate) fn load(&self, user_id: &UserId) -> Load {
        let mut load = self.work(user_id).load;
        for offer in self.state.offers_of(user_id) {
            load.add(offer.made.channel);
        }
        load
    }

    /// The standing of a user of the configuration. `None` for customers and for who never had a session.
    pub(crate) fn standing(&self, user_id: &UserId) -> Option<Standing> {
        let config = self.tenant.user(user_id)?;
        let user = self.state.users.get(user_id)?;
        let work = self.work(user_id);
        let chats_full = work.load.chat > 0 && work.load.chat >= config.capacity.chat;
        let (availability, activity) = self.presence(user_id, user, &work, chats_full);
        let ready = availability == Availability::Available && self.may_be_offered(user_id);
        let load = self.load(user_id);
        let ready = [ready && load.voice < config.capacity.voice, ready && load.chat < config.capacity.chat];
        Some(Standing { availability, activity, ready })
    }

    fn presence(
        &self,
        user_id: &UserId,
        user: &User,
        work: &Work,
        chats_full: bool,
    ) -> (Availability, Activity) {
        if user.sessions.is_empty() {
            return (Availability::Offline, Activity::Offline);
        }
        if !self.state.is_live(user_id) {
            return (Availability::Away, Activity::Away);
        }
        let busy = work.in_call || work.call_wrap_up || chats_full;
        let availability = if busy { Availability::Busy } else { user.wish };
        let activity = match user.wish {
            _ if work.in_call => Activity::InACall,
            _ if work.wrap_up => Activity::WrapUp,
            _ if chats_full => Activity::InAConversation,
            Availability::Available => Activity::Available,
            Availability::Busy => Activity::Busy,
            Availability::Away => Activity::Away,
            Availability::Offline => Activity::Offline,
        };
        (availability, activity)
    }

    /// One conversation at a time is proposed to an agent, and only where it can see it.
    fn may_be_offered(&self, user_id: &UserId) -> bool {
        self.state.can_take_offers(user_id, None)
            && !self.state.offers_of(user_id).any(|o| o.made.kind == OfferKind::Conversation)
    }

    fn work(&self, user_id: &UserId) -> Work {
        let mut work = Work::default();
        for conversation in self.state.conversations_of(user_id) {
            let Some(agent) = conversation.participant_of(user_id) else { continue };
            let by_voice = conversation.channel == Channel::Voice;
            let wrap_up = conversation.state == ConversationState::WrapUp;
            work.load.add_conversation(conversation, agent);
            work.in_call |= !wrap_up && (by_voice || agent.leg.is_some());
            work.wrap_up |= wrap_up;
            work.call_wrap_up |= wrap_up && by_voice;
        }
        work
    }
}

#[derive(Debug, Default)]
struct Work {
    /// Conversations only, no offers: an offer does not change a presence.
    load: Load,
    in_call: bool,
    wrap_up: bool,
    call_wrap_up: bool,
}
