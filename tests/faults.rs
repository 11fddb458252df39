//! Faults that a gateway meets: it is killed, halted and starved, its lines are cut, its readers fall asleep. A real process each time.
//!
//! `JACKFIELD_GATEWAY` names the binary; without it, the one that cargo built last.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "faults/people.rs"]
mod people;
#[path = "faults/process.rs"]
mod process;
#[path = "faults/relay.rs"]
mod relay;

use jackfield_load::LoadError;
use jackfield_wire::{Code, Command, CommandId, Outcome, Resumed, ServerFrame};
use people::{Chat, Person};
use process::{Folder, Gateway};
use relay::Relay;
use std::collections::BTreeMap;

/// The commands of one side: by id, what is written.
fn plan(who: &str, round: usize, count: usize) -> Vec<(CommandId, String)> {
    let one = |i| (CommandId::parse(&format!("{who}-{round}-{i}")).unwrap(), format!("{who} {round}.{i}"));
    (0..count).map(one).collect()
}

/// Sends without waiting, as far as the line takes it.
async fn pour(person: &mut Person, commands: &[(CommandId, Command)]) {
    for (id, command) in commands {
        if person.client.send_as(id.clone(), command.clone()).await.is_err() {
            return;
        }
    }
}

fn commands(chat: &Chat, plan: &[(CommandId, String)]) -> Vec<(CommandId, Command)> {
    plan.iter().map(|(id, text)| (id.clone(), chat.say(text))).collect()
}

