//! A plan in virtual time.

use super::{
    acts::ENTERS,
    audit::{self, Written},
    books::Books,
    eyes, network,
    oracle::{Next, Oracle},
    plan::{Plan, START, Step, agent_name, customer_name},
    tally::Tally,
    tenant::{SUPERVISORS, supervisor_name},
};
use jackfield_exchange::{BodyRow, Event, Exchange, Identity, Order, TenantConfig, switchboard::Network};
use jackfield_wire::{
    Command, CommandId, ConversationId, Millis, OfferKind, Outcome, Role, SessionId, SignOutReason, UserId,
};
use serde_json::{Value, json};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// For how many facts an exchange and the one made of its snapshot are held side by side.
const SIDE_BY_SIDE: u32 = 400;

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) digest: u64,
    pub(crate) counts: BTreeMap<String, u64>,
}

pub(crate) struct World<'a> {
    pub(super) plan: &'a Plan,
    exchange: Exchange,
    pub(super) oracle: Oracle,
    pub(super) books: Books,
    tally: Tally,
    pub(super) network: Network,
    /// The exchange as it was before a restart, and how long it goes on beside the one after it.
    twin: Option<(Exchange, u32)>,
    pub(super) now: Millis,
    pub(super) soon: BinaryHeap<Reverse<(Millis, u64, String, String)>>,
    pub(super) commands: u64,
    /// How often each conversation was taken.
    pub(super) rounds: BTreeMap<ConversationId, u64>,
    journal: Vec<Written>,
    rows: Vec<BodyRow>,
    digest: u64,
    steps: u64,
}

pub(super) type Check = Result<(), String>;

