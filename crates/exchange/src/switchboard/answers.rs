//! The answers a session has had, so that a command sent again is answered and not done again (I1, I8).

use jackfield_wire::{Answer, Command, CommandId};
use std::collections::{HashMap, VecDeque};

/// What is known of a command that came before.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Before {
    /// It is new.
    New,
    /// It was answered.
    Answered(Answer),
    /// It is being worked on; its answer will come.
    Waiting,
    /// It changes nothing and may simply be done again: its answer was not kept.
    Again,
    /// Another command came under this id.
    Reused,
}

#[derive(Debug, Clone)]
struct Given {
    digest: u64,
    answer: State,
}

#[derive(Debug, Clone)]
enum State {
    Waiting,
    Answered(Answer),
    Repeatable,
}

/// The newest answers of one session. Empty, it holds no memory.
#[derive(Debug, Default)]
pub(super) struct Answers {
    by_id: HashMap<CommandId, Given>,
    order: VecDeque<CommandId>,
}

impl Answers {
    /// What is known of this command.
    pub(super) fn before(&self, id: &CommandId, digest: u64) -> Before {
        match self.by_id.get(id) {
            None => Before::New,
            Some(given) if given.digest != digest => Before::Reused,
            Some(given) => match &given.answer {
                State::Waiting => Before::Waiting,
                State::Answered(answer) => Before::Answered(answer.clone()),
                State::Repeatable => Before::Again,
            },
        }
    }

    /// Notes that the command is being worked on.
    pub(super) fn begin(&mut self, id: &CommandId, digest: u64, most: usize) {
        self.note(id, Given { digest, answer: State::Waiting }, most);
    }

    /// Notes the command's answer.
    pub(super) fn finish(&mut self, id: &CommandId, digest: u64, answer: Answer, most: usize) {
        self.note(id, Given { digest, answer: State::Answered(answer) }, most);
    }

    /// Notes that the command was answered and changes nothing: done again, it gives what holds then.
    pub(super) fn finish_repeatable(&mut self, id: &CommandId, digest: u64, most: usize) {
        self.note(id, Given { digest, answer: State::Repeatable }, most);
    }

    /// Forgets the command: it never reached the rules, and the same id may come again.
    pub(super) fn forget(&mut self, id: &CommandId) {
        if self.by_id.remove(id).is_some() {
            self.order.retain(|other| other != id);
        }
    }

    /// The answers given, oldest first.
    pub(super) fn given(&self) -> impl Iterator<Item = (&CommandId, u64, &Answer)> {
        self.order.iter().filter_map(|id| match self.by_id.get(id) {
            Some(Given { digest, answer: State::Answered(answer) }) => Some((id, *digest, answer)),
            _ => None,
        })
    }

    fn note(&mut self, id: &CommandId, given: Given, most: usize) {
        if self.by_id.insert(id.clone(), given).is_none() {
            self.order.push_back(id.clone());
        }
        while self.order.len() > most {
            if let Some(oldest) = self.order.pop_front() {
                self.by_id.remove(&oldest);
            }
        }
    }
}

/// What a command says, as a number: FNV-1a over its JSON. It is kept in the journal, so it must be the same in every build and on every machine, which
/// the standard library's hashes do not promise.
pub(super) fn digest(command: &Command) -> u64 {
    let text = serde_json::to_vec(command).unwrap_or_default();
    let hash = text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Numbers of the journal stay below 2^53, as all numbers on the wire do: other tools read them too.
    hash >> 11
}

#[cfg(test)]
mod tests {
    use super::*;
    use jackfield_wire::{Availability, Outcome};

    fn id(text: &str) -> CommandId {
        CommandId::parse(text).unwrap()
    }

    #[test]
    fn tells_again_what_was_answered() {
        let mut answers = Answers::default();
        assert_eq!(answers.before(&id("1"), 7), Before::New);
        answers.begin(&id("1"), 7, 2);
        assert_eq!(answers.before(&id("1"), 7), Before::Waiting);
        answers.finish(&id("1"), 7, Answer::Ok(Outcome::Done), 2);
        assert_eq!(answers.before(&id("1"), 7), Before::Answered(Answer::Ok(Outcome::Done)));
        assert_eq!(answers.before(&id("1"), 8), Before::Reused);
        answers.finish_repeatable(&id("2"), 7, 2);
        assert_eq!(answers.before(&id("2"), 7), Before::Again);
        answers.forget(&id("2"));
        assert_eq!(answers.before(&id("2"), 7), Before::New);
    }

    #[test]
    fn remembers_the_newest_only() {
        let mut answers = Answers::default();
        for n in 0..5 {
            answers.finish(&id(&n.to_string()), n, Answer::Ok(Outcome::Done), 3);
        }
        assert_eq!(answers.before(&id("1"), 1), Before::New);
        assert_eq!(
            answers.given().map(|(id, ..)| id.as_str().to_owned()).collect::<Vec<_>>(),
            ["2", "3", "4"]
        );
    }

    #[test]
    fn another_text_is_another_digest_and_the_same_is_the_same_for_ever() {
        let set = |availability| digest(&Command::presence(availability));
        assert_ne!(set(Availability::Away), set(Availability::Busy));
        assert_eq!(set(Availability::Away), set(Availability::Away));
        assert_eq!(digest(&Command::SignOut), 0x1a_1fa6_7bd7_4193, "journals of older builds hold this");
    }
}
