//! Attributes, tags, links and notes: who may set them, who sees them, and that they stay out of the journal.

use super::{Centre, centre::config, conversation};
use jackfield_wire::{
    AttributeValue, Attributes, Channel, Code, Command, ConversationView, Link, Outcome, Role, ServerEvent,
    Target, Visibility, limits,
};
use serde_json::{Value, json};

fn set(pairs: Value) -> Command {
    let set = serde_json::from_value(pairs).unwrap();
    Command::SetAttributes { conversation_id: conversation(1), set, remove: Vec::new() }
}

fn remove(name: &str) -> Command {
    let remove = vec![name.to_owned()];
    Command::SetAttributes { conversation_id: conversation(1), set: Attributes::new(), remove }
}

fn tags(add: &[&str], remove: &[&str]) -> Command {
    let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    Command::SetTags { conversation_id: conversation(1), add: owned(add), remove: owned(remove) }
}

fn links(links: &[(&str, &str)]) -> Command {
    let link = |(name, url): &(&str, &str)| Link { name: (*name).into(), url: (*url).into(), fixed: false };
    Command::SetLinks { conversation_id: conversation(1), links: links.iter().map(link).collect() }
}

fn note(text: &str) -> Command {
    Command::AddNote { conversation_id: conversation(1), text: text.to_owned() }
}

/// A centre where `tier` is declared for agents, `stage` to be seen by customers, and `email` to be written by them.
fn declared() -> Value {
    let mut config = config();
    config["attributes"] = json!({
        "tier": { "type": "text", "values": ["gold", "silver"] },
        "stage": { "type": "number", "customer": "read" },
        "email": { "type": "text", "max_bytes": 20, "customer": "write" },
    });
    config["queues"][0]["links"] = json!([
        { "name": "CRM", "url": "https://crm.example/{customer.userId}?q={attributes.account}&n={customer.name}" },
        { "name": "Queue", "url": "https://crm.example/queues/{queue.id}/{conversation.id}" },
    ]);
    config
}

fn served(config: Value) -> Centre {
    let mut centre = Centre::with(config);
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Chat);
    centre.accept("mina1");
    centre.told.clear();
    centre
}

fn seen(centre: &Centre, id: &str) -> ConversationView {
    centre.seen(id, 1).unwrap()
}

#[test]
fn attributes_are_set_replaced_and_taken_away() {
    let mut centre = served(config());
    centre.done("mina1", set(json!({ "account": 4711, "vip": true, "orders": ["A-17", "A-18"] })));
    centre.done("mina1", set(json!({ "account": "4712" })));
    centre.done("mina1", remove("vip"));
    let attributes = seen(&centre, "mina1").attributes;
    assert_eq!(attributes["account"], "4712".into());
    assert_eq!(attributes["orders"], AttributeValue::Texts(vec!["A-17".into(), "A-18".into()]));
    assert!(!attributes.contains_key("vip"));
    assert_eq!(attributes["canary"], "canary-of-carla1".into(), "the others stay");
    let before = centre.journal.len();
    centre.done("mina1", set(json!({ "account": "4712" })));
    centre.done("mina1", remove("never there"));
    assert_eq!(centre.journal.len(), before, "what changes nothing is no fact");
}

#[test]
fn what_is_too_large_is_refused_whole() {
    let mut centre = served(config());
    let large = "x".repeat(limits::ATTRIBUTE_VALUE_BYTES);
    centre.done("mina1", set(json!({ "a": large })));
    let refused = centre.ask("mina1", set(json!({ "b": large, "c": 1 }))).unwrap_err();
    assert_eq!(refused.code, Code::AttributesTooLarge);
    assert!(refused.message.starts_with("with those that are there, attributes has"), "{refused}");
    centre.refused("mina1", set(json!({ "a": format!("{large}x") })), Code::AttributesTooLarge);
    assert!(!seen(&centre, "mina1").attributes.contains_key("c"));
}

