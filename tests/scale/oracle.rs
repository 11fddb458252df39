//! The slow way to route: a search through everything, to hold each choice against. It is written after the documents (docs/configuration.md and the docstrings of the
//! configuration), not after the exchange's matching, and knows the books only.

use super::{
    books::{Books, Load, Talk},
    demand::{self, Asked},
};
use jackfield_exchange::{AgentOrder, Event, QueueConfig, QueueOrder, Skills, TenantConfig, UserConfig};
use jackfield_wire::{Availability, Channel, ConversationId, Millis, OfferKind, Part, QueueId, Role, UserId};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

type Check = Result<(), String>;

/// The configuration, arranged for looking up, and what is known of the books at this moment.
pub(crate) struct Oracle {
    /// With what was changed about agents at run time.
    config: TenantConfig,
    /// As the host gave it.
    pub(crate) configured: TenantConfig,
    /// What agents have whose capacity was lowered: that goes on, and only becomes less.
    over: HashMap<UserId, Load>,
    users: HashMap<UserId, usize>,
    queues: HashMap<QueueId, usize>,
    /// Who could be asked for a call, for a chat: agents by their places in the configuration.
    ready: [BTreeSet<usize>; 2],
    asked: HashMap<ConversationId, (u64, Rc<Known>)>,
    known: HashMap<(QueueId, String), Rc<Known>>,
    /// The queues that somebody serves before others, with the most levels that this is.
    devoted: HashMap<QueueId, u8>,
}

/// What a conversation asks for.
struct Known {
    asked: Asked,
    /// Who could serve it, ready or not: agents by their places in the configuration.
    able: Vec<bool>,
}

/// What goes first, and whom it goes to.
#[derive(Debug, PartialEq)]
pub(crate) struct Next {
    pub(crate) talk: ConversationId,
    /// Those whom a round of offers goes to.
    pub(crate) agents: Vec<UserId>,
}

/// A time in line, less what priorities are worth: the lower, the sooner.
type Turn = (i64, u64);

impl Oracle {
    pub(crate) fn new(config: TenantConfig) -> Self {
        let configured = config.clone();
        let users = config.users.iter().enumerate().map(|(n, user)| (user.user_id.clone(), n)).collect();
        let queues = config.queues.iter().enumerate().map(|(n, queue)| (queue.queue_id.clone(), n)).collect();
        let mut devoted: HashMap<QueueId, u8> = HashMap::new();
        for (queue, level) in config.users.iter().flat_map(|user| &user.queue_priorities) {
            let most = devoted.entry(queue.clone()).or_default();
            *most = *level.max(most);
        }
        Self {
            config,
            configured,
            over: HashMap::new(),
            users,
            queues,
            ready: Default::default(),
            asked: HashMap::new(),
            known: HashMap::new(),
            devoted,
        }
    }

    pub(crate) fn config(&self) -> &TenantConfig {
        &self.config
    }

    pub(crate) fn user(&self, user: &UserId) -> Option<&UserConfig> {
        self.users.get(user).map(|n| &self.config.users[*n])
    }

    pub(crate) fn queue(&self, queue: &QueueId) -> Option<&QueueConfig> {
        self.queues.get(queue).map(|n| &self.config.queues[*n])
    }

    /// Takes in what was changed about agents.
    pub(crate) fn change_agents(&mut self, books: &Books) {
        for (user, settings) in &books.settings {
            let Some(n) = self.users.get(user).copied() else { continue };
            let mut now = self.configured.users[n].clone();
            now.skills = settings.skills.clone().unwrap_or(now.skills);
            now.queues = settings.queues.clone().unwrap_or(now.queues);
            now.capacity = settings.capacity.unwrap_or(now.capacity);
            if now != self.config.users[n] {
                self.over.insert(user.clone(), books.load(user));
                self.config.users[n] = now;
            }
        }
        self.look_at_all(books);
    }

    /// Whether a user serves a queue, at first or in a ring.
    fn serves(&self, user: &UserConfig, queue: &QueueConfig) -> bool {
        let (mut skills, mut only) = (&queue.skills, None);
        let can = |skills: &Skills, only: Option<&Vec<UserId>>| {
            let named = only.is_none_or(|only| only.is_empty() || only.contains(&user.user_id));
            named && skills.iter().all(|(skill, least)| level(user, skill) >= *least)
        };
        let mut able = can(skills, only);
        for ring in &queue.rings {
            skills = ring.skills.as_ref().unwrap_or(skills);
            only = ring.agents.as_ref().or(only);
            able |= can(skills, only);
        }
        able && (user.queues.is_empty() || user.queues.contains(&queue.queue_id))
    }

