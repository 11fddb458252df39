//! A large centre behaves as a small one: the same rules, over lines and teams of another size.

use super::{conversation, queue, session, user};
use crate::{Event, Exchange, FloorFilter, Identity, Order, Viewer};
use jackfield_wire::{Availability, Channel, Command, CommandId, Role};
use serde_json::json;
use std::collections::BTreeSet;

const AGENTS: u64 = 1_500;
const QUEUES: usize = 500;
const CUSTOMERS: u64 = 5_000;

/// Every agent serves every queue whose skill it has; there are ten skills.
fn exchange() -> Exchange {
    let skill = |n: usize| format!("skill{}", n % 10);
    let queues = (0..QUEUES).map(|n| {
        json!({ "queue_id": format!("q{n}"), "name": "Q", "priority": n % 3, "skills": { skill(n): 1 + n % 5 } })
    });
    let users = (0..AGENTS as usize).map(
        |n| json!({ "user_id": format!("a{n}"), "name": "A", "skills": { skill(n): 5, skill(n + 1): 5 } }),
    );
    let config = json!({
        "tenant_id": "large", "name": "Large",
        "queues": queues.collect::<Vec<_>>(), "users": users.collect::<Vec<_>>(),
    });
    Exchange::new(serde_json::from_value(config).unwrap())
}

fn order(exchange: &mut Exchange, order: &Order, now: u64) -> Vec<Event> {
    let mut events = exchange.decide(order, now).unwrap().events;
    events.iter().for_each(|event| exchange.apply(event, now));
    loop {
        let more = exchange.advance(now);
        if more.is_empty() {
            return events;
        }
        more.iter().for_each(|event| exchange.apply(event, now));
        events.extend(more);
    }
}

fn open(exchange: &mut Exchange, id: &str, role: Role, now: u64) {
    let who = Identity::new(user(id), id, role);
    order(exchange, &Order::OpenSession { session: session(id), who }, now);
}

fn ask(exchange: &mut Exchange, id: &str, command: Command, now: u64) -> Vec<Event> {
    let wanted = Order::Do { session: session(id), id: CommandId::numbered('k', now), command };
    order(exchange, &wanted, now)
}

#[test]
fn thousands_wait_and_each_agent_gets_the_first_that_fits() {
    let mut exchange = exchange();
    for n in 0..CUSTOMERS {
        let id = format!("c{n}");
        open(&mut exchange, &id, Role::Customer, n);
        let queue_id = queue(&format!("q{}", n as usize % QUEUES));
        let start = Command::StartConversation {
            queue_id: Some(queue_id),
            channel: Channel::Voice,
            subject: None,
            attributes: Default::default(),
        };
        ask(&mut exchange, &id, start, n);
    }
    let mut offered = BTreeSet::new();
    for n in 0..AGENTS {
        let (id, now) = (format!("a{n}"), CUSTOMERS + n);
        open(&mut exchange, &id, Role::Agent, now);
        let events = ask(&mut exchange, &id, Command::presence(Availability::Available), now);
        let made: Vec<_> = events
            .iter()
            .filter_map(|e| match e {
                Event::OfferMade(made) => Some(made),
                _ => None,
            })
            .collect();
        assert_eq!(made.len(), 1, "{id}");
        assert!(offered.insert(made[0].conversation_id.clone()), "offered once");
        let agent = exchange.config().user(&user(&id)).unwrap();
        let line = &exchange.state.conversations[&made[0].conversation_id].queue_id;
        assert!(agent.serves(exchange.config().queue(line).unwrap()));
    }
    assert!(offered.contains(&conversation(3)), "the first in a line of priority 2 is served");
    assert_eq!(exchange.index, exchange.build_index());
    let viewer = Viewer {
        user_id: user("a0"),
        session: session("a0"),
        role: Role::Agent,
        watches_floor: false,
        floor_filter: FloorFilter::default(),
        watched: BTreeSet::new(),
    };
    assert_eq!(exchange.snapshot(&viewer, 0).offers.len(), 1);
}
