//! What users do, and what breaks.

use super::world::{Happening, World};
use jackfield::engine::{Conversation, Input};
use jackfield_exchange::switchboard;
use jackfield_wire::{Activity, Availability, Channel, Command, QueueId, Role, UserId, Visibility};
use std::collections::BTreeMap;

impl World {
    /// A user does something.
    pub(crate) fn act(&mut self) -> Result<(), String> {
        if !self.busy {
            return Ok(());
        }
        self.post.send(self.now + self.random.between(20, 300), Happening::Act);
        let number = self.random.between(0, self.clients.len() as u64) as usize;
        if let Some(command) = self.wish(number) {
            let line =
                format!("{} {} wants {command:?}", self.clients[number].tenant, self.clients[number].user);
            self.note(line);
            let writes = matches!(command, Command::SendMessage { .. }) && self.random.chance(4);
            let flood = if writes { self.flood(number, &command) } else { Vec::new() };
            self.clients[number].ask(self.now, command, &mut self.post)?;
            for command in flood {
                self.clients[number].ask(self.now, command, &mut self.post)?;
            }
        }
        Ok(())
    }

    /// More messages at once than the gateway takes.
    fn flood(&mut self, number: usize, command: &Command) -> Vec<Command> {
        let Command::SendMessage { conversation_id, .. } = command else { return Vec::new() };
        let view = self.clients[number].engine.view();
        let Some(conversation) = view.and_then(|view| view.conversation(conversation_id)).cloned() else {
            return Vec::new();
        };
        *self.faults.entry("flood").or_default() += 1;
        (0..20).map(|_| self.write(number, &conversation)).collect()
    }

    fn wish(&mut self, number: usize) -> Option<Command> {
        let role = self.clients[number].role;
        let conversations: Vec<Conversation> = self.clients[number].engine.view()?.conversations.to_vec();
        match role {
            Role::Customer => match self.random.pick(&conversations).cloned() {
                Some(conversation) if conversations.len() == 2 || self.random.chance(90) => {
                    self.customer_in(number, &conversation)
                }
                _ => Some(self.arrive()),
            },
            Role::Supervisor => Some(self.supervise()),
            _ => match self.random.pick(&conversations).cloned() {
                Some(conversation) if self.random.chance(85) => self.agent_in(number, &conversation),
                _ => Some(self.presence()),
            },
        }
    }

    fn arrive(&mut self) -> Command {
        let queue = if self.random.chance(50) { "sales" } else { "support" };
        let channel = if self.random.chance(40) { Channel::Voice } else { Channel::Chat };
        let queue_id = Some(QueueId::parse(queue).expect("an id"));
        Command::StartConversation { queue_id, channel, subject: None, attributes: BTreeMap::new() }
    }

    fn presence(&mut self) -> Command {
        let minutes = self.random.between(5, 20);
        match self.random.between(0, 30) {
            0 => Command::ClearPresence,
            1 | 2 => {
                let text = self.random.chance(70).then(|| format!("back in {minutes}"));
                Command::SetStatusMessage { text, expires_in_ms: Some(60_000) }
            }
            3..6 => {
                let expires_in_ms = Some(minutes * 60_000);
                let (availability, activity) = match self.random.chance(50) {
                    true => (Availability::Available, Activity::Available),
                    false => (Availability::Busy, Activity::InAConferenceCall),
                };
                Command::SetSessionPresence { availability, activity, expires_in_ms }
            }
            which => Command::SetPresence {
                availability: match which {
                    6..8 => Availability::Away,
                    8..10 => Availability::Busy,
                    10 => Availability::DoNotDisturb,
                    _ => Availability::Available,
                },
                activity: None,
                reason: None,
                expires_in_ms: self.random.chance(30).then_some(minutes * 60_000),
                after_work: self.random.chance(30),
            },
        }
    }