    /// Who serves a queue, as the agents are now.
    pub(crate) fn serving(&self, queue: &QueueId) -> impl Iterator<Item = &UserId> {
        let queue = self.queue(queue);
        let agents = self.config.users.iter().filter(|user| user.roles.contains(&Role::Agent));
        agents
            .filter(move |user| queue.is_some_and(|queue| self.serves(user, queue)))
            .map(|user| &user.user_id)
    }

    /// A supervisor gives orders about the conversations of its queues and the agents who serve these, and monitors there only.
    ///
    /// # Errors
    /// Names the order.
    pub(crate) fn check_order(&self, books: &Books, event: &Event) -> Check {
        let Event::Supervised { by, user_id, conversation_id, .. } = event else { return Ok(()) };
        let talk = conversation_id.as_ref().and_then(|id| books.talks.get(id));
        let own = self.user(by).map_or(&[][..], |user| &user.supervises);
        let right = match talk {
            _ if own.is_empty() => true,
            Some(talk) => own.contains(&talk.queue),
            None => own.iter().any(|queue| self.serving(queue).any(|agent| agent == user_id)),
        };
        right
            .then_some(())
            .ok_or_else(|| format!("{event:?}: that is not its to order, but what {own:?} have"))
    }

    /// No supervisor monitors where it may not.
    ///
    /// # Errors
    /// Names it.
    pub(crate) fn check_monitors(&self, talk: &Talk) -> Check {
        let monitors = talk.parties.values().filter(|party| party.seat.part == Part::Monitor);
        let mut foreign = monitors.filter(|party| {
            let own = self.user(&party.user).map_or(&[][..], |user| &user.supervises);
            !own.is_empty() && !own.contains(&talk.queue)
        });
        foreign.next().map_or(Ok(()), |party| Err(format!("{} monitors in {}", party.user, talk.queue)))
    }

    /// Looks at those anew who may be other than before.
    pub(crate) fn look(&mut self, books: &Books, stirred: impl Iterator<Item = UserId>) {
        for user in stirred {
            let Some(n) = self.users.get(&user).copied() else { continue };
            if let Some(over) = self.over.get_mut(&user) {
                *over = over.least(books.load(&user));
            }
            let ready = self.is_ready(books, &user);
            for (ready, set) in ready.into_iter().zip(&mut self.ready) {
                if ready {
                    set.insert(n)
                } else {
                    set.remove(&n)
                };
            }
        }
    }

    /// Looks at everybody anew.
    pub(crate) fn look_at_all(&mut self, books: &Books) {
        self.ready = Default::default();
        self.asked.clear();
        self.known.clear();
        let all: Vec<_> = self.config.users.iter().map(|user| user.user_id.clone()).collect();
        self.look(books, all.into_iter());
    }

    /// Whether an agent could be asked for a call, for a chat: it wants work, sees offers, is asked for nothing else, has room, and may be
    /// interrupted at all that it has of the other channel.
    fn is_ready(&self, books: &Books, user: &UserId) -> [bool; 2] {
        let Some((config, person)) = self.user(user).zip(books.people.get(user)) else { return [false; 2] };
        let rings = books.rings.get(user).into_iter().flatten();
        let asked = rings.into_iter().any(|id| books.offers[id].kind == OfferKind::Conversation);
        if asked || !person.can_see_offers() || !person.takes_new_work() {
            return [false; 2];
        }
        let load = books.load(user);
        let rule = config.interrupted_by.as_ref().unwrap_or(&self.config.interrupted_by);
        let in_call = books.work(user).in_call;
        let voice = load.voice < config.capacity.voice
            && !in_call
            && (load.chat == 0 || rule.allows(Channel::Chat, Channel::Voice));
        let chat = load.chat < config.capacity.chat
            && ((load.voice == 0 && !in_call) || rule.allows(Channel::Voice, Channel::Chat));
        [voice, chat]
    }

    /// Whether an agent has room for more on these channels, beside all that it has and is offered.
    pub(crate) fn has_room(&self, books: &Books, user: &UserId, channels: &[Channel]) -> bool {
        let Some(config) = self.user(user) else { return false };
        let load = books.load(user);
        channels.iter().all(|channel| load.of(*channel) < config.capacity.of(*channel))
    }

