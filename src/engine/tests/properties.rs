//! Whatever happens, in whatever order: no panic, no lost request, no unordered message, and twice the same.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Act {
    Send,
    Cancel(u64),
    Receive,
    Answer,
    Refuse,
    TurnAway(u32),
    Cut,
    Restart,
    Replay,
    Snapshot,
    Pass(u64),
    ClockBack(u64),
    Visible,
    Online,
    Suspend,
    Garbage,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::Send),
        1 => (0..20u64).prop_map(Act::Cancel),
        4 => Just(Act::Receive),
        4 => Just(Act::Answer),
        1 => Just(Act::Refuse),
        2 => (0..3_000u32).prop_map(Act::TurnAway),
        1 => Just(Act::Cut),
        1 => Just(Act::Restart),
        2 => Just(Act::Replay),
        2 => Just(Act::Snapshot),
        3 => (0..20_000u64).prop_map(Act::Pass),
        1 => (0..100_000u64).prop_map(Act::ClockBack),
        1 => Just(Act::Visible),
        1 => Just(Act::Online),
        1 => Just(Act::Suspend),
        1 => Just(Act::Garbage),
    ]
}

/// A gateway that keeps one conversation and answers in order.
struct Peer {
    desk: Desk,
    thread: Vec<MessageView>,
    open: Vec<(CommandId, String)>,
    done: std::collections::BTreeMap<CommandId, u64>,
}

