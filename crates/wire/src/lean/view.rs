//! The parts of a snapshot as a client works with them.

use super::{Json, Members};
use crate::declare::lean;
use crate::json::{Reader, Wrong};
use crate::read::Read;
use crate::{CommandId, ConversationId, Millis, OfferId, ParticipantId, SessionId, UserId};

lean! {
    /// The session's own user.
    User {
        /// Who.
        keep user_id: UserId,
        /// The name to show.
        keep name: String,
        /// The role of this session.
        keep role: String,
    }
}

lean! {
    /// A user's presence.
    Presence {
        /// Whose.
        keep user_id: UserId,
    }
}

lean! {
    /// A participant's voice connection.
    Leg {
        /// The session whose audio it is.
        keep session_id: SessionId,
        /// Heard by nobody, but hears.
        keep muted: bool = false,
    }
}

lean! {
    /// A party in a conversation.
    Participant {
        /// Which, within its conversation.
        keep participant_id: ParticipantId,
        /// The user behind it, where it is one of the tenant.
        keep user_id: Option<UserId>,
        /// What it is in this conversation.
        keep role: String,
        /// Its voice connection, while it has one.
        keep voice: Option<Leg>,
        /// The number of the last message that reached it.
        take delivered: u64 = 0,
        /// The number of the last message it has read.
        take read: u64 = 0,
    }
}

impl Participant {
    /// Whether it is who asked for help.
    pub fn is_customer(&self) -> bool {
        self.role == "customer"
    }

    /// Writes its members.
    pub fn write(&self, json: &mut Json) {
        json.members(&self.rest).whole("delivered", self.delivered).whole("read", self.read);
    }

    /// All of it.
    pub fn json(&self) -> String {
        let mut json = Json::new();
        self.write(&mut json);
        json.end()
    }
}

lean! {
    /// A chat message.
    Message {
        /// Its place in the conversation: 1, 2, 3 …
        take number: u64,
        /// The command that sent it.
        take command_id: CommandId,
        /// Who wrote it.
        take participant_id: ParticipantId,
        /// The writer's name at that time.
        take name: String,
        /// The writer's role.
        take role: String,
        /// When the gateway took it.
        take at: Millis,
        /// Who may read it.
        take visibility: String,
        /// What it says.
        take text: String,
    }
}

lean! {
    /// A conversation proposed to one agent.
    Offer {
        /// Which.
        keep offer_id: OfferId,
        /// The conversation it proposes.
        keep conversation_id: ConversationId,
        /// Why it is made.
        keep kind: String,
        /// When it ends by itself.
        keep expires_at: Option<Millis>,
    }
}

lean! {
    /// A conversation, as one of its viewers sees it.
    Conversation {
        /// Which.
        keep conversation_id: ConversationId,
        /// Where it stands.
        take state: String,
        /// Since when it has stood there.
        take state_since: Millis,
        /// The parties in it now.
        take participants: Vec<Participant>,
        /// The customer's wish to talk, while an agent is asked for it.
        take voice_requested: bool = false,
        /// The place in line, 1 being next.
        take position: Option<u32>,
        /// The number of the newest message the viewer may see.
        take last_message: u64 = 0,
        /// The newest messages, oldest first.
        take messages: Vec<Message> = Vec::new(),
    }
}

/// A line of the floor, by its id: a queue's figures, or an agent's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Of which queue or agent.
    pub id: String,
    /// The line, as JSON.
    pub text: String,
}

impl Row {
    /// Reads lines that have their id by this name.
    pub(crate) fn list(from: &mut Reader<'_>, id: &str) -> Result<Vec<Self>, Wrong> {
        let mut rows = Vec::new();
        from.array(&mut |from| {
            let text = from.ahead().raw()?.to_owned();
            let mut found = None;
            from.members(&mut |from, key| {
                if key == id { from.text().map(|text| found = Some(text.into_owned())) } else { from.skip() }
            })?;
            rows.push(Self { id: found.ok_or_else(|| from.missing(id))?, text });
            Ok(())
        })?;
        Ok(rows)
    }

    /// The lines of a member; none where it is not there.
    pub fn of(members: &Members, key: &str, id: &str) -> Vec<Self> {
        members.get(key).and_then(|text| Self::list(&mut Reader::new(text), id).ok()).unwrap_or_default()
    }
}

/// Queues and agents, for who watches over them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Floor {
    /// The queues.
    pub queues: Vec<Row>,
    /// The agents.
    pub agents: Vec<Row>,
    /// All its other members.
    pub rest: Members,
}

impl Floor {
    /// The queues and agents that these members hold, as `queues` and `agents`.
    pub fn of(members: &Members) -> Self {
        let mut rest = members.clone();
        rest.set("queues", None);
        rest.set("agents", None);
        Self {
            queues: Row::of(members, "queues", "queueId"),
            agents: Row::of(members, "agents", "userId"),
            rest,
        }
    }

    /// All of it.
    pub fn json(&self) -> String {
        let texts = |rows: &[Row]| rows.iter().map(|row| row.text.clone()).collect::<Vec<_>>();
        let mut json = Json::new();
        json.members(&self.rest).list("queues", &texts(&self.queues)).list("agents", &texts(&self.agents));
        json.end()
    }
}

impl Read for Floor {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        let mut members = Members::default();
        from.keeping(&[], (0, &mut members), &mut |from, _| from.skip())?;
        Ok(Self::of(&members))
    }
}

lean! {
    /// All that a session sees, at one moment.
    Snapshot {
        /// The session's own user.
        take user: User,
        /// Its presence.
        take presence: Presence,
        /// The offers open to it.
        take offers: Vec<Offer>,
        /// The conversations it takes part in.
        take conversations: Vec<Conversation>,
        /// The presence it watches.
        take watched: Vec<Presence> = Vec::new(),
        /// The floor, where it watches that.
        take floor: Option<Floor>,
    }
}