    /// Agents whom a colleague can ask into a conversation.
    pub(crate) fn free_for(&self, books: &Books, talk: &Talk) -> Vec<UserId> {
        let agents = self.config.users.iter().filter(|user| user.roles.contains(&Role::Agent));
        let there = agents.filter(|user| {
            let sees = books.people.get(&user.user_id).is_some_and(|person| person.can_see_offers());
            sees && talk.party_of(&user.user_id).is_none()
        });
        let free = there.filter(|user| self.has_room(books, &user.user_id, &talk.channels()));
        free.map(|user| user.user_id.clone()).collect()
    }

    fn asked(&mut self, id: &ConversationId, talk: &Talk) -> Option<Rc<Known>> {
        if let Some((_, known)) = self.asked.get(id).filter(|(edition, _)| *edition == talk.edition) {
            return Some(Rc::clone(known));
        }
        let asked = demand::asked(self.queue(&talk.queue)?, talk);
        let key = (talk.queue.clone(), format!("{asked:?}"));
        let known = self.known.get(&key).cloned().unwrap_or_else(|| {
            let able = self.config.users.iter().map(|agent| can_serve(agent, &talk.queue, &asked)).collect();
            Rc::new(Known { asked, able })
        });
        self.known.insert(key, Rc::clone(&known));
        self.asked.insert(id.clone(), (talk.edition, Rc::clone(&known)));
        Some(known)
    }

    /// Who is ready for a conversation and can serve it. Who has it in hand still, or has just turned it down, does not get it back.
    fn fitting(&self, talk: &Talk, known: &Known) -> impl Iterator<Item = usize> {
        let ready = self.ready[usize::from(talk.channel == Channel::Chat)].iter().copied();
        ready.filter(|n| known.able[*n] && !is_barred(talk, &self.config.users[*n].user_id))
    }

    /// How much waiting a level of priority is worth.
    fn level(&self) -> i64 {
        /// A level that no waiting outweighs.
        const STRICT: i64 = 1_000_000_000_000;
        Some(i64::from(self.config.ageing_ms)).filter(|ms| *ms > 0).unwrap_or(STRICT)
    }

    /// How much waiting the priorities of a conversation and its queue are worth.
    fn worth(&self, talk: &Talk) -> i64 {
        let queue = self.queue(&talk.queue).map_or(0, |queue| i64::from(queue.priority));
        self.level() * (queue + i64::from(talk.priority))
    }

    /// How much waiting it is worth to an agent that a conversation is in one of the queues that it serves before others.
    fn own_worth(&self, n: usize, talk: &Talk) -> i64 {
        let own = self.config.users[n].queue_priorities.get(&talk.queue);
        self.level() * own.map_or(0, |level| i64::from(*level))
    }

    /// The most that this is worth to those who are ready for it. `None` where nobody is.
    fn most_own_worth(&self, talk: &Talk, known: &Known) -> Option<i64> {
        self.fitting(talk, known).map(|n| self.own_worth(n, talk)).max()
    }

    fn turn(&self, talk: &Talk) -> Turn {
        (talk.starts as i64 - self.worth(talk), talk.number)
    }

    fn is_last_in(&self, talk: &Talk) -> bool {
        self.queue(&talk.queue).is_some_and(|queue| queue.order == QueueOrder::LastIn)
    }

    /// The place in its own line, by the queue's order.
    fn place(&self, talk: &Talk) -> (i64, Reverse<u64>, u64) {
        match self.is_last_in(talk) {
            true => (-(talk.starts as i64 + self.worth(talk)), Reverse(talk.number), 0),
            false => (self.turn(talk).0, Reverse(0), talk.number),
        }
    }

    /// The place in line that a conversation which waits has, 1 being next: in its queue and channel, whatever those before it ask for.
    pub(crate) fn place_in_line(&self, books: &Books, talk: &Talk) -> usize {
        let own = self.place(talk);
        let line =
            books.talks.values().filter(|t| t.waits() && t.queue == talk.queue && t.channel == talk.channel);
        line.filter(|other| self.place(other) <= own).count()
    }

