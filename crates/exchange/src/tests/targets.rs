//! To whom a conversation can be given.

use super::{Centre, user};
use jackfield_wire::{Code, Command, Outcome, Role};

fn find(
    centre: &mut Centre,
    session: &str,
    text: Option<&str>,
    limit: Option<u32>,
) -> (Vec<String>, Vec<String>) {
    let find = Command::FindTargets { text: text.map(str::to_owned), limit };
    let Ok(Outcome::Targets { agents, queues }) = centre.ask(session, find) else { panic!("no targets") };
    (
        agents.into_iter().map(|a| a.user_id.to_string()).collect(),
        queues.into_iter().map(|q| q.queue_id.to_string()).collect(),
    )
}

#[test]
fn who_is_available_comes_first_and_who_asks_is_left_out() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.agent("zoe1");
    centre.sign_in("otto1", Role::Agent);
    let (agents, queues) = find(&mut centre, "mina1", None, None);
    // Zoe is available, Otto away, Sue not there; Bea serves nobody.
    assert_eq!(agents, ["zoe", "otto", "sue"]);
    assert_eq!(queues, ["help", "vip"]);
    assert_eq!(find(&mut centre, "mina1", None, Some(1)), (vec!["zoe".into()], vec!["help".into()]));
}

#[test]
fn a_part_of_the_name_is_enough() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    assert_eq!(find(&mut centre, "mina1", Some(" OT "), None), (vec!["otto".into()], vec![]));
    assert_eq!(find(&mut centre, "mina1", Some("vi"), None), (vec![], vec!["vip".into()]));
    assert_eq!(find(&mut centre, "mina1", Some("nobody"), None), (vec![], vec![]));
}

#[test]
fn supervisors_find_too_and_customers_do_not() {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.customer("carla1");
    centre.agent("mina1");
    assert!(find(&mut centre, "bea1", Some("mina"), None).0.contains(&user("mina").to_string()));
    let find = |limit| Command::FindTargets { text: None, limit };
    centre.refused("carla1", find(None), Code::NotAllowed);
    centre.refused("mina1", find(Some(0)), Code::InvalidField);
    centre.refused("mina1", find(Some(101)), Code::InvalidField);
}
