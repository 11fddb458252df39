//! A plan in virtual time.

use super::{
    acts::{self, Act, Who},
    audit::{self, Written},
    books::Books,
    eyes,
    oracle::Oracle,
    plan::{Plan, START, Step, agent_name, customer_name},
};
use jackfield_exchange::{BodyRow, Event, Exchange, Identity, Order, TenantConfig};
use jackfield_wire::{
    Channel, Command, CommandId, ConversationId, Millis, OfferKind, OfferOutcome, Outcome, Role, SessionId,
    SignOutReason, UserId,
};
use serde_json::{Value, json};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) digest: u64,
    pub(crate) counts: BTreeMap<String, u64>,
}

pub(crate) struct World<'a> {
    plan: &'a Plan,
    exchange: Exchange,
    oracle: Oracle,
    books: Books,
    now: Millis,
    soon: BinaryHeap<Reverse<(Millis, u64, String, String)>>,
    commands: u64,
    /// How often each conversation was taken.
    rounds: BTreeMap<ConversationId, u64>,
    journal: Vec<Written>,
    rows: Vec<BodyRow>,
    digest: u64,
    /// Agents to look at after the step.
    touched: BTreeSet<UserId>,
    stranger: u64,
    audited: u64,
}

type Check = Result<(), String>;

