//! Why a conversation waits, or to whom it went.

use super::{Centre, conversation, user};
use jackfield_wire::{
    AgentFunnel, Availability, Channel, Code, Command, Explanation, OfferOutcome, Outcome, Role,
};

fn explain(n: u64) -> Command {
    Command::Explain { conversation_id: conversation(n) }
}

fn told(centre: &mut Centre, id: &str, n: u64) -> Explanation {
    match centre.ask(id, explain(n)) {
        Ok(Outcome::Explanation { explanation }) => *explanation,
        other => panic!("{other:?}"),
    }
}

fn funnel(numbers: [u32; 6]) -> Option<AgentFunnel> {
    let [serving, fitting, signed_in, available, with_room, ready] = numbers;
    Some(AgentFunnel { serving, fitting, signed_in, available, with_room, ready })
}

/// Of the five who are configured four are agents; mina and zoe speak French well enough for the VIPs, and sue is not on that queue.
#[test]
fn while_it_waits_each_reason_has_its_count_and_its_sentence() {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.caller("anna1", "vip", Channel::Chat);
    let nobody = told(&mut centre, "bea1", 1);
    assert_eq!(nobody.agents, funnel([3, 2, 0, 0, 0, 0]));
    assert_eq!((nobody.skills["french"], nobody.place, nobody.waiting), (5, Some(1), 1));
    assert!(
        nobody.sentence.contains("of 2 agents who fit (french 5) none is signed in"),
        "{}",
        nobody.sentence
    );
    centre.sign_in("mina1", Role::Agent);
    let away = told(&mut centre, "bea1", 1);
    assert_eq!(away.agents, funnel([3, 2, 1, 0, 0, 0]));
    assert!(away.sentence.contains("none is available"), "{}", away.sentence);
    centre.done("mina1", Command::presence(Availability::Available));
    let offer_id = centre.offer_to("mina1").unwrap();
    centre.done("mina1", Command::RejectOffer { offer_id, reason: None });
    let refused = told(&mut centre, "bea1", 1);
    assert_eq!(refused.agents, funnel([3, 2, 1, 1, 1, 0]));
    assert!(refused.sentence.contains("turned it down a moment ago"), "{}", refused.sentence);
    let before: Vec<_> = refused.before.iter().map(|offer| (&offer.user_id, offer.outcome)).collect();
    assert_eq!(before, [(&user("mina"), Some(OfferOutcome::Rejected))]);
}

#[test]
fn an_offer_and_who_serves_are_told_with_the_reason() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.agent("otto1");
    centre.caller("anna1", "help", Channel::Chat);
    let offered = told(&mut centre, "mina1", 1);
    assert_eq!(offered.offered.len(), 1);
    assert_eq!((offered.offered[0].reason.candidates, offered.owner), (2, None));
    assert!(offered.sentence.contains("by \"longest idle\" among 2"), "{}", offered.sentence);
    centre.accept("mina1");
    let served = told(&mut centre, "mina1", 1);
    assert_eq!((served.owner.clone(), served.agents), (Some(user("mina")), None));
    assert!(
        served.sentence.starts_with("Mina serves it: by \"longest idle\" among 2"),
        "{}",
        served.sentence
    );
}

#[test]
fn customers_learn_nothing_and_agents_only_of_what_they_serve() {
    let mut centre = Centre::new();
    centre.agent("zoe1");
    centre.agent("otto1");
    centre.caller("anna1", "help", Channel::Chat);
    centre.refused("anna1", explain(1), Code::NotAllowed);
    centre.refused("zoe1", explain(1), Code::NotFound);
    centre.refused("otto1", explain(7), Code::NotFound);
    assert_eq!(told(&mut centre, "otto1", 1).offered.len(), 1);
}
