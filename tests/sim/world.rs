//! Two tenants, their users and their gateways, in one process and in virtual time.

use super::client::{Choice, Client};
use super::node::Node;
use super::random::Random;
use jackfield::engine::{ConnectionState, Input, VoiceInput};
use jackfield_exchange::TenantConfig;
use jackfield_exchange::switchboard::Output;
use jackfield_wire::{Command, Millis, OfferId, Role, Secret};
use std::collections::{BTreeMap, VecDeque};

/// Something that will happen.
#[derive(Debug)]
pub(crate) enum Happening {
    Token {
        client: usize,
        page: u64,
        token: Secret,
    },
    Dial {
        client: usize,
        link: u64,
    },
    ClientGone {
        client: usize,
        link: u64,
    },
    ToGateway {
        client: usize,
        link: u64,
        text: String,
    },
    ToClient {
        client: usize,
        link: u64,
        text: Result<String, u16>,
    },
    ClientTimer {
        client: usize,
        page: u64,
    },
    Choose {
        client: usize,
        page: u64,
        offer: OfferId,
        choice: Choice,
    },
    Voice {
        client: usize,
        page: u64,
        input: VoiceInput,
    },
    Load {
        client: usize,
        page: u64,
    },
    NodeTimer {
        tenant: usize,
    },
    Committed {
        tenant: usize,
        incarnation: u64,
    },
    Read {
        tenant: usize,
        incarnation: u64,
        fetch: Output,
    },
    Media {
        tenant: usize,
        incarnation: u64,
        request: u64,
    },
    /// A user does something.
    Act,
    /// Something breaks.
    Fault,
    /// A gateway that was stopped ends.
    Down {
        tenant: usize,
    },
    /// A gateway comes up again.
    Up {
        tenant: usize,
    },
    /// A disk has room again.
    Room {
        tenant: usize,
    },
}

/// What will happen, by its time.
#[derive(Debug, Default)]
pub(crate) struct Post {
    queue: BTreeMap<(Millis, u64), Happening>,
    count: u64,
}

impl Post {
    pub(crate) fn send(&mut self, at: Millis, happening: Happening) {
        self.count += 1;
        self.queue.insert((at, self.count), happening);
    }

    fn next(&mut self, until: Millis) -> Option<(Millis, Happening)> {
        let (&(at, _), _) = self.queue.first_key_value().filter(|((at, _), _)| *at <= until)?;
        self.queue.pop_first().map(|(_, happening)| (at, happening))
    }
}

pub(crate) struct World {
    pub(crate) now: Millis,
    pub(crate) random: Random,
    pub(crate) nodes: Vec<Node>,
    pub(crate) clients: Vec<Client>,
    pub(crate) post: Post,
    /// Whether users act and things break.
    pub(crate) busy: bool,
    pub(crate) texts: u64,
    pub(crate) faults: BTreeMap<&'static str, u64>,
    story: VecDeque<String>,
    /// How much of the story is kept.
    story_lines: usize,
    /// A digest of the whole story.
    pub(crate) digest: u64,
    pub(crate) steps: u64,
}

fn config(tenant: usize) -> TenantConfig {
    // The first tenant asks one agent at a time, the second asks several at once, in each of its queues.
    let [sales, support] = [[1, 1], [2, 3]][tenant];
    serde_json::from_str(&format!(
        r#"{{"tenant_id": "tenant{tenant}", "name": "Tenant {tenant}", "refusal_pause_ms": 3000, "grace_ms": 20000,
            "offer_timeout_ms": 8000,
            "queues": [{{"queue_id": "sales", "name": "Sales", "priority": 1, "wrap_up_ms": 4000, "offer_to": {sales}}},
                       {{"queue_id": "support", "name": "Support", "wrap_up_ms": 6000, "max_waiting": 4, "offer_to": {support},
                         "dispositions": [{{"id": "solved", "name": "Solved"}}], "skills": {{"korean": 3}}}}],
            "users": [{{"user_id": "mina", "name": "Mina", "skills": {{"korean": 9}}}},
                      {{"user_id": "joon", "name": "Joon", "skills": {{"korean": 4}}, "capacity": {{"voice": 1, "chat": 2}}}},
                      {{"user_id": "alex", "name": "Alex"}},
                      {{"user_id": "sam", "name": "Sam", "roles": ["supervisor"]}}]}}"#
    ))
    .expect("the configuration of the simulation")
}

impl World {
    pub(crate) fn new(seed: u64) -> Result<Self, String> {
        let mut random = Random::new(seed);
        let nodes = (0..2).map(|tenant| Node::new(tenant, config(tenant), random.fork())).collect();
        let people = [
            ("mina", Role::Agent),
            ("joon", Role::Agent),
            ("alex", Role::Agent),
            ("sam", Role::Supervisor),
            ("mina", Role::Agent),
            ("kim", Role::Customer),
            ("lee", Role::Customer),
            ("park", Role::Customer),
            ("choi", Role::Customer),
        ];
        let mut clients = Vec::new();
        for tenant in 0..2 {
            for (user, role) in people {
                clients.push(Client::new(clients.len(), tenant, user, role, random.fork()));
            }
        }
        let mut world = Self {
            now: 1_700_000_000_000,
            random,
            nodes,
            clients,
            post: Post::default(),
            busy: true,
            texts: 0,
            faults: BTreeMap::new(),
            story: VecDeque::new(),
            story_lines: std::env::var("JACKFIELD_SIM_STORY")
                .ok()
                .and_then(|n| n.parse().ok())
                .unwrap_or(300),
            digest: 0,
            steps: 0,
        };
        world.begin()?;
        Ok(world)
    }