#[test]
fn customers_see_what_they_brought_as_they_brought_it() {
    let mut centre = served(config());
    let brought = seen(&centre, "carla1").attributes;
    centre.done("mina1", set(json!({ "account": 4711, "canary": "changed" })));
    centre.done("mina1", remove("canary"));
    assert_eq!(seen(&centre, "carla1").attributes, brought);
    centre.done("mina1", tags(&["refund"], &[]));
    centre.done("mina1", links(&[("Order", "https://shop.example/a-17")]));
    assert!(centre.ask("mina1", note("a note")).is_ok());
    let own = seen(&centre, "carla1");
    assert_eq!((own.tags.len(), own.links.len(), own.last_message), (0, 0, 0));
    assert_eq!(centre.told("carla1"), [], "and are told of nothing");
    assert_eq!(centre.told("mina1").len(), 5);
    for command in [set(json!({ "account": 1 })), remove("canary"), tags(&["x"], &[]), links(&[]), note("x")]
    {
        centre.refused("carla1", command, Code::NotAllowed);
    }
}

#[test]
fn declarations_are_enforced() {
    let mut centre = served(declared());
    for (wrong, said) in [
        (json!({ "tier": "bronze" }), "attributes.tier must be one of: gold, silver"),
        (json!({ "tier": 1 }), "attributes.tier must be a text"),
        (json!({ "stage": "2" }), "attributes.stage must be a number"),
        (json!({ "email": "x".repeat(21) }), "attributes.email has 21 bytes; at most 20"),
    ] {
        let refused = centre.ask("mina1", set(wrong)).unwrap_err();
        assert_eq!(refused.code, Code::InvalidField);
        assert!(refused.message.starts_with(said), "{refused}");
    }
    centre.done("mina1", set(json!({ "tier": "gold", "stage": 2, "free": [] })));
    let told = centre.told("carla1");
    assert!(
        matches!(&told[..], [ServerEvent::ContextChanged { attributes: Some(shown), tags: None, links: None, .. }]
            if shown["stage"] == 2.into() && !shown.contains_key("tier") && !shown.contains_key("free")),
        "{told:?}"
    );
    centre.done("mina1", set(json!({ "tier": "silver" })));
    assert_eq!(centre.told("carla1"), [], "nothing that a customer may see");
    centre.done("carla1", set(json!({ "email": "carla@home.example" })));
    assert_eq!(seen(&centre, "mina1").attributes["email"], "carla@home.example".into());
    assert_eq!(seen(&centre, "carla1").attributes["email"], "carla@home.example".into());
    centre.refused("carla1", set(json!({ "stage": 3 })), Code::NotAllowed);
    centre.refused("carla1", set(json!({ "free": 3 })), Code::NotAllowed);
}

#[test]
fn what_is_declared_is_shown_to_who_works_for_the_tenant_and_what_agents_only_read_stays() {
    let mut config = declared();
    config["attributes"]["tier"]["agent"] = "read".into();
    config["attributes"]["tier"]["label"] = "Customer tier".into();
    config["attributes"]["email"]["place"] = 1.into();
    config["tags"] = json!([{ "id": "complaint", "name": "Complaint" }]);
    let mut centre = served(config);
    let seen_now = centre.snapshot("mina1");
    let names: Vec<_> =
        seen_now.attributes.iter().map(|a| (a.name.as_str(), a.label.as_str(), a.read_only)).collect();
    assert_eq!(
        names,
        [("stage", "stage", false), ("tier", "Customer tier", true), ("email", "email", false)]
    );
    assert_eq!(seen_now.tags[0].name, "Complaint");
    let customer = centre.snapshot("carla1");
    assert!(customer.attributes.is_empty() && customer.tags.is_empty());
    for command in [set(json!({ "tier": "gold" })), remove("tier")] {
        let refused = centre.ask("mina1", command).unwrap_err();
        assert_eq!(refused.code, Code::NotAllowed);
        assert!(refused.message.contains("tier"), "{}", refused.message);
    }
    centre.done("mina1", set(json!({ "stage": 2 })));
}

