//! Conditions: what they say, what is refused at load, and that whatever is written does no harm.

use super::{
    RuleFailure,
    condition::{Condition, Language, Scope},
    facts::{Facts, Record, list, number, record, text},
};
use proptest::prelude::*;

fn facts() -> Facts {
    let attributes = Record::new([
        ("tier".to_owned(), text("gold")),
        ("orders".to_owned(), number(7)),
        ("tags".to_owned(), list([text("new"), text("loud")])),
    ]);
    let conversation = Record::of([
        ("channel", Some(text("voice"))),
        ("subject", Some(text("My bill"))),
        ("attributes", Some(record(attributes.clone()))),
        ("waitedMs", Some(number(0))),
    ]);
    let customer = Record::of([("userId", Some(text("cust-1"))), ("attributes", Some(record(attributes)))]);
    let queue = Record::of([("waiting", Some(number(3))), ("estimatedWaitMs", None)]);
    let local = Record::of([("hour", Some(number(9))), ("weekday", Some(text("mon")))]);
    let facts = Facts::default().with("conversation", conversation).with("customer", customer);
    let facts = facts.with("queue", queue).with("local", local);
    facts.with("now", cel::common::types::CelInt::from(1_000))
}

fn holds(text: &str) -> Result<bool, RuleFailure> {
    let condition = Condition::read(text, Scope::Conversation);
    condition.unwrap_or_else(|wrong| panic!("{text}: {wrong:?}")).holds(&Language::default(), &facts())
}

