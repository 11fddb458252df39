//! Who is there and as what, from the facts alone: sessions, what was chosen, what is shown. Written after the table in docs/wire.md, not after the exchange's code.

use super::books::Work;
use jackfield_exchange::{Capacity, Event, SessionPresence};
use jackfield_wire::{Activity, Availability, Millis, Role, SessionId, UserId};
use std::{cmp::Reverse, collections::BTreeMap};

/// One open client.
#[derive(Debug, Clone)]
struct Tab {
    role: Role,
    silent: bool,
    says: Option<SessionPresence>,
}

/// Availability, activity and reason.
pub(crate) type Shown = (Availability, Activity, Option<String>);

/// Somebody who has, or had, a session.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    tabs: BTreeMap<SessionId, Tab>,
    prefers: Option<Shown>,
    next: Option<Availability>,
    /// It did not answer, and is offered nothing for a while.
    aside: bool,
    /// What the others were told last.
    pub(crate) told: Option<Shown>,
    /// Whether they were told that it is offered nothing for a while.
    pub(crate) told_aside: bool,
    /// When it last got or finished work, or chose to be available.
    pub(crate) idle_since: Millis,
    /// The number of the last offer made to it, 0 being none.
    pub(crate) last_offer: u64,
}

const STRONGEST_FIRST: [Availability; 5] = [
    Availability::DoNotDisturb,
    Availability::Busy,
    Availability::Available,
    Availability::AvailableIdle,
    Availability::Away,
];

impl Person {
    fn live(&self) -> impl Iterator<Item = &Tab> {
        self.tabs.values().filter(|tab| !tab.silent)
    }

    /// What was chosen: by the person, or else by its sessions together.
    fn chosen(&self) -> Shown {
        if let Some(prefers) = &self.prefers {
            return prefers.clone();
        }
        let strength = |a: Availability| STRONGEST_FIRST.iter().position(|known| *known == a);
        let says = self.live().filter_map(|tab| tab.says.as_ref());
        let strongest = says.min_by_key(|s| (strength(s.availability), Reverse(s.said_at), s.activity));
        strongest.map_or((Availability::Away, Activity::Away, None), |s| (s.availability, s.activity, None))
    }

    /// What is to be shown, by the layers: not there, silent, work, chosen.
    pub(crate) fn shown(&self, work: &Work, capacity: Capacity) -> Shown {
        if self.tabs.is_empty() {
            return (Availability::Offline, Activity::Offline, None);
        }
        if self.live().next().is_none() {
            return self.with_reason(Availability::Away, Activity::Away);
        }
        let full = work.load.chat > 0 && work.load.chat >= capacity.chat;
        let chosen = self.chosen();
        let (availability, activity) = if work.in_call {
            (Availability::Busy, Activity::InACall)
        } else if work.call_wrap_up || (full && work.wrap_ups > 0) {
            (Availability::Busy, Activity::WrapUp)
        } else if full {
            (Availability::Busy, Activity::InAConversation)
        } else if work.wrap_ups > 0 {
            (chosen.0, Activity::WrapUp)
        } else {
            (chosen.0, chosen.1)
        };
        self.with_reason(availability, activity)
    }

    /// The reason goes with what was preferred, where that is what is shown.
    fn with_reason(&self, availability: Availability, activity: Activity) -> Shown {
        let preferred = self.prefers.clone().filter(|p| (p.0, p.1) == (availability, activity));
        (availability, activity, preferred.and_then(|p| p.2))
    }

    /// Whether it can be made offers at all: an agent's session gives signs of life.
    pub(crate) fn can_see_offers(&self) -> bool {
        self.live().any(|tab| tab.role == Role::Agent)
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        !self.tabs.is_empty()
    }

    /// Whether it gives signs of life.
    pub(crate) fn is_there(&self) -> bool {
        self.live().next().is_some()
    }

    pub(crate) fn is_signed_in_as_agent(&self) -> bool {
        self.tabs.values().any(|tab| tab.role == Role::Agent)
    }

    /// Whether new work is to come: it chose to be available, whatever its work shows; not where another state is to follow, or it did not answer.
    pub(crate) fn takes_new_work(&self) -> bool {
        self.chosen().0 == Availability::Available
            && !self.aside
            && self.next.is_none_or(|next| next == Availability::Available)
    }
}

/// Everybody.
#[derive(Debug, Default)]
pub(crate) struct People {
    all: BTreeMap<UserId, Person>,
    whose: BTreeMap<SessionId, UserId>,
}

impl People {
    pub(crate) fn get(&self, user: &UserId) -> Option<&Person> {
        self.all.get(user)
    }

    pub(crate) fn get_mut(&mut self, user: &UserId) -> &mut Person {
        self.all.entry(user.clone()).or_default()
    }