    fn begin(&mut self) -> Result<(), String> {
        for node in &mut self.nodes {
            node.start(self.now, &mut self.post)?;
        }
        for client in &mut self.clients {
            client.give(self.now, Input::Connect, &mut self.post)?;
        }
        self.post.send(self.now + 2_000, Happening::Act);
        self.post.send(self.now + 8_000, Happening::Fault);
        Ok(())
    }

    /// Lets time pass, with everything that happens in it.
    pub(crate) fn run(&mut self, ms: Millis) -> Result<(), String> {
        let until = self.now + ms;
        while let Some((at, happening)) = self.post.next(until) {
            self.now = at;
            self.steps += 1;
            self.tell(&happening);
            let touched = self.happen(happening)?;
            self.check_step(touched)?;
        }
        self.now = until;
        Ok(())
    }

    /// The newest part of what happened.
    pub(crate) fn story(&self) -> String {
        self.story.iter().map(|line| format!("{line}\n")).collect()
    }

    pub(crate) fn note(&mut self, line: String) {
        for byte in line.bytes() {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.story.push_back(line);
        if self.story.len() > self.story_lines {
            self.story.pop_front();
        }
    }

    fn tell(&mut self, happening: &Happening) {
        let what = format!("{happening:?}");
        let short: String = what.chars().take(600).collect();
        let line = format!("{} {short}", self.now - 1_700_000_000_000);
        self.note(line);
    }

    /// Does what happens; gives the tenant it happened to.
    fn happen(&mut self, happening: Happening) -> Result<Option<usize>, String> {
        let (now, post) = (self.now, &mut self.post);
        match happening {
            Happening::Token { client, page, token } => {
                let client = &mut self.clients[client];
                if client.page == page {
                    client.give(now, Input::Token(Ok(token)), post)?;
                }
            }
            Happening::Dial { client, link } => return self.dial(client, link).map(Some),
            Happening::ClientGone { client, link } => return self.socket_gone(client, link).map(Some),
            Happening::ToGateway { client, link, text } => {
                let tenant = self.clients[client].tenant;
                // A cut line loses what is on it, also what the page sent before it knew.
                if self.clients[client].link() != Some(link) || !self.clients[client].is_cut(link) {
                    self.nodes[tenant].text(now, client, link, &text, post)?;
                }
                return Ok(Some(tenant));
            }
            Happening::ToClient { client, link, text } => {
                self.clients[client].arrives(now, link, text, post)?
            }
            Happening::ClientTimer { client, page } => self.clients[client].timer(now, page, post)?,
            Happening::Choose { client, page, offer, choice } => self.choose(client, page, offer, choice)?,
            Happening::Voice { client, page, input } => {
                let client = &mut self.clients[client];
                if client.page == page {
                    client.give(now, Input::Voice(input), post)?;
                }
            }
            Happening::Load { client, page } => {
                let client = &mut self.clients[client];
                if client.page == page && !client.gone {
                    client.load(now, None, post)?;
                }
            }
            Happening::NodeTimer { tenant } => {
                self.nodes[tenant].time(now, post)?;
                return Ok(Some(tenant));
            }
            Happening::Committed { tenant, incarnation } => {
                self.nodes[tenant].commit_done(now, incarnation, post)?;
                return Ok(Some(tenant));
            }
            Happening::Read { tenant, incarnation, fetch } => {
                self.nodes[tenant].read(now, incarnation, &fetch, post)?;
            }
            Happening::Media { tenant, incarnation, request } => {
                self.nodes[tenant].media(now, incarnation, request, post)?;
            }
            Happening::Act => self.act()?,
            Happening::Fault => self.fault()?,
            Happening::Down { tenant } => {
                if self.nodes[tenant].board.is_some() {
                    self.nodes[tenant].kill(now, post)?;
                    post.send(now + 1_000, Happening::Up { tenant });
                }
                return Ok(Some(tenant));
            }
            Happening::Up { tenant } => {
                if self.nodes[tenant].board.is_none() {
                    self.nodes[tenant].start(now, post)?;
                }
                return Ok(Some(tenant));
            }
            Happening::Room { tenant } => self.nodes[tenant].disk_full = false,
        }
        Ok(None)
    }

    fn dial(&mut self, client: usize, link: u64) -> Result<usize, String> {
        let tenant = self.clients[client].tenant;
        if self.clients[client].link() != Some(link) {
            return Ok(tenant);
        }
        if self.nodes[tenant].open(client, link) {
            self.clients[client].opened(self.now, link, &mut self.post)?;
        } else {
            self.clients[client].arrives(self.now, link, Err(1006), &mut self.post)?;
        }
        Ok(tenant)
    }

    pub(crate) fn socket_gone(&mut self, client: usize, link: u64) -> Result<usize, String> {
        let tenant = self.clients[client].tenant;
        self.nodes[tenant].socket_gone(self.now, client, link, &mut self.post)?;
        Ok(tenant)
    }

    fn choose(&mut self, client: usize, page: u64, offer: OfferId, choice: Choice) -> Result<(), String> {
        let client = &mut self.clients[client];
        if client.page != page || client.engine.connection() == ConnectionState::Closed {
            return Ok(());
        }
        match choice {
            Choice::Accept => client.ask(self.now, Command::AcceptOffer { offer_id: offer }, &mut self.post),
            Choice::Reject => {
                let command = Command::RejectOffer { offer_id: offer, reason: Some("busy".into()) };
                client.ask(self.now, command, &mut self.post)
            }
            Choice::Ignore => Ok(()),
        }
    }
}