impl<'a> World<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let config: TenantConfig = serde_json::from_value(plan.config(None)).expect("a configuration");
        assert_eq!(config.check(), Ok(()));
        Self {
            plan,
            exchange: Exchange::new(config.clone()),
            oracle: Oracle::new(config.clone()),
            books: Books::default(),
            now: START,
            soon: BinaryHeap::new(),
            commands: 0,
            rounds: BTreeMap::new(),
            journal: vec![Written::Config(Box::new(config))],
            rows: Vec::new(),
            digest: 0xcbf2_9ce4_8422_2325,
            touched: BTreeSet::new(),
            stranger: 0,
            audited: 0,
        }
    }

    /// Everything that the plan brings, and then on until everybody has gone.
    pub(crate) fn run(mut self) -> Result<Ran, String> {
        self.enter("sue", Role::Supervisor)?;
        for (at, step) in &self.plan.steps {
            self.go_on_until(*at)?;
            self.step(step).map_err(|problem| self.told(&problem))?;
        }
        let end = self.now + 3_600_000;
        self.go_on_until(end)?;
        for agent in 0..self.plan.agents {
            self.close(&agent_name(agent), SignOutReason::Asked)?;
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
        format!(
            "at {:.3} s: {problem}\nthe last facts:\n{}",
            (self.now - START) as f64 / 1e3,
            last.join("\n")
        )
    }

    fn go_on_until(&mut self, until: Millis) -> Check {
        loop {
            let planned = self.soon.peek().map(|Reverse((at, ..))| *at);
            let due = [planned, self.exchange.deadline()].into_iter().flatten().min();
            let Some(at) = due.filter(|at| *at <= until) else { break };
            self.now = self.now.max(at);
            let next = if planned == Some(at) { self.soon.pop() } else { None };
            let done = match next {
                Some(Reverse((_, _, who, command))) => {
                    self.ask(&who, &command).map(|_| ()).and_then(|()| self.check())
                }
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
                self.enter(&agent_name(*agent), Role::Agent)?;
                self.ask(&agent_name(*agent), r#"{"type":"setPresence","availability":"available"}"#)?;
            }
            Step::SignsOut(agent) => self.close(&agent_name(*agent), SignOutReason::Asked)?,
            Step::Falls(agent) => {
                self.order(&Order::SessionAway { session: session(&agent_name(*agent)) })?
            }
            Step::Returns(agent) => {
                self.order(&Order::SessionBack { session: session(&agent_name(*agent)) })?
            }
            Step::Is(agent, wish) => {
                let wish = json!({ "type": "setPresence", "availability": wish });
                self.ask(&agent_name(*agent), &wish.to_string())?;
            }
            Step::Comes(customer) => {
                self.enter(&customer_name(*customer), Role::Customer)?;
                self.ask(&customer_name(*customer), &self.plan.start(*customer).to_string())?;
            }
            Step::Restart => {
                self.exchange = audit::restart(&self.exchange, &self.rows)?;
                self.books.count("restart");
            }
            Step::Reconfigure(n) => {
                let config: TenantConfig =
                    serde_json::from_value(self.plan.config(Some(*n))).map_err(|error| error.to_string())?;
                self.oracle = Oracle::new(config.clone());
                self.journal.push(Written::Config(Box::new(config.clone())));
                self.exchange.reconfigure(config);
                self.books.count("reconfigure");
                self.settle()?;
            }
        }
        self.check()
    }

    fn enter(&mut self, who: &str, role: Role) -> Check {
        let identity = Identity::new(user(who), format!("Name of {who}"), role);
        self.order(&Order::OpenSession { session: session(who), who: identity })
    }

    fn close(&mut self, who: &str, reason: SignOutReason) -> Check {
        self.order(&Order::CloseSession { session: session(who), reason })
    }

    /// An order that may be refused.
    fn order(&mut self, order: &Order) -> Check {
        if let Ok(decision) = self.exchange.decide(order, self.now) {
            decision.events.iter().try_for_each(|event| self.happen(event))?;
        }
        self.settle()
    }

    fn ask(&mut self, who: &str, command: &str) -> Check {
        self.commands += 1;
        let command: Command =
            serde_json::from_str(command).map_err(|error| format!("{command}: {error}"))?;
        let id = CommandId::numbered('k', self.commands);
        let order = Order::Do { session: session(who), id, command };
        match self.exchange.decide(&order, self.now) {
            Ok(decision) => {
                decision.events.iter().try_for_each(|event| self.happen(event))?;
                if let Outcome::ConversationStarted { conversation_id } = &decision.outcome {
                    let patience = acts::patience(self.plan.seed, self.books.started);
                    let give_up = json!({ "type": "hangUp", "conversationId": conversation_id });
                    let end = json!({ "type": "endConversation", "conversationId": conversation_id });
                    let waits = self.books.talks[conversation_id].channel == Channel::Voice;
                    let command = if waits { give_up } else { end };
                    self.soon(patience, who, &command);
                }
            }
            Err(error) => self.books.count(&format!("refused {}", error.code)),
        }
        self.settle()
    }

    fn settle(&mut self) -> Check {
        for _ in 0..100_000 {
            let events = self.exchange.advance(self.now);
            if events.is_empty() {
                return Ok(());
            }
            for event in &events {
                self.check_choice(event)?;
                self.happen(event)?;
            }
        }
        Err("it never settles".to_owned())
    }

    /// An offer that the exchange makes by itself, before it is made.
    fn check_choice(&self, event: &Event) -> Check {
        let Event::OfferMade(made) = event else { return Ok(()) };
        let Some(talk) = self.books.talks.get(&made.conversation_id) else { return Ok(()) };
        if made.kind != OfferKind::Conversation {
            return Ok(());
        }
        self.oracle.check_offer(&self.books, &made.user_id, talk)
    }

    fn happen(&mut self, event: &Event) -> Check {
        self.exchange.apply(event, self.now);
        let text = serde_json::to_string(event).map_err(|error| error.to_string())?;
        self.digest = text.bytes().fold(self.digest ^ self.now, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        // Its name stands first: {"type":"offerMade",…
        self.books.count(text.split('"').nth(3).unwrap_or_default());
        self.journal.push(Written::Fact(self.now, text));
        self.rows.extend(event.body().filter(|row| !matches!(row, BodyRow::Message { .. })));
        self.books.note(event, self.now)?;
        self.stranger += 1;
        let stranger =
            self.books.talks.values().nth(self.stranger as usize % 7).map(|talk| talk.customer.clone());
        let own = event.conversation().and_then(|id| self.books.talks.get(id)).map(|talk| &talk.customer);
        let stranger = stranger
            .filter(|stranger| event.conversation().is_some() && own.is_some_and(|own| own != stranger));
        eyes::check(&self.exchange, &self.books, event, stranger.as_ref())?;
        self.react(event);
        Ok(())
    }

    /// What people will do about it.
    fn react(&mut self, event: &Event) {
        match event {
            Event::OfferMade(made) => {
                self.touched.insert(made.user_id.clone());
                let number = number(made.offer_id.as_str());
                if let Some((after, mut command)) = acts::answer(self.plan.seed, number) {
                    command["offerId"] = made.offer_id.as_str().into();
                    self.soon(after, made.user_id.as_str(), &command);
                }
            }
            Event::OfferEnded { user_id, outcome: OfferOutcome::TimedOut, .. } => {
                let back = json!({ "type": "setPresence", "availability": "available" });
                self.soon(30_000, user_id.as_str(), &back);
            }
            Event::ParticipantJoined { conversation_id, who, .. } if who.role != Role::Customer => {
                self.touched.insert(who.user_id.clone());
                let round = self.rounds.entry(conversation_id.clone()).or_default();
                *round += 1;
                let Some(talk) = self.books.talks.get(conversation_id) else { return };
                let acts = acts::talk(self.plan.seed, talk.number, *round, talk.channel);
                self.plan_acts(conversation_id, who.user_id.as_str(), acts);
            }
            Event::WrapUpBegan { conversation_id, participant_id, .. } => {
                let Some(talk) = self.books.talks.get(conversation_id) else { return };
                let Some(party) = talk.parties.get(participant_id) else { return };
                let (agent, acts) = (party.user.to_string(), acts::wrap_up(self.plan.seed, talk.number));
                self.plan_acts(conversation_id, &agent, acts);
            }
            Event::ParticipantLeft { user_id, .. } if eyes::is_customer(user_id) => {
                self.soon(1_000, user_id.as_str(), &json!({ "type": "signOut" }));
            }
            _ => {}
        }
    }

    fn plan_acts(&mut self, id: &ConversationId, agent: &str, acts: Vec<Act>) {
        let Some(customer) = self.books.talks.get(id).map(|talk| talk.customer.to_string()) else { return };
        for (after, who, mut command) in acts {
            if command["type"] != "signOut" {
                command["conversationId"] = id.as_str().into();
            }
            let who = match who {
                Who::Agent => agent,
                Who::Customer => &customer,
                Who::Supervisor => "sue",
            };
            self.soon(after, who, &command);
        }
    }

    fn soon(&mut self, after: Millis, who: &str, command: &Value) {
        self.commands += 1;
        self.soon.push(Reverse((self.now + after, self.commands, who.to_owned(), command.to_string())));
    }

    /// What must hold after each step: of those whom it touched always, of everybody where there are few, or from time to time.
    fn check(&mut self) -> Check {
        for user in std::mem::take(&mut self.touched) {
            self.oracle.check_load(&self.books, &user)?;
        }
        self.audited += 1;
        let every = (self.plan.agents * self.plan.agents / 200).max(1) as u64;
        if self.audited.is_multiple_of(every) {
            self.audit()?;
        }
        Ok(())
    }

    fn audit(&self) -> Check {
        audit::state(&self.exchange, &self.books)?;
        audit::floor(&self.exchange, &self.books)?;
        self.oracle.check_waiting(&self.books)?;
        (0..self.plan.agents)
            .try_for_each(|agent| self.oracle.check_load(&self.books, &user(&agent_name(agent))))
    }
}

fn number(id: &str) -> u64 {
    id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
}

fn user(id: &str) -> UserId {
    UserId::parse(id).expect("an id")
}

fn session(id: &str) -> SessionId {
    SessionId::parse(id).expect("an id")
}