impl Peer {
    fn new() -> Self {
        let desk = Desk::open(snapshot(vec![conversation(vec![])]));
        Self { desk, thread: Vec::new(), open: Vec::new(), done: Default::default() }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Send => self.send(),
            Act::Cancel(n) => self.desk.input(Input::Cancel { request: RequestId(*n) }),
            Act::Receive => self.receive(message(self.thread.len() as u64 + 1)),
            Act::Answer => self.answer(),
            Act::Refuse => self.refuse(refusal(Code::WrongState)),
            Act::TurnAway(ms) => {
                self.refuse(Answer::Error(WireError::from(Code::RateLimited).retry_after(*ms)));
            }
            Act::Cut => self.desk.input(Input::SocketClosed { link: self.desk.link, code: 1006 }),
            Act::Restart => self.desk.say(&ServerFrame::Restarting { after_ms: 100, within_ms: 200 }),
            Act::Replay | Act::Snapshot => self.come_back(matches!(act, Act::Replay)),
            Act::Pass(ms) => self.desk.pass(*ms),
            Act::ClockBack(ms) => {
                // A timer that runs counts time, not the clock.
                self.desk.now -= ms;
                self.desk.timeout = self.desk.timeout.map(|at| at.saturating_sub(*ms));
            }
            Act::Visible => self.desk.input(Input::Visible),
            Act::Online => self.desk.input(Input::Online),
            Act::Suspend => {
                self.desk.input(Input::Suspend);
                // A page that goes sends all it has at once: it is gone by the time that one of them could be turned away.
                self.read();
                while !self.open.is_empty() {
                    self.answer();
                }
                self.desk.input(Input::Wake);
            }
            Act::Garbage => self.desk.input(Input::Text { link: self.desk.link, text: "[1".into() }),
        }
        self.read();
    }

    /// Its text is its number, so that the order can be told at the other end.
    fn send(&mut self) {
        let text = format!("{:03}", self.desk.requests);
        self.desk.request(hello(&text));
    }

    /// Takes the commands in, each once. An answer may bring the next.
    fn read(&mut self) {
        loop {
            let commands = self.desk.commands();
            if commands.is_empty() {
                return;
            }
            commands.into_iter().for_each(|(id, command)| self.take(id, command));
        }
    }

    fn take(&mut self, id: CommandId, command: Command) {
        if let Some(number) = self.done.get(&id).copied() {
            return self.desk.answer(&id, sent(number));
        }
        match command {
            Command::SendMessage { text, .. } if self.open.iter().all(|(open, _)| *open != id) => {
                self.open.push((id, text));
            }
            Command::FetchHistory { before, .. } => {
                let below = |m: &&MessageView| before.is_none_or(|b| m.number < b);
                let messages = self.thread.iter().filter(below).cloned().collect();
                self.desk.answer(&id, Answer::Ok(Outcome::History { messages, more: false }));
            }
            _ => {}
        }
    }

    fn up(&self) -> bool {
        self.desk.engine.connection() == crate::engine::ConnectionState::Ready
    }

    fn receive(&mut self, message: MessageView) {
        self.thread.push(message.clone());
        self.desk.seq += 1;
        if self.up() {
            self.desk.seq -= 1;
            self.desk.event(ServerEvent::MessageAdded { conversation_id: c1(), message });
        }
    }

    fn answer(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let (id, text) = self.open.remove(0);
        let number = self.thread.len() as u64 + 1;
        self.done.insert(id.clone(), number);
        self.receive(MessageView {
            command_id: id.clone(),
            participant_id: p("p1"),
            text,
            ..message(number)
        });
        if self.up() {
            self.desk.answer(&id, sent(number));
        }
    }

    fn refuse(&mut self, answer: Answer) {
        if self.up() && !self.open.is_empty() {
            let (id, _) = self.open.remove(0);
            self.desk.answer(&id, answer);
        }
    }

    /// Brings the connection back, if it is lost.
    fn come_back(&mut self, replay: bool) {
        if self.up() {
            return;
        }
        for _ in 0..100 {
            if self.desk.others.contains(&Output::NeedToken) {
                break;
            }
            self.desk.pass(1_000);
        }
        self.desk.greet();
        let Some(ClientFrame::Hello { resume: Some(resume), .. }) = self.desk.frames.last() else { return };
        let had = resume.seq.unwrap_or(0);
        if replay {
            let missed: Vec<_> = self.thread.iter().skip(had as usize).cloned().collect();
            let frame = self.desk.welcome_frame(1, Resumed::Replay, None);
            self.desk.say(&frame);
            for message in missed {
                let seq = message.number;
                let event = ServerEvent::MessageAdded { conversation_id: c1(), message };
                self.desk.say(&ServerFrame::Event { seq, at: 1, event });
            }
        } else {
            // Only the newest three, as of a long conversation.
            let newest = self.thread.iter().rev().take(3).rev().cloned().collect();
            self.desk.welcome(Resumed::Snapshot, Some(snapshot(vec![conversation(newest)])));
        }
    }

    /// At rest: connected, everything answered.
    fn settle(&mut self) {
        self.come_back(true);
        self.read();
        // What was turned away comes again by itself.
        let unanswered = |peer: &Self| (peer.desk.answers.len() as u64) < peer.desk.requests;
        for _ in 0..1_000 {
            if !unanswered(self) {
                break;
            }
            self.answer();
            self.desk.say(&ServerFrame::Ping { n: 1 });
            self.desk.pass(1_000);
            self.read();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_doubled_or_out_of_order(acts in prop::collection::vec(act(), 1..60)) {
        let run = || {
            let mut peer = Peer::new();
            acts.iter().for_each(|act| peer.act(act));
            peer.settle();
            peer
        };
        let peer = run();
        let answered: std::collections::BTreeSet<_> = peer.desk.answers.iter().map(|(r, _)| *r).collect();
        prop_assert_eq!(answered.len(), peer.desk.answers.len(), "an answer twice");
        prop_assert_eq!(answered.len() as u64, peer.desk.requests, "a request without an answer");

        let shown: Vec<u64> = peer.desk.numbers().into_iter().filter(|n| *n > 0).collect();
        prop_assert_eq!(shown, (1..=peer.thread.len() as u64).collect::<Vec<_>>());

        let own: Vec<_> = peer.thread.iter().filter(|m| m.participant_id == p("p1")).map(|m| &m.text).collect();
        prop_assert!(own.is_sorted(), "out of order at the other end: {own:?}");

        let mut told = 0;
        for event in &peer.desk.events {
            if let Event::MessageAdded { message, .. } = event && message.number > 0 {
                prop_assert!(message.number > told, "{} after {told}", message.number);
                told = message.number;
            }
        }
        let again = run();
        prop_assert_eq!(format!("{:?}", peer.desk.events), format!("{:?}", again.desk.events));
    }
}