    fn supervise(&mut self) -> Command {
        if self.random.chance(50) {
            return Command::WatchFloor { on: self.random.chance(80), queue_ids: None, agent_ids: None };
        }
        let users = ["mina", "joon", "alex"].into_iter().filter(|_| self.random.chance(60));
        Command::WatchPresence { user_ids: users.map(|user| UserId::parse(user).expect("an id")).collect() }
    }

    fn customer_in(&mut self, number: usize, conversation: &Conversation) -> Option<Command> {
        let conversation_id = conversation.conversation_id.clone();
        match self.random.between(0, 100) {
            0..55 => Some(self.write(number, conversation)),
            55..75 => Some(Command::StartVoice { conversation_id }),
            75..80 => Some(Command::HangUp { conversation_id }),
            80..84 => Some(Command::EndConversation { conversation_id }),
            84..90 => {
                let before = conversation.thread.oldest();
                Some(Command::FetchHistory { conversation_id, before, limit: Some(5) })
            }
            90..95 => self.read(conversation),
            _ => Some(Command::SetTyping { conversation_id, typing: true }),
        }
    }

    fn agent_in(&mut self, number: usize, conversation: &Conversation) -> Option<Command> {
        let conversation_id = conversation.conversation_id.clone();
        if conversation.state == "wrapUp" {
            let disposition = self.random.chance(70).then(|| "solved".to_owned());
            return Some(match self.random.chance(20) {
                true => Command::ExtendWrapUp { conversation_id },
                false => Command::FinishWrapUp { conversation_id, disposition, note: None },
            });
        }
        match self.random.between(0, 100) {
            0..50 => Some(self.write(number, conversation)),
            50..62 => Some(Command::Hold { conversation_id, participant_id: None }),
            62..74 => Some(Command::Resume { conversation_id, participant_id: None }),
            74..80 => {
                let muted = self.random.chance(50);
                Some(Command::SetMuted { conversation_id, participant_id: None, muted })
            }
            80..84 => Some(Command::StartVoice { conversation_id }),
            84..88 => Some(Command::HangUp { conversation_id }),
            88..91 => Some(Command::EndConversation { conversation_id }),
            91..96 => self.read(conversation),
            _ => {
                let before = conversation.thread.oldest();
                Some(Command::FetchHistory { conversation_id, before, limit: Some(3) })
            }
        }
    }

    fn read(&self, conversation: &Conversation) -> Option<Command> {
        let read = conversation.thread.last();
        let conversation_id = conversation.conversation_id.clone();
        (read > 0).then_some(Command::MarkMessages { conversation_id, delivered: None, read: Some(read) })
    }

    fn write(&mut self, number: usize, conversation: &Conversation) -> Command {
        self.texts += 1;
        let client = &self.clients[number];
        let internal = client.role != Role::Customer && self.random.chance(25);
        let visibility = if internal { Visibility::Internal } else { Visibility::Everyone };
        let kind = if internal { "internal" } else { "open" };
        let text = format!("canary-{}-{kind}-{}-{}", client.tenant, client.user, self.texts);
        Command::SendMessage { conversation_id: conversation.conversation_id.clone(), text, visibility }
    }

    /// Something breaks.
    pub(crate) fn fault(&mut self) -> Result<(), String> {
        if !self.busy {
            return Ok(());
        }
        self.post.send(self.now + self.random.between(200, 6_000), Happening::Fault);
        let tenant = self.random.between(0, 2) as usize;
        let client = self.random.between(0, self.clients.len() as u64) as usize;
        let kind = match self.random.between(0, 100) {
            0..35 => self.cut(client)?,
            35..60 => self.reload(client)?,
            60..66 => self.sign_out(client)?,
            66..73 => self.kill(tenant)?,
            73..76 => self.shut_down(tenant)?,
            76..82 => self.fill_disk(tenant),
            82..90 => self.jump(tenant),
            90..96 => self.save(tenant)?,
            _ => self.replace(tenant, client)?,
        };
        *self.faults.entry(kind).or_default() += 1;
        let line = format!("fault: {kind}, tenant {tenant}, client {client}");
        self.note(line);
        Ok(())
    }

