//! From time to time the whole: the exchange's own state and figures against the books.

use super::books::Books;
use jackfield_exchange::{BodyRow, Event, Exchange, ExchangeState, TenantConfig};
use jackfield_wire::{ConversationState, Millis, UserId};
use serde_json::Value;
use std::collections::BTreeMap;

type Check = Result<(), String>;

/// Nothing is lost: what came in is where the books say, or was closed.
pub(crate) fn state(exchange: &Exchange, books: &Books) -> Check {
    let state = serde_json::to_value(exchange.state()).map_err(|error| error.to_string())?;
    let open = state["conversations"].as_object().ok_or("the state has no conversations")?;
    if books.started - books.closed != open.len() as u64 || open.len() != books.talks.len() {
        return Err(format!("{} began, {} closed, {} are open", books.started, books.closed, open.len()));
    }
    for (id, talk) in &books.talks {
        let found = &open[id.as_str()];
        let stands = serde_json::to_value(talk.state).map_err(|error| error.to_string())?;
        if found["state"] != stands {
            return Err(format!("{id} is {}, by the books {stands}", found["state"]));
        }
        somewhere(id.as_str(), talk)?;
    }
    let offers = state["offers"].as_object().map_or(0, serde_json::Map::len);
    (offers == books.offers.len())
        .then_some(())
        .ok_or_else(|| format!("{offers} offers, by the books {}", books.offers.len()))
}

/// Whoever is in a state is with those who make that state.
fn somewhere(id: &str, talk: &super::books::Talk) -> Check {
    let agents = talk.parties.values().filter(|party| !super::eyes::is_customer(&party.user)).count();
    let customers = talk.parties.len() - agents;
    let right = match talk.state {
        // An agent who handed it over may have its work after it still.
        ConversationState::Queued => customers > 0 && talk.offers.is_empty(),
        ConversationState::Offered => customers > 0 && !talk.offers.is_empty(),
        ConversationState::Active => agents > 0,
        _ => agents > 0 && talk.offers.is_empty(),
    };
    let (state, offers) = (talk.state, talk.offers.len());
    right.then_some(()).ok_or_else(|| {
        format!("{id} is {state:?} with {agents} agents, {customers} customers, {offers} offers")
    })
}

/// The figures of the floor are what a count of the books gives.
pub(crate) fn floor(exchange: &Exchange, books: &Books) -> Check {
    let floor = serde_json::to_value(exchange.floor()).map_err(|error| error.to_string())?;
    let mut queues: BTreeMap<&str, (u64, u64, Option<Millis>)> = BTreeMap::new();
    for talk in books.talks.values() {
        let (waiting, active, longest) = queues.entry(talk.queue.as_str()).or_default();
        match talk.state {
            ConversationState::Queued | ConversationState::Offered => {
                *waiting += 1;
                *longest = Some(longest.map_or(talk.arrived, |before: Millis| before.min(talk.arrived)));
            }
            ConversationState::Active => *active += 1,
            _ => {}
        }
    }
    for queue in floor["queues"].as_array().into_iter().flatten() {
        let (waiting, active, longest) =
            queues.get(queue["queueId"].as_str().unwrap_or("")).copied().unwrap_or_default();
        let same = queue["waiting"] == waiting && queue["active"] == active;
        if !same || queue["longestSince"].as_u64() != longest {
            return Err(format!(
                "{queue}, by the books {waiting} wait since {longest:?} and {active} are served"
            ));
        }
    }
    for agent in floor["agents"].as_array().into_iter().flatten() {
        let user =
            UserId::parse(agent["userId"].as_str().unwrap_or("")).map_err(|error| error.to_string())?;
        let load = books.load(&user);
        if agent["voice"] != load.voice || agent["chats"] != load.chat {
            return Err(format!("{agent}, by the books {load:?}"));
        }
    }
    Ok(())
}

/// The exchange as a snapshot gives it back. It must be the same again.
pub(crate) fn restart(exchange: &Exchange, rows: &[BodyRow]) -> Result<Exchange, String> {
    let text = serde_json::to_string(exchange.state()).map_err(|error| error.to_string())?;
    let state: ExchangeState = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut again = Exchange::from_state(exchange.config().clone(), state);
    rows.iter().for_each(|row| again.furnish(row));
    same(again.state(), exchange.state(), "a snapshot")?;
    Ok(again)
}

/// The journal, read again, comes to the same state; with the configuration that was in force at each time.
pub(crate) fn replay(journal: &[Written], rows: &[BodyRow], exchange: &Exchange) -> Check {
    let mut again: Option<Exchange> = None;
    for written in journal {
        match written {
            Written::Config(config) => match &mut again {
                Some(again) => again.reconfigure((**config).clone()),
                None => again = Some(Exchange::new((**config).clone())),
            },
            Written::Fact(at, text) => {
                let event: Event = serde_json::from_str(text).map_err(|error| format!("{text}: {error}"))?;
                again.iter_mut().for_each(|exchange| exchange.apply(&event, *at));
            }
        }
    }
    let mut again = again.ok_or("an empty journal")?;
    rows.iter().for_each(|row| again.furnish(row));
    same(again.state(), exchange.state(), "a replay")
}

/// A line of the journal, or what the host did between two.
pub(crate) enum Written {
    Config(Box<TenantConfig>),
    Fact(Millis, String),
}

fn same(found: &ExchangeState, expected: &ExchangeState, after: &str) -> Check {
    if found == expected {
        return Ok(());
    }
    let [found, expected] = [found, expected].map(|state| serde_json::to_value(state).unwrap_or(Value::Null));
    let (way, found, expected) = difference("", &found, &expected);
    Err(format!("after {after} {way} is {found}, it was {expected}"))
}

/// The first place where two differ.
fn difference<'a>(way: &str, found: &'a Value, expected: &'a Value) -> (String, &'a Value, &'a Value) {
    if let (Value::Object(a), Value::Object(b)) = (found, expected) {
        for key in a.keys().chain(b.keys()) {
            let [x, y] = [a, b].map(|map| map.get(key).unwrap_or(&Value::Null));
            if x != y {
                return difference(&format!("{way}/{key}"), x, y);
            }
        }
    }
    (way.to_owned(), found, expected)
}