#[test]
fn a_page_brings_what_is_its_own_and_nothing_declared_for_others() {
    let mut centre = Centre::with(declared());
    centre.customer("carla1");
    let start = |pairs: Value| Command::StartConversation {
        queue_id: Some(super::queue("help")),
        channel: Channel::Chat,
        subject: None,
        attributes: serde_json::from_value(pairs).unwrap(),
    };
    centre.refused("carla1", start(json!({ "tier": "gold" })), Code::NotAllowed);
    centre.refused("carla1", start(json!({ "email": 7 })), Code::InvalidField);
    let started = centre.ask("carla1", start(json!({ "email": "c@home.example", "page": "/parcels" })));
    assert!(matches!(started, Ok(Outcome::ConversationStarted { .. })));
    assert_eq!(seen(&centre, "carla1").attributes.len(), 2);
}

#[test]
fn tags_are_codes_in_order() {
    let mut centre = served(config());
    centre.done("mina1", tags(&["refund", "환불", "A-17"], &[]));
    centre.done("mina1", tags(&["refund", "vip"], &["A-17"]));
    assert_eq!(seen(&centre, "mina1").tags, ["refund", "vip", "환불"]);
    for wrong in ["", " ", "a\nb", "<b>", "mina@contoso.example", "-", &"x".repeat(limits::TAG_BYTES + 1)] {
        centre.refused("mina1", tags(&[wrong], &[]), Code::InvalidField);
    }
    let many: Vec<_> = (0..limits::TAGS).map(|n| format!("t{n}")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    centre.refused("mina1", tags(&many, &[]), Code::InvalidField);
    centre.done("mina1", tags(&many, &["refund", "vip", "환불"]));
}

#[test]
fn links_lead_to_the_web_and_nowhere_else() {
    let mut centre = served(config());
    centre.done("mina1", links(&[("Order", "https://shop.example/a-17"), ("Old", "http://shop.example")]));
    for wrong in [("x", "javascript:alert(1)"), ("", "https://shop.example"), ("x", "https://a@b.example")] {
        centre.refused("mina1", links(&[wrong]), Code::InvalidField);
    }
    let many = vec![("x", "https://shop.example"); limits::LINKS + 1];
    centre.refused("mina1", links(&many), Code::InvalidField);
    assert_eq!(seen(&centre, "mina1").links.len(), 2);
    centre.done("mina1", links(&[]));
    assert_eq!(seen(&centre, "mina1").links, []);
}

#[test]
fn a_queues_links_are_filled_in_for_agents() {
    let mut centre = served(declared());
    let urls = |centre: &Centre| -> Vec<(String, bool)> {
        seen(centre, "mina1").links.into_iter().map(|link| (link.url, link.fixed)).collect()
    };
    let queue = ("https://crm.example/queues/help/c1".to_owned(), true);
    assert_eq!(urls(&centre), std::slice::from_ref(&queue), "there is no account yet");
    centre.told.clear();
    centre.done("mina1", set(json!({ "account": "4711 & more/../" })));
    let crm = ("https://crm.example/carla?q=4711%20%26%20more%2F..%2F&n=carla".to_owned(), true);
    assert_eq!(urls(&centre), [crm.clone(), queue.clone()]);
    let told = centre.told("mina1");
    assert!(
        matches!(&told[..], [ServerEvent::ContextChanged { links: Some(links), .. }] if links.len() == 2)
    );
    let shown = seen(&centre, "mina1").links;
    let own = ("Order", "https://shop.example/a-17");
    let Command::SetLinks { conversation_id, links: mut all } = links(&[own]) else { unreachable!() };
    all.splice(0..0, shown);
    centre.done("mina1", Command::SetLinks { conversation_id, links: all });
    assert_eq!(urls(&centre), [crm, queue, (own.1.to_owned(), false)], "fixed ones are not set twice");
}

#[test]
fn notes_have_author_and_time_and_can_be_written_in_wrap_up() {
    let mut centre = served(config());
    centre.now += 5;
    assert_eq!(
        centre.ask("mina1", note("calls back")),
        Ok(Outcome::MessageSent { number: 1, at: 1_000_005 })
    );
    let told = centre.told("mina1");
    let [ServerEvent::MessageAdded { message, .. }] = &told[..] else { panic!("{told:?}") };
    assert!(message.note && message.visibility == Visibility::Internal);
    assert_eq!((message.name.as_str(), message.role, message.at), ("mina", Role::Agent, 1_000_005));
    centre.refused("mina1", note("  "), Code::InvalidField);
    centre.done("carla1", Command::EndConversation { conversation_id: conversation(1) });
    assert!(centre.ask("mina1", note("after")).is_ok());
    centre.done("mina1", tags(&["done"], &[]));
    centre.told.clear();
    let finish = Command::FinishWrapUp {
        conversation_id: conversation(1),
        disposition: Some("solved".into()),
        note: Some("the last".into()),
    };
    centre.done("mina1", finish);
    let told = centre.told("mina1");
    assert!(told.iter().any(|e| matches!(e, ServerEvent::MessageAdded { message, .. } if message.note)));
}

#[test]
fn nothing_of_it_but_tags_is_in_the_journal_or_the_snapshot() {
    let mut centre = served(declared());
    centre.done("mina1", set(json!({ "canary-name": "canary-value", "account": "canary-account" })));
    centre.done("mina1", links(&[("canary-link", "https://shop.example/canary-url")]));
    assert!(centre.ask("mina1", note("canary-note")).is_ok());
    centre.done("mina1", tags(&["refund"], &[]));
    let events: Vec<_> = centre.journal.iter().map(|(_, event)| event).collect();
    let journal = serde_json::to_string(&events).unwrap();
    let snapshot = serde_json::to_string(centre.exchange.state()).unwrap();
    for text in [&journal, &snapshot] {
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("refund"));
    }
    assert!(journal.contains("attributesChanged") && journal.contains("linksChanged"));
}

