//! A contact centre under test: it applies, settles and tells as the switchboard does, and keeps the journal.

use super::follower::Follower;
use crate::{Audience, Event, Exchange, FloorDelta, FloorFilter, Identity, Order, TenantConfig, Viewer};
use jackfield_wire::{
    Availability, Channel, Code, Command, CommandId, ConversationId, Millis, OfferId, OfferOutcome, Outcome,
    ParticipantId, QueueId, Role, ServerEvent, SessionId, SignOutReason, UserId, WireError,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn session(id: &str) -> SessionId {
    SessionId::parse(id).unwrap()
}

pub(super) fn user(id: &str) -> UserId {
    UserId::parse(id).unwrap()
}

pub(super) fn queue(id: &str) -> QueueId {
    QueueId::parse(id).unwrap()
}

pub(super) fn conversation(n: u64) -> ConversationId {
    ConversationId::numbered('c', n)
}

pub(super) fn offer(n: u64) -> OfferId {
    OfferId::numbered('o', n)
}

pub(super) fn participant(n: u64) -> ParticipantId {
    ParticipantId::numbered('p', n)
}

/// Two queues, three agents, a supervisor who also works as an agent and one who does not. Only mina and zoe speak French.
pub(super) fn config() -> Value {
    json!({
        "tenant_id": "contoso", "name": "Contoso",
        "reasons": [
            { "id": "lunch", "name": "Lunch", "availability": "away", "max_ms": 3_600_000 },
            { "id": "training", "name": "Training", "availability": "busy", "activity": "inAMeeting" },
        ],
        "queues": [
            { "queue_id": "help", "name": "Help", "dispositions": [{ "id": "solved", "name": "Solved" }] },
            { "queue_id": "vip", "name": "VIP", "priority": 9, "skills": { "french": 5 } },
        ],
        "users": [
            { "user_id": "mina", "name": "Mina", "skills": { "french": 7 } },
            { "user_id": "otto", "name": "Otto", "skills": { "french": 4 } },
            { "user_id": "zoe", "name": "Zoe", "skills": { "french": 10 }, "queues": ["vip"] },
            { "user_id": "sue", "name": "Sue", "roles": ["supervisor", "agent"], "queues": ["help"] },
            { "user_id": "bea", "name": "Bea", "roles": ["supervisor"] },
        ],
    })
}

/// The centre.
#[derive(Clone)]
pub(super) struct Centre {
    pub(super) exchange: Exchange,
    pub(super) now: Millis,
    pub(super) journal: Vec<(Millis, Event)>,
    /// What each session was told, since it was looked at last.
    pub(super) told: BTreeMap<SessionId, Vec<ServerEvent>>,
    /// Each session's own idea of how things stand, made of what it was told.
    pub(super) followers: BTreeMap<SessionId, Follower>,
    pub(super) viewers: BTreeMap<SessionId, Viewer>,
    commands: u64,
}

impl Centre {
    pub(super) fn new() -> Self {
        Self::with(config())
    }

    pub(super) fn with(config: Value) -> Self {
        let config: TenantConfig = serde_json::from_value(config).unwrap();
        assert_eq!(config.check(), Ok(()));
        Self {
            exchange: Exchange::new(config),
            now: 1_000_000,
            journal: Vec::new(),
            told: BTreeMap::new(),
            followers: BTreeMap::new(),
            viewers: BTreeMap::new(),
            commands: 0,
        }
    }

    /// Opens a session named like its user and a number, as in `mina1`.
    pub(super) fn sign_in(&mut self, id: &str, role: Role) {
        let user_id = user(id.trim_end_matches(|c: char| c.is_ascii_digit()));
        let name = user_id.to_string();
        let who = Identity::new(user_id.clone(), name, role);
        let opened = self.order(&Order::OpenSession { session: session(id), who });
        assert_eq!(opened, Ok(Outcome::Done), "{id}");
        let watched = if role == Role::Customer {
            BTreeSet::new()
        } else {
            ["mina", "otto", "zoe"].into_iter().map(user).collect()
        };
        let watches_floor = role == Role::Supervisor;
        let floor_filter = FloorFilter::default();
        let viewer = Viewer { user_id, session: session(id), role, watches_floor, floor_filter, watched };
        let seen = self.exchange.snapshot(&viewer, self.now);
        self.followers.insert(session(id), Follower::new(seen));
        self.viewers.insert(session(id), viewer);
    }

    /// An agent who signs in and is available.
    pub(super) fn agent(&mut self, id: &str) {
        self.sign_in(id, Role::Agent);
        self.done(id, Command::presence(Availability::Available));
    }

    pub(super) fn customer(&mut self, id: &str) {
        self.sign_in(id, Role::Customer);
    }

    /// A customer who signs in and asks for help.
    pub(super) fn caller(&mut self, id: &str, queue_id: &str, channel: Channel) -> ConversationId {
        self.customer(id);
        self.start(id, queue_id, channel)
    }

    pub(super) fn start(&mut self, id: &str, queue_id: &str, channel: Channel) -> ConversationId {
        let attributes = BTreeMap::from([("canary".to_owned(), format!("canary-of-{id}").into())]);
        let queue_id = queue(queue_id);
        let command =
            Command::StartConversation { queue_id: Some(queue_id), channel, subject: None, attributes };
        match self.ask(id, command) {
            Ok(Outcome::ConversationStarted { conversation_id }) => conversation_id,
            other => panic!("{other:?}"),
        }
    }

    /// Accepts the offer that is open to the session's user.
    pub(super) fn accept(&mut self, id: &str) {
        let offer_id = self.offer_to(id).unwrap_or_else(|| panic!("no offer to {id}"));
        let answer = self.ask(id, Command::AcceptOffer { offer_id });
        assert!(matches!(answer, Ok(Outcome::OfferAccepted { .. })), "{answer:?}");
    }

    /// The offer that a session sees.
    pub(super) fn offer_to(&self, id: &str) -> Option<OfferId> {
        self.snapshot(id).offers.first().map(|o| o.offer_id.clone())
    }

    pub(super) fn snapshot(&self, id: &str) -> jackfield_wire::SnapshotView {
        self.exchange.snapshot(&self.viewers[&session(id)], self.now)
    }

    /// The conversation as a session sees it.
    pub(super) fn seen(&self, id: &str, n: u64) -> Option<jackfield_wire::ConversationView> {
        self.snapshot(id).conversations.into_iter().find(|c| c.conversation_id == conversation(n))
    }

    pub(super) fn done(&mut self, id: &str, command: Command) {
        assert_eq!(self.ask(id, command), Ok(Outcome::Done));
    }

    pub(super) fn refused(&mut self, id: &str, command: Command, code: Code) {
        let answer = self.ask(id, command.clone()).unwrap_err();
        assert_eq!(answer.code, code, "{command:?}: {answer}");
        assert!(!answer.message.is_empty());
    }

    pub(super) fn ask(&mut self, id: &str, command: Command) -> Result<Outcome, WireError> {
        self.commands += 1;
        let command_id = CommandId::numbered('k', self.commands);
        self.order(&Order::Do { session: session(id), id: command_id, command })
    }

    pub(super) fn away(&mut self, id: &str) {
        assert_eq!(self.order(&Order::SessionAway { session: session(id) }), Ok(Outcome::Done));
    }

    pub(super) fn back(&mut self, id: &str) {
        assert_eq!(self.order(&Order::SessionBack { session: session(id) }), Ok(Outcome::Done));
    }

    pub(super) fn close(&mut self, id: &str, reason: SignOutReason) {
        assert_eq!(self.order(&Order::CloseSession { session: session(id), reason }), Ok(Outcome::Done));
    }

    pub(super) fn order(&mut self, order: &Order) -> Result<Outcome, WireError> {
        let decision = self.exchange.decide(order, self.now)?;
        decision.events.iter().for_each(|event| self.happen(event));
        self.settle();
        Ok(decision.outcome)
    }

    /// Lets time pass, with everything that falls due on the way.
    pub(super) fn pass(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(at) = self.exchange.deadline().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.settle();
        }
        self.now = until;
        self.settle();
    }

    pub(super) fn settle(&mut self) {
        for _ in 0..1_000 {
            let events = self.exchange.advance(self.now);
            if events.is_empty() {
                return;
            }
            events.iter().for_each(|event| self.happen(event));
        }
        panic!("it never settles");
    }

    /// A fact as if somebody had decided on it, with what follows.
    pub(super) fn fact(&mut self, event: &Event) {
        self.happen(event);
        self.settle();
    }

    fn happen(&mut self, event: &Event) {
        self.exchange.apply(event, self.now);
        self.journal.push((self.now, event.clone()));
        let audience = self.exchange.audience(event);
        for (id, viewer) in &self.viewers {
            let told = self.exchange.project(viewer, event);
            assert!(
                told.is_none() || concerns(&audience, viewer),
                "{event:?} told to {id}, not in {audience:?}"
            );
            for told in told.into_iter().chain(self.exchange.project_rest(viewer, event)) {
                if let Some(follower) = self.followers.get_mut(id) {
                    follower.take(&told, self.now);
                }
                self.told.entry(id.clone()).or_default().push(told);
            }
        }
        if let Event::SessionClosed { session, .. } = event {
            self.viewers.remove(session);
            self.followers.remove(session);
        }
    }

    /// What changed on the floor since the last call, as far as a session watches it.
    pub(super) fn floor_changes(&mut self, id: &str) -> Option<FloorDelta> {
        let viewer = self.viewers[&session(id)].clone();
        self.exchange.take_floor_changes(self.now, std::iter::once(&viewer))
    }

    /// Lets a session watch some queues and agents only, as the switchboard does.
    pub(super) fn watch_floor(&mut self, id: &str, queues: &[&str], agents: &[&str]) {
        let viewer = self.viewers.get_mut(&session(id)).unwrap();
        viewer.watches_floor = true;
        viewer.floor_filter = FloorFilter {
            queues: Some(queues.iter().copied().map(queue).collect()),
            agents: Some(agents.iter().copied().map(user).collect()),
        };
        self.floor_changes(id);
    }

    /// What a session was told since the last call.
    pub(super) fn told(&mut self, id: &str) -> Vec<ServerEvent> {
        self.told.remove(&session(id)).unwrap_or_default()
    }
}

fn concerns(audience: &Audience, viewer: &Viewer) -> bool {
    match audience {
        Audience::Nobody => false,
        Audience::Users(users) => users.contains(&viewer.user_id),
        Audience::PresenceOf(user_id) => *user_id == viewer.user_id || viewer.watched.contains(user_id),
        Audience::Session(session) => *session == viewer.session,
    }
}

/// How what was asked for last ended, as a session was told.
pub(super) fn outcome(told: &[ServerEvent]) -> Option<OfferOutcome> {
    told.iter().rev().find_map(|event| match event {
        ServerEvent::PendingChanged { outcome, pending: None, .. } => *outcome,
        _ => None,
    })
}