async fn insist_on_all(person: &mut Person, commands: &[(CommandId, Command)]) {
    for (id, command) in commands {
        let known = person.acknowledged.get(id).copied();
        match person.insist(id, command).await.unwrap() {
            Outcome::MessageSent { number, .. } => {
                assert!(known.is_none_or(|known| known == number), "{id} was {known:?}, is {number}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_kill_9_once_and_at_its_number() {
    let data = Folder::new();
    let mut gateway = Gateway::start(data.path());
    let mut chat = Chat::begin(&gateway.door()).await;
    let mut sent = BTreeMap::new();
    // Killed after so many answers: at the first, in the middle of the flood, near its end.
    for (round, answers) in [1, 9, 18].into_iter().enumerate() {
        let (ours, theirs) = (plan("agent", round, 20), plan("customer", round, 20));
        let (ours_sent, theirs_sent) = (commands(&chat, &ours), commands(&chat, &theirs));
        pour(&mut chat.agent, &ours_sent).await;
        pour(&mut chat.customer, &theirs_sent).await;
        chat.agent.client.answer(&ours[answers].0).await.unwrap().unwrap();
        gateway.kill();
        // What the gateway had sent before it died is still in the socket.
        chat.agent.client.read_to_end().await;
        chat.customer.client.read_to_end().await;
        gateway.restart();
        assert_eq!(chat.agent.come_back().await, Resumed::Snapshot);
        assert_eq!(chat.customer.come_back().await, Resumed::Snapshot);
        insist_on_all(&mut chat.agent, &ours_sent).await;
        insist_on_all(&mut chat.customer, &theirs_sent).await;
        sent.extend(ours.into_iter().chain(theirs));
    }
    chat.is_whole(&sent).await;
}

#[tokio::test]
async fn a_command_sent_again_is_answered_the_same_and_another_under_its_id_is_refused() {
    let data = Folder::new();
    let mut gateway = Gateway::start(data.path());
    let mut chat = Chat::begin(&gateway.door()).await;
    let id = CommandId::parse("once").unwrap();
    let say = chat.say("once");
    let first = chat.customer.insist(&id, &say).await.unwrap();
    chat.customer.forget();
    for _ in 0..3 {
        gateway.kill();
        gateway.restart();
        assert_eq!(chat.customer.insist(&id, &say).await.unwrap(), first);
    }
    let other = chat.say("twice");
    chat.customer.forget();
    let refused = chat.customer.insist(&id, &other).await.unwrap_err();
    assert_eq!(refused.code, Code::CommandIdReused);
    chat.agent.come_back().await;
    chat.is_whole(&BTreeMap::from([(id, "once".to_owned())])).await;
}

#[tokio::test]
async fn cut_lines_lose_no_event_and_repeat_none() {
    let data = Folder::new();
    let gateway = Gateway::start(data.path());
    let relay = Relay::to(gateway.address()).await;
    let mut chat = Chat::begin(&gateway.door().by(relay.address)).await;
    let mut sent = BTreeMap::new();
    for round in 0..12 {
        let written = plan("customer", round, 6);
        let commands = commands(&chat, &written);
        pour(&mut chat.customer, &commands).await;
        if round % 3 != 0 {
            // Sometimes the cut comes before any answer, sometimes after some.
            let _ = chat.customer.client.answer(&written[round % 5].0).await;
        }
        relay.cut();
        insist_on_all(&mut chat.customer, &commands).await;
        assert_eq!(chat.agent.come_back().await, Resumed::Replay);
        sent.extend(written);
    }
    let last = sent.len() as u64;
    while chat.agent.told.last().is_none_or(|message| message.number < last) {
        chat.agent.client.read().await.unwrap();
        chat.agent.remember();
    }
    let told: Vec<u64> = chat.agent.told.iter().map(|message| message.number).collect();
    assert_eq!(told, (1..=last).collect::<Vec<_>>(), "each message once, in order");
    chat.is_whole(&sent).await;
}

#[tokio::test]
async fn a_reader_that_sleeps_is_cut_off_and_others_go_on() {
    let data = Folder::new();
    let gateway = Gateway::start(data.path());
    let mut chat = Chat::begin(&gateway.door()).await;
    let mut sleeper = chat.agent.slow_twin().await;
    let before = gateway.memory();
    let mut sent = BTreeMap::new();
    for i in 0..400 {
        let id = CommandId::parse(&format!("long-{i}")).unwrap();
        let text = format!("{i} {}", "x".repeat(15_000));
        let say = chat.say(&text);
        chat.customer.insist(&id, &say).await.unwrap();
        chat.customer.forget();
        // The agent's other session does read: else it would be cut off as well.
        while chat.agent.told.len() <= i {
            chat.agent.client.read().await.unwrap();
            chat.agent.remember();
        }
        chat.agent.forget();
        sent.insert(id, text);
    }
    // The one who reads has them all; the one who sleeps is told why it was cut off, or finds the line dead.
    chat.is_whole(&sent).await;
    match sleeper.read_to_end().await {
        LoadError::Wire(error) => assert_eq!(error.code, Code::TooSlow),
        LoadError::Closed | LoadError::Io(_) | LoadError::WebSocket(_) => {}
        other => panic!("{other}"),
    }
    let had = sleeper.frames.len();
    assert!(had < 400, "cut off before the end, not after {had} frames");
    let grown = gateway.memory().saturating_sub(before);
    assert!(grown < 24 << 20, "6 MB written, memory grew by {grown} bytes");
}

#[tokio::test]
async fn two_gateways_on_one_folder_the_second_is_refused() {
    let data = Folder::new();
    let gateway = Gateway::start(data.path());
    let mut chat = Chat::begin(&gateway.door()).await;
    let (status, errors) = Gateway::try_start(data.path(), 0).map(drop).unwrap_err();
    assert!(!status.success());
    let line =
        errors.lines().find(|line| line.contains("in use") || line.contains("another")).unwrap_or_default();
    assert!(!line.is_empty(), "a clear line: {errors}");
    let id = CommandId::parse("still").unwrap();
    let say = chat.say("the first goes on");
    chat.customer.insist(&id, &say).await.unwrap();
    chat.is_whole(&BTreeMap::from([(id, "the first goes on".to_owned())])).await;
}

#[tokio::test]
async fn a_gateway_that_was_halted_goes_on_with_all_that_it_knew() {
    let data = Folder::new();
    let gateway = Gateway::start(data.path());
    let mut chat = Chat::begin(&gateway.door()).await;
    let written = plan("customer", 0, 6);
    let commands = commands(&chat, &written);
    insist_on_all(&mut chat.customer, &commands[..3]).await;
    gateway.signal("STOP");
    // Longer than a session may be silent: both sides of every deadline have passed when it wakes up.
    tokio::time::sleep(std::time::Duration::from_secs(20)).await;
    gateway.signal("CONT");
    insist_on_all(&mut chat.customer, &commands[3..]).await;
    chat.agent.come_back().await;
    chat.is_whole(&written.into_iter().collect()).await;
}

#[tokio::test]
async fn a_gateway_asked_to_end_tells_its_clients_and_takes_them_back() {
    let data = Folder::new();
    let mut gateway = Gateway::start(data.path());
    let mut chat = Chat::begin(&gateway.door()).await;
    let (status, log) = gateway.terminate();
    assert!(status.success(), "{status}: {log}");
    let told =
        chat.agent.client.until(|frame| matches!(frame, ServerFrame::Restarting { .. }).then_some(())).await;
    told.unwrap();
    gateway.restart();
    chat.agent.come_back().await;
    let id = CommandId::parse("after").unwrap();
    let say = chat.say("after");
    chat.customer.insist(&id, &say).await.unwrap();
    chat.is_whole(&BTreeMap::from([(id, "after".to_owned())])).await;
}

/// I14: sockets, threads and memory are back where they were when everybody has left, however often they come and go.
#[tokio::test]
async fn a_gateway_that_everybody_has_left_is_as_it_was() {
    let data = Folder::new();
    let gateway = Gateway::start(data.path());
    let empty = gateway.descriptors();
    let mut memory = Vec::new();
    for _ in 0..6 {
        let chat = Chat::begin(&gateway.door()).await;
        let mut visitors = Vec::new();
        for n in 0..100 {
            visitors.push(people::visit(&gateway.door(), &format!("visitor-{n}")).await);
        }
        assert!(gateway.descriptors() >= empty + 102, "they were all there");
        visitors.extend([chat.agent.client, chat.customer.client]);
        for mut visitor in visitors {
            visitor.send(Command::SignOut).await.unwrap();
            visitor.read_to_end().await;
        }
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while gateway.descriptors() > empty {
            assert!(std::time::Instant::now() < deadline, "{} of {empty}", gateway.descriptors());
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        memory.push((gateway.memory(), gateway.threads()));
    }
    // The first rounds fill caches: those of the allocator, of SQLite, of the tasks.
    let [.., (settled, threads), _, _, (last, last_threads)] = memory[..] else { unreachable!() };
    // A snapshot is written by a thread of its own, which stays for some seconds.
    assert!(last_threads <= threads + 1, "{memory:?}");
    println!("{memory:?}");
    assert!(last <= settled + settled / 20, "{memory:?}");
}

#[tokio::test]
async fn a_full_disk_is_told_and_passes() {
    let Some(disk) = SmallDisk::mount(8) else {
        eprintln!("left out: only root may mount the small disk that this test fills");
        return;
    };
    let gateway = Gateway::start(disk.0.path());
    let mut chat = Chat::begin(&gateway.door()).await;
    let ballast = disk.0.path().join("ballast");
    let filled = std::fs::write(&ballast, vec![0; 8 << 20]);
    assert!(filled.is_err(), "the disk is full");
    let mut sent = BTreeMap::new();
    let refused = loop {
        let id = CommandId::parse(&format!("full-{}", sent.len())).unwrap();
        let text = format!("{} {}", sent.len(), "x".repeat(10_000));
        chat.customer.client.send_as(id.clone(), chat.say(&text)).await.unwrap();
        match chat.customer.client.answer(&id).await.unwrap() {
            Ok(_) => sent.insert(id, text),
            Err(error) => break error,
        };
    };
    assert_eq!(refused.code, Code::StorageUnavailable, "{refused}");
    assert!(refused.code.info().retryable);
    // What is there can still be read.
    assert_eq!(chat.agent.history(&chat.conversation.clone()).await.len(), sent.len());
    std::fs::remove_file(&ballast).unwrap();
    let id = CommandId::parse("room-again").unwrap();
    let say = chat.say("room again");
    while let Err(error) = chat.customer.insist(&id, &say).await {
        assert_eq!(error.code, Code::StorageUnavailable);
        chat.customer.forget();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    sent.insert(id, "room again".to_owned());
    chat.is_whole(&sent).await;
}

/// A file system of a few megabytes in memory.
struct SmallDisk(Folder);

impl SmallDisk {
    fn mount(megabytes: u32) -> Option<Self> {
        let folder = Folder::new();
        let size = format!("size={megabytes}m");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "jackfield"])
            .arg(folder.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the gateway is killed a moment later, when it is dropped.
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}