#[test]
fn foreign_conversations_are_refused_as_absent_ones() {
    let mut centre = served(config());
    centre.agent("otto1");
    centre.sign_in("bea1", Role::Supervisor);
    for id in ["otto1", "bea1"] {
        for command in [set(json!({ "a": 1 })), tags(&["a"], &[]), links(&[]), note("a")] {
            centre.refused(id, command, Code::NotFound);
        }
    }
    let history =
        Command::FetchCustomerHistory { conversation_id: conversation(1), before: None, limit: None };
    centre.refused("otto1", history.clone(), Code::NotFound);
    centre.refused("carla1", history.clone(), Code::NotAllowed);
    centre.done("bea1", history.clone());
    centre.done("mina1", history);
}

#[test]
fn all_of_it_goes_with_the_conversation_to_whom_it_is_given() {
    let mut centre = served(declared());
    centre.done("mina1", set(json!({ "account": 4711 })));
    centre.done("mina1", tags(&["refund"], &[]));
    centre.done("mina1", links(&[("Order", "https://shop.example/a-17")]));
    assert!(centre.ask("mina1", note("calls back")).is_ok());
    let before = seen(&centre, "mina1");
    centre.agent("otto1");
    let target = Target::Agent { user_id: super::user("otto") };
    centre.done("mina1", Command::Transfer { conversation_id: conversation(1), target });
    centre.accept("otto1");
    let after = seen(&centre, "otto1");
    assert_eq!(
        (&after.attributes, &after.tags, &after.links),
        (&before.attributes, &before.tags, &before.links)
    );
    assert_eq!(after.last_message, 1, "the note is there to read");
    // Who handed it over is at its own work; what is set now is the next one's to set.
    for command in [set(json!({ "a": 1 })), tags(&["late"], &[]), links(&[]), note("late")] {
        centre.refused("mina1", command, Code::WrongState);
    }
    centre.done("otto1", tags(&["done"], &[]));
    assert_eq!(seen(&centre, "carla1").tags.len(), 0);
}
