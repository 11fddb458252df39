//! How much an agent has to do, and what its presence is by that.

use crate::{
    Exchange, InterruptedBy, UserConfig,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Activity, Availability, Channel, ConversationState, OfferKind, Part, PendingKind, UserId,
};

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

/// What follows for an agent from its sessions, its work and what was chosen: its presence, as Microsoft Graph has it, and whether offers may come.
///
/// The first line that fits holds:
///
/// ```text
///   no session                        → offline,     offline
///   no session gives a sign of life   → away,        away
///   in a call                         → busy,        inACall
///   wrap-up of a call                 → busy,        wrapUp
///   chats up to the capacity          → busy,        inAConversation (wrapUp, where one of them is in wrap-up)
///   wrap-up of a chat, room for more  → (chosen),    wrapUp
///   a presence is preferred           → as preferred
///   sessions say something            → the strongest of what the sessions say that give signs of life:
///                                       doNotDisturb > busy > busyIdle > available > availableIdle > beRightBack > away > offline
///   else                              → away,        away
/// ```
///
/// What is chosen lies under the work: who prefers to be away during a call is away after it. It comes and goes so:
///
/// ```text
///   preferred   (none) ──setPresence──▶ holds ──time over, clearPresence──▶ (none)
///                  │                      ▲  │ the last session ends: available ends with it, the others wait for the next sign-in
///                  │ afterWork, with work in hand
///                  ▼                      │
///               next: no offers meanwhile ┘ the last call, chat and wrap-up is done
///                  └── setPresence, clearPresence, the last session ends ──▶ (none)
///
///   a session   (none) ──setSessionPresence──▶ available ─5 min─▶ availableIdle ─5 min─▶ away
///                  ▲                              │    said again: from the start   │      │
///                  └── time over, session ends ───┴─────────────────────────────────┴──────┘
///               busy, doNotDisturb and away do not fade
/// ```
///
/// Offers come to who has chosen to be *available* (its work may show it busy), has room on the channel, is at no work that the channel may not interrupt, has no offer open, has not asked for a break after its work and has not just left an offer unanswered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) availability: Availability,
    pub(crate) activity: Activity,
    /// Whether a conversation can be offered by voice, by chat.
    pub(crate) ready: [bool; 2],
    /// How much it has on its hands, open offers included.
    pub(crate) load: u32,
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
        self.load_with(user_id, &self.work(user_id))
    }

    fn load_with(&self, user_id: &UserId, work: &Work) -> Load {
        let mut load = work.load;
        for offer in self.state.offers_of(user_id) {
            load.add(offer.made.channel);
        }
        // Who asks its customer to talk keeps a place for the call, as an offer does.
        let asks = |c: &&Conversation| {
            let by = c.pending.as_ref().filter(|p| p.kind == PendingKind::Voice).map(|p| &p.by);
            by.and_then(|by| c.participant(by)).is_some_and(|agent| agent.user_id == *user_id)
        };
        self.state.conversations_of(user_id).filter(asks).for_each(|_| load.add(Channel::Voice));
        load
    }

    /// The standing of a user of the configuration. `None` for customers and for who never had a session.
    pub(crate) fn standing(&self, user_id: &UserId) -> Option<Standing> {
        let config = self.tenant.user(user_id)?;
        let user = self.state.users.get(user_id)?;
        let work = self.work(user_id);
        let (availability, activity) = self.shown_as(user_id, user, config, &work);
        // Work makes busy, but what was chosen counts: a call may interrupt chats, even as many as the agent takes.
        let chosen = self.chosen_availability(user_id) == Availability::Available;
        let may_be_offered = chosen && self.may_be_offered(user_id);
        let load = self.load_with(user_id, &work);
        let hands = Hands { load, in_call: work.in_call };
        let ready =
            |channel| may_be_offered && hands.take(channel, config, self.tenant.interrupted_by(config));
        let ready = [ready(Channel::Voice), ready(Channel::Chat)];
        Some(Standing { availability, activity, ready, load: load.voice + load.chat })
    }

    /// Whether an agent has room for a conversation with these channels, beside all that it has and is offered.
    pub(crate) fn has_room(&self, user_id: &UserId, channels: &[Channel]) -> bool {
        let capacity = self.tenant.user(user_id).map(|u| u.capacity).unwrap_or_default();
        let load = self.load(user_id);
        channels.iter().all(|&channel| load.of(channel) < capacity.of(channel))
    }

    /// Whether a conversation with these channels interrupts nothing that an agent has in hand and that it may not.
    pub(crate) fn may_interrupt(&self, user_id: &UserId, channels: &[Channel]) -> bool {
        let Some(config) = self.tenant.user(user_id) else { return false };
        let work = self.work(user_id);
        let hands = Hands { load: self.load_with(user_id, &work), in_call: work.in_call };
        channels.iter().all(|&channel| hands.let_in(channel, self.tenant.interrupted_by(config)))
    }

    /// Whether offers may come as far as the presence goes, and no break is waited for.
    pub(crate) fn is_available(&self, user_id: &UserId) -> bool {
        self.chosen_availability(user_id) == Availability::Available && !self.waits_for_break(user_id)
    }

    /// One conversation at a time is proposed to an agent, and only where it can see it.
    fn may_be_offered(&self, user_id: &UserId) -> bool {
        self.state.can_take_offers(user_id, None)
            && !self.waits_for_break(user_id)
            && self.state.users.get(user_id).is_none_or(|user| user.paused_until.is_none())
            && !self.state.offers_of(user_id).any(|o| o.made.kind == OfferKind::Conversation)
    }

    pub(crate) fn work(&self, user_id: &UserId) -> Work {
        let mut work = Work::default();
        for conversation in self.state.conversations_of(user_id) {
            let Some(agent) = conversation.participant_of(user_id) else { continue };
            if agent.seat.part == Part::Monitor {
                // Who monitors takes no customer's place; but it has only one pair of ears.
                work.in_call |= agent.leg.is_some();
                continue;
            }
            let wrap_up = agent.is_wrapping();
            if conversation.state == ConversationState::Parked && !wrap_up {
                // What is parked leaves its agent free for others.
                continue;
            }
            let by_voice = conversation.channel == Channel::Voice;
            work.load.add_conversation(conversation, agent);
            work.in_call |= !wrap_up && (by_voice || agent.leg.is_some());
            work.wrap_ups += u32::from(wrap_up);
            work.in_hand = true;
            work.call_wrap_up |= wrap_up && by_voice;
        }
        work
    }
}

/// What an agent has on its hands, offers included, and whether it hears a call, be it only as a monitor.
#[derive(Debug, Clone, Copy)]
struct Hands {
    load: Load,
    in_call: bool,
}

impl Hands {
    fn is_at(self, channel: Channel) -> bool {
        self.load.of(channel) > 0 || (channel == Channel::Voice && self.in_call)
    }

    fn take(self, channel: Channel, config: &UserConfig, rule: &InterruptedBy) -> bool {
        let hears = channel == Channel::Voice && self.in_call;
        !hears && self.load.of(channel) < config.capacity.of(channel) && self.let_in(channel, rule)
    }

    fn let_in(self, channel: Channel, rule: &InterruptedBy) -> bool {
        let mut others = Channel::ALL.iter().filter(|other| **other != channel);
        others.all(|other| !self.is_at(*other) || rule.allows(*other, channel))
    }
}

/// What an agent has in hand.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// Conversations only, no offers: an offer does not change a presence.
    pub(crate) load: Load,
    pub(crate) in_call: bool,
    /// How many of them are in wrap-up.
    pub(crate) wrap_ups: u32,
    pub(crate) call_wrap_up: bool,
    /// Anything at all.
    pub(crate) in_hand: bool,
}