impl<'a> World<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let config: TenantConfig = serde_json::from_value(plan.config(None)).expect("a configuration");
        assert_eq!(config.check(), Ok(()));
        Self {
            plan,
            exchange: Exchange::new(config.clone()),
            oracle: Oracle::new(config.clone()),
            books: Books::default(),
            tally: Tally::default(),
            network: network::network(plan.seed),
            twin: None,
            now: START,
            soon: BinaryHeap::new(),
            commands: 0,
            rounds: BTreeMap::new(),
            journal: vec![Written::Config(Box::new(config))],
            rows: Vec::new(),
            digest: 0xcbf2_9ce4_8422_2325,
            steps: 0,
        }
    }

    /// Everything that the plan brings, and then on until everybody has gone.
    pub(crate) fn run(mut self) -> Result<Ran, String> {
        for supervisor in 0..SUPERVISORS {
            self.enter(&supervisor_name(supervisor), Role::Supervisor, &json!({}))?;
        }
        for (at, step) in &self.plan.steps {
            self.go_on_until(*at)?;
            self.step(step).map_err(|problem| self.told(&problem))?;
        }
        let end = self.now + 3_600_000;
        self.go_on_until(end)?;
        for agent in 0..self.plan.agents {
            self.close(&agent_name(agent))?;
            self.close(&second_tab(agent))?;
        }
        self.go_on_until(end + 3_600_000)?;
        self.audit().map_err(|problem| self.told(&problem))?;
        if !self.books.talks.is_empty() {
            let left: Vec<_> = self.books.talks.iter().take(3).collect();
            return Err(self.told(&format!("{} conversations never ended: {left:?}", self.books.talks.len())));
        }
        audit::replay(&self.journal, &self.rows, &self.exchange)?;
        Ok(Ran { digest: self.digest, counts: self.books.counts })
    }

    fn told(&self, problem: &str) -> String {
        let last = self.journal.iter().rev().filter_map(|written| match written {
            Written::Fact(at, text) => Some(format!("{:>10.3} s  {text}", (at - START) as f64 / 1e3)),
            Written::Config(_) => None,
        });
        let mut last: Vec<String> = last.take(12).collect();
        last.reverse();
        let now = (self.now - START) as f64 / 1e3;
        format!("at {now:.3} s: {problem}\nthe last facts:\n{}", last.join("\n"))
    }

    fn go_on_until(&mut self, until: Millis) -> Check {
        loop {
            let planned = self.soon.peek().map(|Reverse((at, ..))| *at);
            let called = self.network.deadline();
            let due = [planned, called, self.exchange.deadline()].into_iter().flatten().min();
            let Some(at) = due.filter(|at| *at <= until) else { break };
            self.now = self.now.max(at);
            let next = if planned == Some(at) { self.soon.pop() } else { None };
            let done = match next {
                Some(Reverse((_, _, who, command))) => self.ask(&who, &command).and_then(|()| self.check()),
                None if called == Some(at) => self.hear().and_then(|()| self.check()),
                None => self.settle().and_then(|()| self.check()),
            };
            done.map_err(|problem| self.told(&problem))?;
            if self.exchange.deadline().is_some_and(|due| due <= self.now) {
                return Err(self.told("something is due, and nothing comes of it"));
            }
        }
        self.now = until;
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Check {
        match step {
            Step::SignsIn(agent) => {
                self.enter(&agent_name(*agent), Role::Agent, &json!({}))?;
                self.ask(&agent_name(*agent), r#"{"type":"setPresence","availability":"available"}"#)?;
            }
            Step::SignsOut(agent) => self.close(&agent_name(*agent))?,
            Step::Falls(agent) => {
                self.order(&Order::SessionAway { session: session(&agent_name(*agent)) })?
            }
            Step::Returns(agent) => {
                self.order(&Order::SessionBack { session: session(&agent_name(*agent)) })?
            }
            Step::OpensTab(agent) => {
                let who = Identity::new(user(&agent_name(*agent)), agent_name(*agent), Role::Agent);
                self.order(&Order::OpenSession { session: session(&second_tab(*agent)), who })?;
                let says =
                    r#"{"type":"setSessionPresence","availability":"available","activity":"available"}"#;
                self.ask(&second_tab(*agent), says)?;
            }
            Step::ClosesTab(agent) => self.close(&second_tab(*agent))?,
            Step::Asks(agent, command) => self.ask(&agent_name(*agent), &command.to_string())?,
            Step::Changes(sue, command) => self.ask(&supervisor_name(*sue), &command.to_string())?,
            Step::Comes(customer, matter) => {
                self.enter(&customer_name(*customer), Role::Customer, &self.plan.token(*customer))?;
                self.ask(&customer_name(*customer), &self.plan.start(*customer, *matter).to_string())?;
            }
            Step::TrunkFails => self.trunk_fails()?,
            Step::Restart => {
                let again = audit::restart(&self.exchange, &self.oracle.configured, &self.rows)?;
                self.twin = Some((std::mem::replace(&mut self.exchange, again), SIDE_BY_SIDE));
                self.books.count("restart");
            }
            Step::Reconfigure(n) => self.reconfigure(*n)?,
        }
        self.check()
    }

    fn reconfigure(&mut self, n: u64) -> Check {
        let config: TenantConfig =
            serde_json::from_value(self.plan.config(Some(n))).map_err(|error| error.to_string())?;
        self.oracle = Oracle::new(config.clone());
        self.oracle.change_agents(&self.books);
        self.journal.push(Written::Config(Box::new(config.clone())));
        if let Some((twin, _)) = &mut self.twin {
            twin.reconfigure(config.clone());
        }
        self.exchange.reconfigure(config);
        self.books.count("reconfigure");
        self.settle()
    }

    fn enter(&mut self, who: &str, role: Role, attributes: &Value) -> Check {
        let mut identity = Identity::new(user(who), format!("Name of {who}"), role);
        identity.attributes =
            serde_json::from_value(attributes.clone()).map_err(|error| error.to_string())?;
        self.order(&Order::OpenSession { session: session(who), who: identity })
    }

    fn close(&mut self, who: &str) -> Check {
        self.order(&Order::CloseSession { session: session(who), reason: SignOutReason::Asked })
    }

    /// An order that may be refused.
    pub(super) fn order(&mut self, order: &Order) -> Check {
        let decided = self.exchange.decide(order, self.now);
        self.compare_twin("decides otherwise", |twin, now| twin.decide(order, now) == decided)?;
        if let Ok(decision) = decided {
            decision.events.iter().try_for_each(|event| self.happen(event))?;
        }
        self.settle()
    }

    fn compare_twin(&self, what: &str, same: impl FnOnce(&Exchange, Millis) -> bool) -> Check {
        let Some((twin, _)) = &self.twin else { return Ok(()) };
        same(twin, self.now)
            .then_some(())
            .ok_or_else(|| format!("the exchange that was restarted {what} than before"))
    }

    fn ask(&mut self, who: &str, command: &str) -> Check {
        self.commands += 1;
        let Some((who, command)) = self.meant(who, command) else { return self.settle() };
        if command["type"] == ENTERS {
            return self.enters_again(&who);
        }
        let kind = command["type"].as_str().unwrap_or_default().to_owned();
        let command: Command =
            serde_json::from_value(command.clone()).map_err(|error| format!("{command}: {error}"))?;
        let id = CommandId::numbered('k', self.commands);
        let order = Order::Do { session: session(&who), id, command };
        let decided = self.exchange.decide(&order, self.now);
        self.compare_twin("decides otherwise", |twin, now| twin.decide(&order, now) == decided)?;
        match decided {
            Ok(decision) => {
                if !decision.events.is_empty() {
                    self.books.count(&format!("did {kind}"));
                }
                decision.events.iter().try_for_each(|event| self.happen(event))?;
                if let Outcome::ConversationStarted { conversation_id } = &decision.outcome
                    && kind == "startConversation"
                {
                    self.will_give_up(&who, conversation_id);
                }
            }
            Err(error) => self.books.count(&format!("refused {kind} {}", error.code)),
        }
        self.settle()
    }

    /// A customer who closed its page opens it again. In the end it leaves for good.
    fn enters_again(&mut self, who: &str) -> Check {
        let n = who.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0);
        self.enter(who, Role::Customer, &self.plan.token(n))?;
        self.soon(3_000_000, who, &json!({ "type": "signOut" }));
        Ok(())
    }

    /// What follows by itself. Each proposal, and that there is none, must be what a search through everything gives.
    fn settle(&mut self) -> Check {
        for _ in 0..100_000 {
            let events = self.exchange.advance(self.now);
            self.compare_twin("goes on otherwise", |twin, now| twin.advance(now) == events)?;
            self.look();
            if events.is_empty() {
                let rest = self.commands.is_multiple_of((self.plan.agents as u64 / 50).max(1));
                let waits = rest.then(|| self.oracle.next(&self.books)).flatten();
                return waits.map_or(Ok(()), |next| Err(format!("{next:?} is not proposed")));
            }
            self.check_choice(&events)?;
            events.iter().try_for_each(|event| self.happen(event))?;
        }
        Err("it never settles".to_owned())
    }

    fn check_choice(&mut self, events: &[Event]) -> Check {
        let made = events.iter().filter_map(|event| match event {
            Event::OfferMade(made) if made.kind == OfferKind::Conversation => Some(made),
            _ => None,
        });
        let agents: Vec<_> = made.clone().map(|made| made.user_id.clone()).collect();
        let Some(talk) = made.map(|made| made.conversation_id.clone()).next() else { return Ok(()) };
        let chosen = Next { talk, agents };
        self.oracle.check_choice(&self.books, &chosen)
    }

    /// The oracle looks at those anew whom a fact concerned.
    fn look(&mut self) {
        let stirred = std::mem::take(&mut self.books.stirred);
        self.oracle.look(&self.books, stirred.into_iter());
    }

    fn happen(&mut self, event: &Event) -> Check {
        self.exchange.apply(event, self.now);
        self.apply_to_twin(event)?;
        let text = serde_json::to_string(event).map_err(|error| error.to_string())?;
        self.digest = text.bytes().fold(self.digest ^ self.now, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        // Its name stands first: {"type":"offerMade",…
        self.books.count(text.split('"').nth(3).unwrap_or_default());
        self.journal.push(Written::Fact(self.now, text));
        self.rows.extend(event.body().filter(|row| !matches!(row, BodyRow::Message { .. })));
        self.oracle.check_order(&self.books, event)?;
        self.books.note(event, self.now)?;
        if matches!(event, Event::AgentChanged { .. }) {
            self.oracle.change_agents(&self.books);
        }
        self.tally.look(&self.books, self.oracle.config(), event, self.now);
        eyes::check(&self.exchange, &self.books, event, &self.strangers(event))?;
        self.dial(event);
        self.react(event);
        Ok(())
    }

    fn apply_to_twin(&mut self, event: &Event) -> Check {
        let Some((twin, left)) = &mut self.twin else { return Ok(()) };
        twin.apply(event, self.now);
        *left -= 1;
        if *left > 0 {
            return Ok(());
        }
        let same = twin.state() == self.exchange.state();
        self.twin = None;
        same.then_some(()).ok_or_else(|| "a restarted exchange came to another state".to_owned())
    }

    /// Somebody whom a fact of a conversation does not concern: another customer, and an agent.
    fn strangers(&self, event: &Event) -> Vec<UserId> {
        let Some(talk) = event.conversation().and_then(|id| self.books.talks.get(id)) else {
            return Vec::new();
        };
        let n = self.journal.len();
        let customer = self.books.talks.values().nth(n % 7).map(|talk| talk.customer.clone());
        let customer = customer.filter(|customer| *customer != talk.customer);
        let agent = user(&agent_name(n % self.plan.agents));
        let named = serde_json::to_value(event).is_ok_and(|event| event["userId"] == agent.as_str());
        let agent = Some(agent).filter(|agent| !named && talk.party_of(agent).is_none());
        customer.into_iter().chain(agent).collect()
    }

    /// Whether all is to be looked at after this step: often in a small centre, seldom in a large one.
    fn is_looked_at(&self) -> bool {
        let every = (self.plan.agents * self.plan.agents / 200).max(6) as u64;
        self.steps.is_multiple_of(every)
    }

    /// What must hold after each step: of those whom it concerned always, of everybody from time to time.
    fn check(&mut self) -> Check {
        for id in std::mem::take(&mut self.books.moved) {
            let Some(talk) = self.books.talks.get(&id) else { continue };
            audit::talk(id.as_str(), talk, &self.books)?;
            self.oracle.check_monitors(talk)?;
            if talk.waits() {
                self.oracle.check_ring(talk, self.now)?;
            }
            for party in talk.parties.values() {
                self.oracle.check_load(&self.books, &party.user)?;
                self.oracle.check_presence(&self.books, &party.user)?;
            }
        }
        self.check_returned()?;
        self.steps += 1;
        if self.is_looked_at() { self.audit() } else { Ok(()) }
    }

    /// Who was offered and was not taken stands where it stood, by its own place: not at the end, and not before others.
    fn check_returned(&mut self) -> Check {
        for id in std::mem::take(&mut self.books.returned) {
            let Some(talk) = self.books.talks.get(&id).filter(|talk| talk.waits()) else { continue };
            // In a large centre of some only: a line is counted through for each.
            if !talk.number.is_multiple_of((self.plan.agents as u64 / 50).max(1)) {
                continue;
            }
            let place = self.exchange.explain(&id, self.now).and_then(|told| told.place);
            let own = self.oracle.place_in_line(&self.books, talk);
            if place.map(|place| place as usize) != Some(own) {
                return Err(format!("{id} comes back to place {place:?} in line, by the rules {own}"));
            }
            self.books.count(if own > 1 { "back in line, not first" } else { "back in line, first" });
        }
        Ok(())
    }

    fn audit(&self) -> Check {
        audit::state(&self.exchange, &self.books)?;
        network::check(&self.network, &self.books)?;
        self.tally.check(&self.exchange, &self.books)?;
        self.tally.check_lines(&self.books)?;
        self.tally.check_staff(&self.exchange, &self.oracle)?;
        for (user, _) in self.books.people.colleagues() {
            self.oracle.check_load(&self.books, user)?;
            self.oracle.check_presence(&self.books, user)?;
        }
        for talk in self.books.talks.values() {
            eyes::check_snapshot(&self.exchange, (&self.books, &self.oracle), &talk.customer, self.now)?;
            if talk.waits() {
                self.oracle.check_ring(talk, self.now)?;
            }
        }
        Ok(())
    }
}

fn second_tab(agent: usize) -> String {
    format!("{}-b", agent_name(agent))
}

pub(super) fn user(id: &str) -> UserId {
    UserId::parse(id).expect("an id")
}

pub(super) fn session(id: &str) -> SessionId {
    SessionId::parse(id).expect("an id")
}
