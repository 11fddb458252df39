//! Lists in which things are found by their id: a supervisor watches hundreds, and every event names one.

use jackfield_wire::lean::Presence;
use jackfield_wire::{ConversationId, UserId};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::ops::Deref;

use super::Conversation;

/// What has an id.
pub trait Keyed {
    /// The id's type.
    type Key: Hash + Eq + Clone;
    /// The id.
    fn key(&self) -> &Self::Key;
}

impl Keyed for Conversation {
    type Key = ConversationId;

    fn key(&self) -> &ConversationId {
        &self.conversation_id
    }
}

impl Keyed for Presence {
    type Key = UserId;

    fn key(&self) -> &UserId {
        &self.user_id
    }
}

/// A list in the order of arrival, read as a slice, in which things are found by their id at once.
#[derive(Debug, Clone)]
pub struct Roll<T: Keyed> {
    items: Vec<T>,
    // Hashed without a random key: the engine has no randomness of its own, and the ids come from a gateway that the page trusts.
    places: HashMap<T::Key, usize, BuildHasherDefault<Fnv>>,
}

impl<T: Keyed> Roll<T> {
    /// The thing of this id.
    pub fn find(&self, key: &T::Key) -> Option<&T> {
        self.items.get(*self.places.get(key)?)
    }

    pub(super) fn find_mut(&mut self, key: &T::Key) -> Option<&mut T> {
        self.items.get_mut(*self.places.get(key)?)
    }

    pub(super) fn push(&mut self, item: T) {
        self.places.insert(item.key().clone(), self.items.len());
        self.items.push(item);
    }

    pub(super) fn remove(&mut self, key: &T::Key) -> Option<T> {
        let place = self.places.remove(key)?;
        let item = self.items.remove(place);
        for (later, item) in self.items.iter().enumerate().skip(place) {
            self.places.insert(item.key().clone(), later);
        }
        Some(item)
    }
}

impl<T: Keyed> Deref for Roll<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T: Keyed> FromIterator<T> for Roll<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut roll = Self { items: Vec::new(), places: HashMap::default() };
        items.into_iter().for_each(|item| roll.push(item));
        roll
    }
}

impl<T: Keyed + PartialEq> PartialEq for Roll<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

/// FNV-1a (Fowler, Noll, Vo): quick for short keys, and little code.
#[derive(Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jackfield_wire::lean::Members;

    fn presence(id: &str) -> Presence {
        Presence { user_id: UserId::parse(id).unwrap(), rest: Members::default() }
    }

    #[test]
    fn things_are_found_after_others_went() {
        let mut roll: Roll<Presence> = ["a", "b", "c", "d"].map(presence).into_iter().collect();
        assert_eq!(roll.remove(&presence("b").user_id), Some(presence("b")));
        assert_eq!(roll.remove(&presence("b").user_id), None);
        for id in ["a", "c", "d"] {
            assert_eq!(roll.find(&presence(id).user_id), Some(&presence(id)));
        }
        roll.push(presence("b"));
        let order: Vec<_> = roll.iter().map(|p| p.user_id.as_str()).collect();
        assert_eq!(order, ["a", "c", "d", "b"]);
    }
}
