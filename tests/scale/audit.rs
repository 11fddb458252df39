//! From time to time the whole: the exchange's own state against the books.

use super::books::{Books, Talk};
use jackfield_exchange::{BodyRow, Event, Exchange, ExchangeState, TenantConfig};
use jackfield_wire::{ConversationState, Millis, OfferKind, OutboundStage, Part, PendingKind};
use serde_json::Value;

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
        let parties = found["participants"].as_array().map_or(0, Vec::len);
        if parties != talk.parties.len() {
            return Err(format!("{id} has {parties} parties, by the books {}", talk.parties.len()));
        }
    }
    let offers = state["offers"].as_object().map_or(0, serde_json::Map::len);
    (offers == books.offers.len())
        .then_some(())
        .ok_or_else(|| format!("{offers} offers, by the books {}", books.offers.len()))
}

/// Whoever is in a state is with those who make that state.
pub(crate) fn talk(id: &str, talk: &Talk, books: &Books) -> Check {
    let parties: Vec<_> = talk.parties.values().collect();
    let count = |part: Part| parties.iter().filter(|p| p.seat.part == part && p.wraps.is_none()).count();
    let (customers, agents) = (count(Part::Customer), count(Part::Agent));
    let (consulted, monitors) = (count(Part::Consulted), count(Part::Monitor));
    let external = count(Part::External);
    let owners = parties.iter().filter(|p| p.seat.owner).count();
    let owner_serves = talk.owner().is_none_or(|owner| owner.serves());
    let proposed = talk.offers.iter().filter(|id| books.offers[*id].kind == OfferKind::Conversation).count();
    let asked = talk.offers.len() - proposed;
    // Who monitors a parked conversation stays on the line, and is never held.
    let monitors_held = parties.iter().any(|p| p.held && p.seat.part == Part::Monitor);
    let legs =
        parties.iter().filter(|p| p.talks && !matches!(p.seat.part, Part::Customer | Part::Monitor)).count();
    let alone = agents + consulted + monitors + external + legs == 0;
    let right = match talk.state {
        ConversationState::Queued => customers == 1 && owners == 0 && alone && talk.offers.is_empty(),
        ConversationState::Offered => customers == 1 && owners == 0 && alone && proposed > 0 && asked == 0,
        ConversationState::Active if talk.is_unreached() => {
            let calls = talk.pending.as_ref().is_some_and(|asked| asked.kind == PendingKind::Outbound);
            let as_drawn = match talk.outbound {
                Some(OutboundStage::Preview) => customers == 0 && !calls,
                _ => customers == 1 && calls,
            };
            as_drawn
                && owners == 1
                && owner_serves
                && agents == 1
                && consulted + external == 0
                && talk.offers.is_empty()
        }
        ConversationState::Active if owners == 0 => {
            customers == 1 && agents + consulted == 0 && talk.is_outside() && talk.offers.is_empty()
        }
        ConversationState::Active => {
            customers == 1 && owners == 1 && owner_serves && proposed == 0 && asked <= 1
        }
        ConversationState::Parked => {
            customers == 1
                && owners == 1
                && owner_serves
                && agents == 1
                && consulted + external + legs == 0
                && talk.offers.is_empty()
        }
        ConversationState::WrapUp => {
            owners + customers == 0 && alone && !parties.is_empty() && talk.offers.is_empty()
        }
        ConversationState::Ended => false,
    };
    (right && !monitors_held && callback(talk, books))
        .then_some(())
        .ok_or_else(|| format!("{id} is {:?} with {parties:?} and the offers {:?}", talk.state, talk.offers))
}

/// Who is to be called back has no line, and is asked when an agent is there; whether it can be reached follows from its sessions.
fn callback(talk: &Talk, books: &Books) -> bool {
    let rings = talk.pending.as_ref().is_some_and(|pending| pending.kind == PendingKind::Callback);
    let Some(callback) = &talk.callback else { return !rings };
    let there = books.people.get(&talk.customer).is_some_and(|person| person.is_there());
    let quiet = talk.party_of(&talk.customer).is_some_and(|customer| !customer.talks);
    let stands = if rings { talk.state == ConversationState::Active } else { talk.waits() };
    quiet && stands && callback.away_since.is_none() == there
}

/// The exchange as a snapshot gives it back. It must be the same again, and go on in the same way.
pub(crate) fn restart(
    exchange: &Exchange,
    config: &TenantConfig,
    rows: &[BodyRow],
) -> Result<Exchange, String> {
    let text = serde_json::to_string(exchange.state()).map_err(|error| error.to_string())?;
    let state: ExchangeState = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut again = Exchange::from_state(config.clone(), state);
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