    /// A line is cut; either end may notice at once, late, or not at all.
    fn cut(&mut self, client: usize) -> Result<&'static str, String> {
        let Some(link) = self.clients[client].cut() else { return Ok("nothing to cut") };
        if self.random.chance(70) {
            let at = self.now + self.random.between(0, 4_000);
            self.post.send(at, Happening::ToClient { client, link, text: Err(1006) });
        }
        if self.random.chance(70) {
            let at = self.now + self.random.between(0, 4_000);
            self.post.send(at, Happening::ClientGone { client, link });
        }
        Ok("cut")
    }

    fn reload(&mut self, client: usize) -> Result<&'static str, String> {
        let politely = self.random.chance(60);
        self.clients[client].reload(self.now, politely, &mut self.post)?;
        Ok("reload")
    }

    fn sign_out(&mut self, client: usize) -> Result<&'static str, String> {
        self.clients[client].give(self.now, Input::Close, &mut self.post)?;
        Ok("sign out")
    }

    /// The tab is closed without a word, and another is opened.
    fn replace(&mut self, tenant: usize, client: usize) -> Result<&'static str, String> {
        let _ = tenant;
        if let Some(link) = self.clients[client].cut() {
            self.post.send(self.now + 10, Happening::ClientGone { client, link });
        }
        self.clients[client].load(self.now, None, &mut self.post)?;
        Ok("another tab")
    }

    fn kill(&mut self, tenant: usize) -> Result<&'static str, String> {
        if self.nodes[tenant].board.is_none() {
            return Ok("killed already");
        }
        self.nodes[tenant].kill(self.now, &mut self.post)?;
        self.post.send(self.now + self.random.between(10, 6_000), Happening::Up { tenant });
        Ok("kill -9")
    }

    /// The gateway is stopped as it should be: everybody is told when to come back.
    fn shut_down(&mut self, tenant: usize) -> Result<&'static str, String> {
        let shutdown = switchboard::Input::Shutdown { after_ms: 200, within_ms: 2_000 };
        self.nodes[tenant].give(self.now, shutdown, &mut self.post)?;
        self.post.send(self.now + self.random.between(50, 500), Happening::Down { tenant });
        Ok("shutdown")
    }

    fn fill_disk(&mut self, tenant: usize) -> &'static str {
        self.nodes[tenant].disk_full = true;
        self.post.send(self.now + self.random.between(10, 4_000), Happening::Room { tenant });
        "disk full"
    }

    /// The gateway's clock is set.
    fn jump(&mut self, tenant: usize) -> &'static str {
        let by = match self.random.between(0, 4) {
            0 => -86_400_000,
            1 => -3_600_000,
            2 => 3_000,
            _ => 500,
        };
        self.nodes[tenant].clock_ahead += by;
        if by < 0 { "clock set back" } else { "clock set forth" }
    }

    fn save(&mut self, tenant: usize) -> Result<&'static str, String> {
        self.nodes[tenant].save()?;
        Ok("snapshot")
    }

    /// Nothing breaks any more, and nobody does anything.
    pub(crate) fn calm(&mut self) {
        self.busy = false;
        for node in &mut self.nodes {
            node.disk_full = false;
        }
    }

    /// Everybody leaves for good.
    pub(crate) fn leave(&mut self) -> Result<(), String> {
        for client in &mut self.clients {
            client.gone = true;
            client.give(self.now, Input::Close, &mut self.post)?;
        }
        Ok(())
    }

    /// A switchboard's figures when it has nothing to do.
    pub(crate) fn gauges(&self, tenant: usize) -> Option<switchboard::Gauges> {
        self.nodes[tenant].board.as_ref().map(switchboard::Switchboard::gauges)
    }
}