#[test]
fn conditions_say_what_they_mean() {
    for (text, expected) in [
        ("true", Ok(true)),
        ("customer.attributes.tier == 'gold'", Ok(true)),
        ("customer.attributes['tier'] in ['gold', 'platinum']", Ok(true)),
        ("conversation.channel == 'chat' || queue.waiting < 5", Ok(true)),
        ("conversation.subject.contains('bill') && local.hour >= 9 && local.hour < 17", Ok(true)),
        ("customer.attributes.orders > 6.5", Ok(true)),
        ("'loud' in customer.attributes.tags", Ok(true)),
        ("customer.attributes.tags.exists(t, t.startsWith('lo'))", Ok(true)),
        ("customer.attributes.all(name, name != 'blocked')", Ok(true)),
        ("size(customer.attributes.tags) == 2 && customer.attributes.size() == 3", Ok(true)),
        ("now == 1000", Ok(true)),
        // What is not there: asked for in the two ways that CEL has, it is false; looked at, the condition fails, which counts as false.
        ("has(customer.attributes.language)", Ok(false)),
        ("'language' in customer.attributes", Ok(false)),
        ("has(customer.attributes.language) && customer.attributes.language == 'fr'", Ok(false)),
        ("customer.attributes.language == 'fr'", Err(RuleFailure::Missing)),
        ("customer.attributes.language == 'fr' || customer.attributes.tier == 'gold'", Ok(true)),
        ("customer.attributes.language != 'fr' && customer.attributes.tier == 'iron'", Ok(false)),
        ("queue.estimatedWaitMs > 60000", Err(RuleFailure::Missing)),
        ("customer.attributes.tier > 3", Err(RuleFailure::WrongType)),
        ("customer.attributes[3] == 'gold'", Err(RuleFailure::WrongType)),
        ("1 / (queue.waiting - 3) > 0", Err(RuleFailure::Arithmetic)),
        ("9223372036854775807 + queue.waiting > 0", Err(RuleFailure::Arithmetic)),
        ("customer.attributes.tier", Err(RuleFailure::NotAnAnswer)),
        ("int(customer.attributes.tier) > 3", Err(RuleFailure::Other)),
    ] {
        assert_eq!(holds(text), expected, "{text}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let long = "true && ".repeat(300) + "true";
    let chain = vec!["1"; 200].join(" + ") + " > 0";
    let brackets = "(".repeat(40) + "[".repeat(60).as_str();
    let nested =
        "conversation.attributes.all(a, customer.attributes.all(b, conversation.attributes.all(c, a == c)))";
    for (text, at, problem) in [
        ("customer.attributes.tier ==", Some(27), "it is no CEL"),
        ("(local.hour > 3", Some(15), "it is no CEL"),
        ("", Some(0), "it is no CEL"),
        ("custmer.attributes.tier == 'custmer'", Some(0), "there is no variable custmer"),
        ("'t == ' != t", Some(11), "there is no variable t"),
        ("true &&\n  agent.userId == 'x'", Some(10), "there is no variable agent"),
        ("local.hours == 3", Some(6), "there is no field of local hours"),
        ("now.hour == 3", Some(4), "there is no field of now hour"),
        ("customer.name == 'x'", Some(9), "there is no field of customer name"),
        ("conversation.subject.matches('a*')", Some(21), "there is no function matches"),
        ("random() > 0.5", Some(0), "there is no function random"),
        ("Foo{a: 1} == Foo{a: 1}", Some(0), "there is no type Foo"),
        (&long, None, "it has 2404 bytes"),
        (&chain, None, "it is nested too deeply"),
        (&brackets, None, "it is nested too deeply"),
        (nested, None, "evaluating it may take"),
    ] {
        let wrong = Condition::read(text, Scope::Conversation).unwrap_err();
        assert!(wrong[0].problem.starts_with(problem), "{text}: {wrong:?}");
        assert_eq!(wrong[0].at, at, "{text}: {wrong:?}");
        assert!(!wrong[0].remedy.is_empty(), "{text}");
    }
    let both = Condition::read("custmer == local.houre", Scope::Conversation).unwrap_err();
    assert_eq!(both.len(), 2, "{both:?}");
}

/// Parts of CEL, put together in ways that are mostly readable.
fn any_text() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "true",
        "1",
        "0",
        "-3",
        "2.5",
        "7u",
        "'gold'",
        "null",
        "conversation",
        "customer.attributes",
        "customer.attributes.tier",
        "customer.attributes.tags",
        "customer.attributes.none",
        "queue.waiting",
        "local.hour",
        "now",
        "[1, 2, 'a']",
        "{'a': 1}",
        "[]",
        "9223372036854775807",
        "conversation.subject",
        "x",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(6, 40, 3, |inner| {
        let operator = prop::sample::select(vec![
            "+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||", " in ", "?", ".", "[",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| match o {
                "?" => format!("({a} ? {b} : {a})"),
                "." => format!("{a}.all(x, {b})"),
                "[" => format!("{a}[{b}]"),
                o => format!("({a} {o} {b})"),
            }),
            (
                prop::sample::select(vec!["!", "-", "size", "int", "string", "has", "double", "type", "dyn"]),
                inner.clone()
            )
                .prop_map(|(f, a)| format!("{f}({a})")),
            (inner.clone(), prop::sample::select(vec!["filter", "map", "exists", "exists_one"]), inner)
                .prop_map(|(a, f, b)| format!("{a}.{f}(x, {b})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_refused_or_ends_and_says_the_same_again(text in any_text()) {
        if let Ok(condition) = Condition::read(&text, Scope::Conversation) {
            let language = Language::default();
            let first = condition.holds(&language, &facts());
            prop_assert_eq!(first, condition.holds(&language, &facts()));
        }
    }

    #[test]
    fn any_characters_are_refused_or_end(text in "[-a-z0-9 .()\\[\\]{}?:+*/%!=<>&|\"'\\\\,\n\u{e9}\u{1f600}]{0,200}") {
        if let Ok(condition) = Condition::read(&text, Scope::Conversation) {
            let _ = condition.holds(&Language::default(), &facts());
        }
    }

    #[test]
    fn long_rows_and_deep_nests_are_refused_or_end(
        part in prop::sample::select(vec!["!", "-", "(", "[", "{", "1+", "a.", "true?", "size(", "'a'+", "now<", "[1].map(x,", "has("]),
        times in 0..1_000usize,
        end in prop::sample::select(vec!["1", "true", ")", "]", "", "now"]),
    ) {
        if let Ok(condition) = Condition::read(&(part.repeat(times) + end), Scope::Conversation) {
            let _ = condition.holds(&Language::default(), &facts());
        }
    }
}
