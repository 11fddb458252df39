//! The parties of a conversation.

use crate::{Identity, Progress, Seat};
use jackfield_wire::{Millis, Part, ParticipantId, QueueId, Role, SessionId, Side, UserId};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct as _};

/// An agent's work after its part in a conversation.
///
/// ```text
///  in the conversation ──▶ wrap-up ⟲ extended ──▶ gone: finished, or its time is over
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrapUp {
    pub(crate) since: Millis,
    pub(crate) until: Millis,
    pub(crate) extensions: u8,
    /// Where the conversation went on without it: the newest message that it may see. What is written afterwards is not for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_message: Option<u64>,
    /// The queue that it served: what the work asks for is that queue's, wherever the conversation is by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) queue_id: Option<QueueId>,
    /// How far it came with a customer whom it called in vain and who is called again. Who calls next is none of its business.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) called: Option<Box<Progress>>,
}

impl WrapUp {
    pub(crate) fn new(since: Millis, until: Millis, last_message: Option<u64>, queue_id: &QueueId) -> Self {
        Self { since, until, extensions: 0, last_message, queue_id: Some(queue_id.clone()), called: None }
    }
}

/// A party in a conversation.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Participant {
    pub(crate) participant_id: ParticipantId,
    pub(crate) user_id: UserId,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) joined_at: Millis,
    pub(crate) leg: Option<Leg>,
    pub(crate) delivered: Mark,
    pub(crate) read: Mark,
    #[serde(default)]
    pub(crate) seat: Seat,
    #[serde(default)]
    pub(crate) wrap_up: Option<WrapUp>,
    /// A telephone number that rings and has not answered yet.
    #[serde(default)]
    pub(crate) dialing: bool,
}

/// How far messages came with a participant.
///
/// A mark may stand on an internal note, whose number customers never see: they are told the last message of theirs before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mark {
    pub(crate) number: u64,
    pub(crate) public: u64,
}

impl Mark {
    pub(crate) fn new(number: u64, last_public: u64) -> Self {
        Self { number, public: number.min(last_public) }
    }

    pub(crate) fn for_viewer(self, viewer: &Participant) -> u64 {
        if viewer.is_outsider() { self.public } else { self.number }
    }
}

/// A participant's voice connection.
///
/// ```text
///          VoiceJoined (another session)
///             ┌────┐
///   (none) ──▶│ up │◀──▶ held     held and muted are independent:
///      ▲      │    │◀──▶ muted    held hears nobody and is heard by nobody, muted is heard by nobody
///      └──────┴────┘
///       VoiceLeft
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Leg {
    pub(crate) session: SessionId,
    pub(crate) since: Millis,
    pub(crate) held: bool,
    pub(crate) muted: bool,
}

impl Leg {
    pub(crate) fn new(session: SessionId, since: Millis) -> Self {
        Self { session, since, held: false, muted: false }
    }
}

impl Serialize for Participant {
    /// Without the name, where it is a customer's or a telephone number.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct(
            "Participant",
            8 + usize::from(!self.is_outsider())
                + usize::from(self.is_wrapping())
                + usize::from(self.dialing),
        )?;
        fields.serialize_field("participantId", &self.participant_id)?;
        fields.serialize_field("userId", &self.user_id)?;
        if !self.is_outsider() {
            fields.serialize_field("name", &self.name)?;
        }
        fields.serialize_field("role", &self.role)?;
        fields.serialize_field("joinedAt", &self.joined_at)?;
        fields.serialize_field("leg", &self.leg)?;
        fields.serialize_field("delivered", &self.delivered)?;
        fields.serialize_field("read", &self.read)?;
        fields.serialize_field("seat", &self.seat)?;
        if let Some(wrap_up) = &self.wrap_up {
            fields.serialize_field("wrapUp", wrap_up)?;
        }
        if self.dialing {
            fields.serialize_field("dialing", &true)?;
        }
        fields.end()
    }
}

impl Participant {
    pub(crate) fn new(
        participant_id: ParticipantId,
        who: &Identity,
        seat: Seat,
        voice: Option<SessionId>,
        at: Millis,
    ) -> Self {
        Self {
            participant_id,
            user_id: who.user_id.clone(),
            name: who.name.clone(),
            role: who.role,
            joined_at: at,
            leg: voice.map(|session| Leg::new(session, at)),
            delivered: Mark::default(),
            read: Mark::default(),
            seat,
            wrap_up: None,
            dialing: false,
        }
    }

    /// Whether it has left the conversation, and is at the work after its part.
    pub(crate) fn is_wrapping(&self) -> bool {
        self.wrap_up.is_some()
    }

    /// The queue whose work after a part it does.
    pub(crate) fn served_queue(&self) -> Option<&QueueId> {
        self.wrap_up.as_ref()?.queue_id.as_ref()
    }

    /// Nobody is served any more by who begins the work after its part.
    pub(crate) fn begin_wrap_up(&mut self, wrap_up: WrapUp) {
        self.seat = Seat { side: Side::Main, ..self.seat.clone() }.without_ownership();
        self.wrap_up = Some(wrap_up);
    }

    /// Whether it serves the customer, or did and is at the work after it.
    pub(crate) fn is_agent(&self) -> bool {
        self.seat.part == Part::Agent
    }

    pub(crate) fn is_customer(&self) -> bool {
        self.seat.part == Part::Customer
    }

    pub(crate) fn is_external(&self) -> bool {
        self.seat.part == Part::External
    }

    /// Whether it is asked for advice, and has come: a colleague, or a telephone number that answered.
    pub(crate) fn is_consulted(&self) -> bool {
        let outside = self.is_external() && self.seat.side == Side::Consult && !self.dialing;
        outside || self.seat.part == Part::Consulted
    }
}
