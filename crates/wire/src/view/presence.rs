//! Presence: what a user is up to, and what it takes.

use super::is_zero;
use crate::declare::{shape, words};
use crate::{ConversationId, Millis, OfferId, QueueId, UserId};

words! {
    /// Whether a user can be reached: the words of Microsoft Graph's `presence.availability`. Offers come to who is `available`, and to nobody else.
    Availability {
        /// Offers may come.
        Available,
        /// Working; no new offers.
        Busy,
        /// Not at the desk.
        Away,
        /// Not there.
        Offline,
        /// Was available, and its session has not said so again for five minutes; no offers.
        AvailableIdle,
        /// Busy, and nothing was heard of it for a while. Graph's word; no rule here leads to it.
        BusyIdle,
        /// Not to be disturbed; no offers.
        DoNotDisturb,
        /// Not at the desk, and back soon; no offers.
        BeRightBack,
        /// Nobody knows. Graph's word; no rule here leads to it.
        PresenceUnknown,
    }
}

words! {
    /// What a user does: the words of Microsoft Graph's `presence.activity`, and two of a contact centre (`inAConversation`, `wrapUp`). A supplement to
    /// [`Availability`].
    Activity {
        /// Nothing in particular, ready.
        Available,
        /// Busy by own choice.
        Busy,
        /// Away by own choice, or because no session gives a sign of life.
        Away,
        /// Not there.
        Offline,
        /// In a voice conversation.
        InACall,
        /// Serving chats up to the capacity.
        InAConversation,
        /// At work after a conversation.
        WrapUp,
        /// Back soon.
        BeRightBack,
        /// Not to be disturbed.
        DoNotDisturb,
        /// In a conference, as its session says.
        InAConferenceCall,
        /// Available, but its session has not said so again for five minutes.
        Inactive,
        /// In a meeting.
        InAMeeting,
        /// Appears offline by own choice.
        OffWork,
        /// Out of office.
        OutOfOffice,
        /// Nobody knows.
        PresenceUnknown,
        /// Shows something to others, as its session says.
        Presenting,
        /// Only to be disturbed for what is urgent.
        UrgentInterruptionsOnly,
    }
}

shape! {
    /// A user's presence.
    #[derive(Eq)]
    PresenceView {
        /// Whose.
        user_id: UserId,
        /// Whether the user can be reached.
        availability: Availability,
        /// What the user does.
        activity: Activity,
        /// Since when it has been so. What follows here may change without it.
        since: Millis,
        /// The tenant's reason for it, by its id; where one was given, and nothing lies above it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// What the user prefers to be, while it holds; work in hand lies above it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        preferred: Option<ChosenPresence>,
        /// What the user will be once it has no call, chat or wrap-up in hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<ChosenPresence>,
        /// What the user has to say about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status_message: Option<StatusMessage>,
        /// How much of each channel the user has in hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        capacity: Option<CapacityView>,
        /// How many of its conversations are in wrap-up.
        #[serde(default, skip_serializing_if = "is_zero")]
        wrap_ups: u32 = 0,
        /// Until when the user is offered nothing, as it did not answer an offer. Whoever sets its presence is offered something again at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offers_paused_until: Option<Millis>,
        /// The offer that it left unanswered, while it is set aside for that: away, or offered nothing until `offersPausedUntil`, by its queue's rule. It is
        /// back where it says so itself, or somebody sets its presence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unanswered: Option<Unanswered>,
    }
}

impl PresenceView {
    /// A presence with nothing more said about it.
    pub fn new(user_id: UserId, availability: Availability, activity: Activity, since: Millis) -> Self {
        Self {
            user_id,
            availability,
            activity,
            since,
            reason: None,
            preferred: None,
            next: None,
            status_message: None,
            capacity: None,
            wrap_ups: 0,
            offers_paused_until: None,
            unanswered: None,
        }
    }
}

shape! {
    /// An offer that was not answered, for which its agent is set aside.
    #[derive(Eq)]
    Unanswered {
        /// Which.
        offer_id: OfferId,
        /// What was offered.
        conversation_id: ConversationId,
        /// The queue by whose rule the agent was set aside.
        queue_id: QueueId,
        /// When its time was over.
        at: Millis,
    }
}

shape! {
    /// A presence that a user chose, or that a supervisor chose for it.
    #[derive(Eq)]
    ChosenPresence {
        /// Whether the user is to be reached.
        availability: Availability,
        /// What the user does.
        activity: Activity,
        /// Why, by the id of one of the tenant's reasons.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// When it ends by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Millis>,
    }
}

shape! {
    /// What a user has to say about its presence: Microsoft Graph's `presence.statusMessage`.
    #[derive(Eq)]
    StatusMessage {
        /// The text: plain, never HTML.
        text: String,
        /// When it ends by itself; it stays until it is cleared where this is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Millis>,
    }
}

shape! {
    /// How much of each channel an agent has in hand. Offers do not count.
    #[derive(Copy, Eq)]
    CapacityView {
        /// Calls.
        voice: ChannelLoad,
        /// Chats.
        chat: ChannelLoad,
    }
}

shape! {
    /// How much of one channel an agent has in hand.
    #[derive(Copy, Eq)]
    ChannelLoad {
        /// Conversations in hand, those in wrap-up among them.
        used: u32,
        /// How many it takes at once.
        of: u32,
    }
}

shape! {
    /// A reason of the tenant's for not being ready. Shown to agents and supervisors, never to customers.
    #[derive(Eq)]
    PresenceReason {
        /// What `setPresence` names.
        id: String,
        /// The name to show.
        name: String,
        /// The availability that goes with it.
        availability: Availability,
        /// The activity that goes with it.
        activity: Activity,
        /// How long it may last, in milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_ms: Option<u64>,
    }
}