    /// What is to be proposed next: of each line the first for whom somebody is ready; of these the one whose turn it is; of those who are ready for it the one
    /// whom the queue's order names. Whoever is ready and serves a queue before others brings the turns of that queue forward; who came last where the last goes first
    /// stays the last.
    pub(crate) fn next(&mut self, books: &Books) -> Option<Next> {
        type First<'a> = ((i64, Reverse<u64>, u64), Turn, &'a ConversationId, &'a Talk);
        let mut lines: BTreeMap<(&QueueId, Channel), First<'_>> = BTreeMap::new();
        for (id, talk) in books.open.iter().filter_map(|id| Some((id, books.talks.get(id)?))) {
            if self.ready[usize::from(talk.channel == Channel::Chat)].is_empty() {
                continue;
            }
            let Some(known) = self.asked(id, talk) else { continue };
            let line = (&talk.queue, talk.channel);
            let (place, turn) = (self.place(talk), self.turn(talk));
            // At best, for somebody to whom the queue is worth the most.
            let at_best = if self.is_last_in(talk) { place } else { self.ahead(place, talk) };
            if lines.get(&line).is_some_and(|(first, ..)| *first <= at_best) {
                continue;
            }
            let Some(own) = self.most_own_worth(talk, &known) else { continue };
            let key = if self.is_last_in(talk) { place } else { (place.0 - own, place.1, place.2) };
            if lines.get(&line).is_none_or(|(first, ..)| key < *first) {
                lines.insert(line, (key, (turn.0 - own, turn.1), id, talk));
            }
        }
        let (_, _, id, talk) = lines.into_values().min_by_key(|(_, turn, ..)| *turn)?;
        let known = self.asked(id, talk)?;
        let mut ranked: Vec<_> = self.fitting(talk, &known).collect();
        ranked.sort_by_cached_key(|n| self.rank(books, *n, talk, &known.asked));
        ranked.truncate(self.queue(&talk.queue).map_or(1, |queue| usize::from(queue.offer_to)));
        let agents = ranked.into_iter().map(|n| self.config.users[n].user_id.clone()).collect();
        Some(Next { talk: id.clone(), agents })
    }

    /// A place, for the agent who serves its queue before others by the most levels, ready or not.
    fn ahead(&self, place: (i64, Reverse<u64>, u64), talk: &Talk) -> (i64, Reverse<u64>, u64) {
        let most = self.devoted.get(&talk.queue).map_or(0, |most| i64::from(*most));
        (place.0 - self.level() * most, place.1, place.2)
    }

    /// Which of those who fit goes first: who has more of the preferred skills; then the queue's order; then the longest idle; then as they stand in the configuration.
    fn rank(
        &self,
        books: &Books,
        n: usize,
        talk: &Talk,
        asked: &Asked,
    ) -> (Reverse<usize>, i64, Millis, usize) {
        let agent = &self.config.users[n];
        let met = asked.preferred.iter().filter(|(skill, least)| level(agent, skill) >= **least).count();
        let (idle, last_offer) =
            books.people.get(&agent.user_id).map_or((0, 0), |person| (person.idle_since, person.last_offer));
        let order = self.queue(&talk.queue).map(|queue| queue.agent_order).unwrap_or_default();
        let by_order = match order {
            AgentOrder::LongestIdle => 0,
            AgentOrder::BestSkill => {
                let named: BTreeSet<&String> = asked.skills.keys().chain(asked.preferred.keys()).collect();
                -named.into_iter().map(|skill| i64::from(level(agent, skill))).sum::<i64>()
            }
            AgentOrder::LeastLoaded => {
                let load = books.load(&agent.user_id);
                i64::from(load.voice + load.chat)
            }
            AgentOrder::RoundRobin => last_offer as i64,
        };
        (Reverse(met), by_order, idle, n)
    }

    /// A choice of the exchange's, held against that of the search.
    ///
    /// # Errors
    /// Names who was passed over.
    pub(crate) fn check_choice(&mut self, books: &Books, chosen: &Next) -> Check {
        let expected = self.next(books);
        if expected.as_ref() == Some(chosen) {
            return Ok(());
        }
        let talk = books.talks.get(&chosen.talk).ok_or_else(|| format!("{} is over", chosen.talk))?;
        let known = self.asked(&chosen.talk, talk).ok_or_else(|| format!("{} has no queue", chosen.talk))?;
        let fits =
            |agent: &UserId| self.fitting(talk, &known).any(|n| self.config.users[n].user_id == *agent);
        if let Some(wrong) = chosen.agents.iter().find(|agent| !fits(agent)) {
            return Err(format!("{wrong} is asked for {}, and must not be", chosen.talk));
        }
        let [found, right] = [Some(chosen), expected.as_ref()].map(|next| self.describe(books, next));
        let bound = self.passed_over(books, talk, chosen).err().unwrap_or_default();
        Err(format!("{found} is proposed; by the rules it is {right}. {bound}"))
    }