    /// Takes in a fact about somebody. Gives whom it is about, if about anybody.
    pub(crate) fn note(&mut self, event: &Event, at: Millis) -> Option<UserId> {
        match event {
            Event::SessionOpened { session, who } => {
                self.whose.insert(session.clone(), who.user_id.clone());
                let tab = Tab { role: who.role, silent: false, says: None };
                self.get_mut(&who.user_id).tabs.insert(session.clone(), tab);
                Some(who.user_id.clone())
            }
            Event::SessionAway { session } => self.change_tab(session, |tab| tab.silent = true),
            Event::SessionReturned { session } => self.change_tab(session, |tab| tab.silent = false),
            Event::SessionClosed { session, user_id, .. } => {
                self.whose.remove(session);
                self.get_mut(user_id).tabs.remove(session);
                self.choose(user_id, at, |person| {
                    if person.tabs.is_empty() {
                        person.prefers.take_if(|p| p.0 == Availability::Available);
                        (person.next, person.aside) = (None, false);
                    }
                });
                Some(user_id.clone())
            }
            Event::SessionPresenceSet { session, presence } => {
                let user = self.whose.get(session).cloned()?;
                let (session, says) = (session.clone(), Some(presence.clone()));
                self.choose(&user, at, |person| set_said(person, &session, says));
                Some(user)
            }
            Event::SessionPresenceEnded { session } => {
                let user = self.whose.get(session).cloned()?;
                self.choose(&user, at, |person| set_said(person, session, None));
                Some(user)
            }
            of_user => self.note_wish(of_user, at),
        }
    }

    fn note_wish(&mut self, event: &Event, at: Millis) -> Option<UserId> {
        match event {
            Event::PresenceWished { user_id, availability, activity, reason, .. } => {
                let activity = activity.unwrap_or_else(|| goes_with(*availability));
                let wish = (*availability, activity, reason.clone());
                self.choose(user_id, at, |person| {
                    (person.prefers, person.next, person.aside) = (Some(wish), None, false)
                });
                Some(user_id.clone())
            }
            Event::OffersPaused { user_id, .. } | Event::OffersResumed { user_id } => {
                self.get_mut(user_id).aside = matches!(event, Event::OffersPaused { .. });
                Some(user_id.clone())
            }
            Event::PresenceCleared { user_id } => {
                self.choose(user_id, at, |person| {
                    (person.prefers, person.next, person.aside) = (None, None, false)
                });
                Some(user_id.clone())
            }
            Event::PresenceQueued { user_id, next } => {
                self.get_mut(user_id).next = Some(next.availability);
                Some(user_id.clone())
            }
            Event::PresenceChanged { user_id, availability, activity, reason } => {
                let person = self.get_mut(user_id);
                person.told = Some((*availability, *activity, reason.clone()));
                person.told_aside = person.aside;
                Some(user_id.clone())
            }
            _ => None,
        }
    }

    fn change_tab(&mut self, session: &SessionId, change: impl FnOnce(&mut Tab)) -> Option<UserId> {
        let user = self.whose.get(session).cloned()?;
        change(self.get_mut(&user).tabs.get_mut(session)?);
        Some(user)
    }

    /// Who chooses to be available, and was not, has been idle since now.
    fn choose(&mut self, user: &UserId, at: Millis, change: impl FnOnce(&mut Person)) {
        let person = self.get_mut(user);
        let before = person.chosen().0;
        change(person);
        if person.chosen().0 == Availability::Available && before != Availability::Available {
            person.idle_since = at;
        }
    }

    /// A customer without a session is nobody's concern any more.
    pub(crate) fn forget(&mut self, user: &UserId) {
        self.all.remove(user);
    }

    /// The customers who have a page open.
    pub(crate) fn customers_there(&self) -> impl Iterator<Item = &UserId> {
        let customers = self.all.iter().filter(|(user, _)| super::eyes::is_customer(user));
        customers.filter(|(_, person)| person.is_there()).map(|(user, _)| user)
    }

    /// Everybody who is not a customer.
    pub(crate) fn colleagues(&self) -> impl Iterator<Item = (&UserId, &Person)> {
        self.all.iter().filter(|(user, _)| !super::eyes::is_customer(user))
    }
}

fn set_said(person: &mut Person, session: &SessionId, says: Option<SessionPresence>) {
    if let Some(tab) = person.tabs.get_mut(session) {
        tab.says = says;
    }
}

/// The activity that goes with an availability where nothing else is said.
fn goes_with(availability: Availability) -> Activity {
    match availability {
        Availability::Available => Activity::Available,
        Availability::Busy => Activity::Busy,
        Availability::DoNotDisturb => Activity::DoNotDisturb,
        Availability::BeRightBack => Activity::BeRightBack,
        Availability::Offline => Activity::OffWork,
        _ => Activity::Away,
    }
}
