//! A contact centre in a few words: who works there, who comes, whom it rings for, and what follows.
//!
//! Users and customers are called by their ids, and each has one session. Times are in seconds.

use jackfield_exchange::{Exchange, Identity, Order, TenantConfig, Viewer};
use jackfield_wire::{
    Code, Command, CommandId, ConversationId, ConversationView, Millis, Outcome, Role, SessionId,
    SignOutReason, SnapshotView, UserId, WireError,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// When every story begins: Monday, 5 January 2026, 12:00 UTC.
pub(crate) const NOON: Millis = 1_767_614_400_000;

#[derive(Clone)]
pub(crate) struct Centre {
    pub(crate) exchange: Exchange,
    pub(crate) now: Millis,
    viewers: BTreeMap<String, Viewer>,
    /// What each customer came with.
    conversations: BTreeMap<String, ConversationId>,
    commands: u64,
}

impl Centre {
    /// A centre of a configuration, of which only queues and users must be given.
    pub(crate) fn new(config: Value) -> Self {
        let config = whole(config);
        let (viewers, conversations) = (BTreeMap::new(), BTreeMap::new());
        Self { exchange: Exchange::new(config), now: NOON, viewers, conversations, commands: 0 }
    }

    /// A centre with one queue, `help`, and agents who serve it.
    pub(crate) fn help(agents: &[&str]) -> Self {
        let users: Vec<_> = agents.iter().map(|id| json!({ "user_id": id })).collect();
        Self::new(json!({ "queues": [{ "queue_id": "help" }], "users": users }))
    }

    /// Another configuration, while all goes on.
    pub(crate) fn takes(&mut self, config: Value) {
        self.exchange.reconfigure(whole(config));
        self.settle();
    }

    /// A session of a user of the configuration, or of a customer.
    pub(crate) fn enters(&mut self, who: &str, role: Role) {
        let session = SessionId::parse(who).unwrap();
        let identity = Identity::new(user(who), format!("Name of {who}"), role);
        self.order(&Order::OpenSession { session: session.clone(), who: identity }).unwrap();
        self.viewers.insert(who.to_owned(), Viewer::new(user(who), session, role));
    }

    /// Agents who come in a second apart and are ready.
    pub(crate) fn ready(&mut self, agents: &[&str]) {
        for agent in agents {
            self.enters(agent, Role::Agent);
            self.is(agent, "available");
            self.pass(1);
        }
    }

    pub(crate) fn is(&mut self, agent: &str, availability: &str) {
        self.does(agent, json!({ "type": "setPresence", "availability": availability }));
    }

    pub(crate) fn calls(&mut self, customer: &str, queue: &str) {
        self.comes(customer, json!({ "queueId": queue, "channel": "voice" }));
    }

    pub(crate) fn chats(&mut self, customer: &str, queue: &str) {
        self.comes(customer, json!({ "queueId": queue, "channel": "chat" }));
    }

    /// A customer comes with more than that.
    pub(crate) fn comes(&mut self, customer: &str, start: Value) {
        if let Err(error) = self.tries_to_come(customer, start) {
            panic!("{customer} was turned away: {error}");
        }
    }

    pub(crate) fn tries_to_come(&mut self, customer: &str, mut start: Value) -> Result<(), Code> {
        if !self.viewers.contains_key(customer) {
            self.enters(customer, Role::Customer);
        }
        start["type"] = "startConversation".into();
        match self.asks(customer, start)? {
            Outcome::ConversationStarted { conversation_id } => {
                self.conversations.insert(customer.to_owned(), conversation_id);
                Ok(())
            }
            other => panic!("{other:?}"),
        }
    }

    /// An agent begins a conversation with somebody, of the queue `help`; `whom` is what it is called here from then on.
    pub(crate) fn begins(
        &mut self,
        agent: &str,
        whom: &str,
        target: Value,
        preview: bool,
    ) -> Result<(), Code> {
        let start =
            json!({ "type": "startOutbound", "queueId": "help", "target": target, "preview": preview });
        match self.asks(agent, start)? {
            Outcome::ConversationStarted { conversation_id } => {
                self.conversations.insert(whom.to_owned(), conversation_id);
                Ok(())
            }
            other => panic!("{other:?}"),
        }
    }

    /// What it rings for, as `customer → agent`.
    pub(crate) fn rings(&self) -> Vec<String> {
        let mut rings = Vec::new();
        for (name, viewer) in &self.viewers {
            for offer in self.seen(viewer).offers {
                let customer = self.conversations.iter().find(|(_, id)| **id == offer.conversation_id);
                rings.push(format!("{} → {name}", customer.map_or("?", |(name, _)| name)));
            }
        }
        rings.sort();
        rings
    }

    /// Whose telephone it is that rings for a customer.
    pub(crate) fn rings_for(&self, customer: &str) -> Vec<String> {
        let of = format!("{customer} → ");
        self.rings().iter().filter_map(|ring| ring.strip_prefix(&of)).map(str::to_owned).collect()
    }

    /// The agent takes the offer that rings longest.
    pub(crate) fn accepts(&mut self, agent: &str) {
        let offer = self.offer_to(agent).unwrap_or_else(|| panic!("nothing rings for {agent}"));
        self.does(agent, json!({ "type": "acceptOffer", "offerId": offer }));
    }

    pub(crate) fn rejects(&mut self, agent: &str) {
        let offer = self.offer_to(agent).unwrap_or_else(|| panic!("nothing rings for {agent}"));
        self.does(agent, json!({ "type": "rejectOffer", "offerId": offer }));
    }

    pub(crate) fn offer_to(&self, agent: &str) -> Option<String> {
        let offers = self.sees(agent).offers;
        offers.iter().min_by_key(|offer| offer.offered_at).map(|offer| offer.offer_id.to_string())
    }

    /// What a customer came with, if it did.
    pub(crate) fn conversation(&self, customer: &str) -> Option<ConversationId> {
        self.conversations.get(customer).cloned()
    }

    /// Where a customer's conversation stands by the exchange's own state; `none` where it did not come, or it is over.
    pub(crate) fn stands(&self, customer: &str) -> String {
        let state = serde_json::to_value(self.exchange.state()).unwrap();
        let id = self.conversations.get(customer).map_or("", |id| id.as_str());
        state["conversations"][id]["state"].as_str().unwrap_or("none").to_owned()
    }

    /// The customer's conversation, as one who is in it sees it: the customer, or else an agent.
    pub(crate) fn of(&self, customer: &str) -> Option<ConversationView> {
        let id = &self.conversations[customer];
        let first = self.viewers.get(customer).into_iter();
        let all = first.chain(self.viewers.values());
        all.flat_map(|viewer| self.seen(viewer).conversations).find(|c| c.conversation_id == *id)
    }

    /// Where the customer's conversation stands; `over` where it is nowhere any more.
    pub(crate) fn state(&self, customer: &str) -> String {
        let seen = self.of(customer).map(|c| serde_json::to_value(c.state).unwrap());
        seen.map_or_else(|| "over".to_owned(), |state| state.as_str().unwrap().to_owned())
    }

    /// Which agents are in the customer's conversation.
    pub(crate) fn agents_of(&self, customer: &str) -> Vec<String> {
        let parties = self.of(customer).map(|c| c.participants).unwrap_or_default();
        parties.iter().filter(|p| p.role != Role::Customer).map(|p| p.user_id.to_string()).collect()
    }

    /// In which queue the customer waits or is served.
    pub(crate) fn queue_of(&self, customer: &str) -> String {
        self.of(customer).map_or_else(String::new, |seen| seen.queue_id.to_string())
    }

    /// The customer's place in line, as it was told.
    pub(crate) fn place(&self, customer: &str) -> Option<u32> {
        self.of(customer)?.position
    }

    pub(crate) fn sees(&self, who: &str) -> SnapshotView {
        self.seen(&self.viewers[who])
    }

    fn seen(&self, viewer: &Viewer) -> SnapshotView {
        self.exchange.snapshot(viewer, self.now)
    }

    /// A command about a customer's conversation.
    pub(crate) fn about(&mut self, who: &str, customer: &str, mut command: Value) -> Result<Outcome, Code> {
        command["conversationId"] = self.conversations[customer].as_str().into();
        self.asks(who, command)
    }

    /// The same, where it has to be taken.
    pub(crate) fn does_about(&mut self, who: &str, customer: &str, command: Value) {
        let text = command.to_string();
        self.about(who, customer, command).unwrap_or_else(|code| panic!("{who}: {text}: {code}"));
    }

    /// The agent ends the conversation, and is at once done with the work after it.
    pub(crate) fn is_done_with(&mut self, agent: &str, customer: &str) {
        self.does_about(agent, customer, json!({ "type": "endConversation" }));
        if self.state(customer) == "wrapUp" {
            self.does_about(agent, customer, json!({ "type": "finishWrapUp" }));
        }
    }

    pub(crate) fn does(&mut self, who: &str, command: Value) -> Outcome {
        let text = command.to_string();
        self.asks(who, command).unwrap_or_else(|code| panic!("{who}: {text}: {code}"))
    }

    pub(crate) fn asks(&mut self, who: &str, command: Value) -> Result<Outcome, Code> {
        self.commands += 1;
        let command: Command = serde_json::from_value(command).unwrap();
        let (session, id) = (SessionId::parse(who).unwrap(), CommandId::numbered('k', self.commands));
        self.order(&Order::Do { session, id, command }).map_err(|error| error.code)
    }

    /// The page is closed, and nobody comes back for the grace time.
    pub(crate) fn is_lost(&mut self, who: &str) {
        let (session, reason) = (SessionId::parse(who).unwrap(), SignOutReason::Lost);
        self.order(&Order::CloseSession { session, reason }).unwrap();
        self.viewers.remove(who);
    }

    pub(crate) fn order(&mut self, order: &Order) -> Result<Outcome, WireError> {
        let decision = self.exchange.decide(order, self.now)?;
        for event in &decision.events {
            self.exchange.apply(event, self.now);
        }
        self.settle();
        Ok(decision.outcome)
    }

    /// Lets time pass, with everything that falls due on the way.
    pub(crate) fn pass(&mut self, seconds: u64) {
        let until = self.now + seconds * 1_000;
        while let Some(at) = self.exchange.deadline().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.settle();
        }
        self.now = until;
        self.settle();
    }

    fn settle(&mut self) {
        for _ in 0..10_000 {
            let events = self.exchange.advance(self.now);
            if events.is_empty() {
                return;
            }
            events.iter().for_each(|event| self.exchange.apply(event, self.now));
        }
        panic!("it never settles");
    }
}

/// A configuration of which only what matters was written.
fn whole(mut config: Value) -> TenantConfig {
    config["tenant_id"] = "contoso".into();
    config["name"] = "Contoso".into();
    name_all(&mut config["queues"], "queue_id");
    name_all(&mut config["users"], "user_id");
    let config: TenantConfig = serde_json::from_value(config).unwrap();
    assert_eq!(config.check(), Ok(()));
    config
}

fn name_all(list: &mut Value, id: &str) {
    for item in list.as_array_mut().into_iter().flatten() {
        if item.get("name").is_none() {
            item["name"] = item[id].clone();
        }
    }
}

fn user(id: &str) -> UserId {
    UserId::parse(id).unwrap()
}