    fn describe(&self, books: &Books, next: Option<&Next>) -> String {
        let Some((next, talk)) = next.and_then(|next| Some((next, books.talks.get(&next.talk)?))) else {
            return "nothing".to_owned();
        };
        let (queue, turn, place) = (self.queue(&talk.queue), self.turn(talk), self.place(talk));
        let orders = queue.map(|queue| (queue.order, queue.agent_order));
        let (talk, agents) = (&next.talk, &next.agents);
        format!(
            "{talk} ({:?}, {orders:?}, turn {turn:?}, place {place:?}) to {agents:?}",
            queue.map(|q| &q.queue_id)
        )
    }

    /// The bound of ageing, in words of its own: whoever waits where the first is served first, and could be served by the same agent, has waited no longer than the
    /// difference in priority is worth, to this agent and to those who are ready for the other.
    fn passed_over(&mut self, books: &Books, chosen: &Talk, choice: &Next) -> Check {
        let agent = choice.agents.first().and_then(|agent| self.users.get(agent));
        let Some(n) = agent.copied() else { return Ok(()) };
        let Some(known) = self.asked(&choice.talk, chosen) else { return Ok(()) };
        let own = self.most_own_worth(chosen, &known).unwrap_or_default();
        for (id, talk) in books.open.iter().filter_map(|id| Some((id, books.talks.get(id)?))) {
            let longer = chosen.starts as i64 - talk.starts as i64;
            if self.is_last_in(talk)
                || longer <= self.worth(chosen) + own - self.worth(talk) - self.own_worth(n, talk)
            {
                continue;
            }
            let Some(known) = self.asked(id, talk) else { continue };
            if self.fitting(talk, &known).any(|ready| ready == n) {
                return Err(format!(
                    "{} is asked for {}, and {id} has waited beyond the bound",
                    self.config.users[n].user_id, choice.talk
                ));
            }
        }
        Ok(())
    }

    /// Capacity is never exceeded. (A supervisor who takes over asks for no room.)
    ///
    /// # Errors
    /// Names who has too much.
    pub(crate) fn check_load(&self, books: &Books, user: &UserId) -> Check {
        let Some(config) = self.user(user).filter(|user| user.roles.contains(&Role::Agent)) else {
            return Ok(());
        };
        let load = books.load(user);
        let over = self.over.get(user).copied().unwrap_or_default();
        let most = |channel| over.of(channel).max(config.capacity.of(channel));
        let fits = load.voice <= most(Channel::Voice) && load.chat <= most(Channel::Chat);
        fits.then_some(()).ok_or_else(|| format!("{user} has {load:?} and takes {:?}", config.capacity))
    }

    /// What is shown of somebody is what follows from the facts.
    ///
    /// # Errors
    /// Names both.
    pub(crate) fn check_presence(&self, books: &Books, user: &UserId) -> Check {
        let Some((config, person)) = self.user(user).zip(books.people.get(user)) else { return Ok(()) };
        let shown = person.shown(&books.work(user), config.capacity);
        let told =
            person.told.clone().unwrap_or((Availability::Offline, jackfield_wire::Activity::Offline, None));
        (told == shown)
            .then_some(())
            .ok_or_else(|| format!("{user} is shown {told:?}; by the facts {shown:?}"))
    }

    /// Demands have relaxed as far as the time for it has come.
    ///
    /// # Errors
    /// Names the conversation.
    pub(crate) fn check_ring(&self, talk: &Talk, now: Millis) -> Check {
        let Some(queue) = self.queue(&talk.queue) else { return Ok(()) };
        let due =
            demand::steps(queue, talk).into_iter().filter(|after| talk.queued + u64::from(*after) <= now);
        let (due, ring) = (due.count(), usize::from(talk.ring));
        (due == ring)
            .then_some(())
            .ok_or_else(|| format!("{} came to ring {ring}, by the time {due}", talk.customer))
    }
}

fn level(agent: &UserConfig, skill: &str) -> u8 {
    agent.skills.get(skill).copied().unwrap_or_default()
}

/// Whether an agent can serve what is asked for in a queue. Of one person who is wanted, neither skills nor queues are looked at.
fn can_serve(agent: &UserConfig, queue: &QueueId, asked: &Asked) -> bool {
    let id = &agent.user_id;
    if let Some(person) = &asked.person {
        return person == id;
    }
    let listed = agent.queues.is_empty() || agent.queues.contains(queue);
    let can = asked.skills.iter().all(|(skill, least)| level(agent, skill) >= *least);
    listed && can && asked.only.as_ref().is_none_or(|only| only.contains(id))
}

fn is_barred(talk: &Talk, agent: &UserId) -> bool {
    talk.paused.contains(agent) || talk.party_of(agent).is_some()
}
