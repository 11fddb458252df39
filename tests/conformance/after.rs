//! The work after a conversation.

use super::centre::Centre;
use jackfield_wire::Code;
use serde_json::json;

fn in_wrap_up() -> Centre {
    let dispositions = json!([{ "id": "solved", "name": "Solved" }]);
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "wrap_up_ms": 30_000, "wrap_up_extensions": 1, "dispositions": dispositions }],
        "users": [{ "user_id": "mina" }],
    }));
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre.does_about("kim", "kim", json!({ "type": "hangUp" }));
    centre
}

/// Genesys Cloud: after-call work with a time-out. Amazon Connect: the after contact work time-out.
#[test]
fn it_ends_by_itself_after_its_time() {
    let mut centre = in_wrap_up();
    centre.pass(29);
    assert_eq!(centre.state("kim"), "wrapUp");
    centre.pass(1);
    assert_eq!(centre.state("kim"), "over");
}

/// Genesys Cloud: wrap-up codes of a queue; a mandatory one must be given, and be one of the queue's.
#[test]
fn it_asks_for_a_code_of_the_queue() {
    let mut centre = in_wrap_up();
    for (disposition, expected) in [(json!(null), false), (json!("lost"), false), (json!("solved"), true)] {
        let mut finish = json!({ "type": "finishWrapUp", "disposition": disposition });
        if disposition.is_null() {
            finish = json!({ "type": "finishWrapUp" });
        }
        let answer = centre.about("mina", "kim", finish);
        assert_eq!(answer.is_ok(), expected, "{answer:?}");
        assert!(expected || answer == Err(Code::InvalidField));
    }
}

/// Genesys Cloud: an agent can ask for more time, as far as the queue allows.
#[test]
fn it_can_be_extended_as_often_as_the_queue_gives() {
    let mut centre = in_wrap_up();
    let extend = json!({ "type": "extendWrapUp" });
    centre.does_about("mina", "kim", extend.clone());
    assert_eq!(centre.about("mina", "kim", extend), Err(Code::WrongState));
    centre.pass(59);
    assert_eq!(centre.state("kim"), "wrapUp");
    centre.pass(1);
    assert_eq!(centre.state("kim"), "over");
}
