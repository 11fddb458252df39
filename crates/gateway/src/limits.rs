//! What strangers may use up: places before they are known, and tries.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Whoever shares it shares the limits: an IPv4 address, or the /64 that one IPv6 subscriber has to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Neighbourhood(IpAddr);

impl From<IpAddr> for Neighbourhood {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            v4 => v4,
        })
    }
}

/// Places for sockets that have not said a good hello.
#[derive(Debug)]
pub(crate) struct Porch {
    most: usize,
    most_of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by: HashMap<Neighbourhood, usize>,
}

/// A place, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    porch: Arc<Porch>,
    by: Neighbourhood,
}

impl Porch {
    /// So many places, and so many for one neighbourhood.
    pub(crate) fn new(most: usize, most_of_one: usize) -> Arc<Self> {
        Arc::new(Self { most, most_of_one, taken: Mutex::default() })
    }

    /// Takes a place, if one is free.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let by = Neighbourhood::from(address);
        let mut taken = lock(&self.taken);
        if taken.all >= self.most || taken.by.get(&by).is_some_and(|count| *count >= self.most_of_one) {
            return None;
        }
        taken.all += 1;
        *taken.by.entry(by).or_default() += 1;
        Some(Place { porch: Arc::clone(self), by })
    }

    /// How many places are taken.
    pub(crate) fn taken(&self) -> usize {
        lock(&self.taken).all
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.porch.taken);
        taken.all = taken.all.saturating_sub(1);
        if let Some(count) = taken.by.get_mut(&self.by) {
            *count -= 1;
            if *count == 0 {
                taken.by.remove(&self.by);
            }
        }
    }
}

/// Tries for each of many keys: so many at once, and one more after each interval (GCRA).
#[derive(Debug)]
pub(crate) struct Tries<K> {
    interval: Duration,
    burst: u32,
    /// For each key, when all its tries are there again. Keys whose time has passed are as if never seen.
    full_at: Mutex<HashMap<K, Instant>>,
}

/// Keys kept before those that are full again are forgotten.
const KEYS: usize = 10_000;

impl<K: Eq + Hash> Tries<K> {
    /// One try each interval, and `burst` at once.
    pub(crate) fn new(interval: Duration, burst: u32) -> Self {
        Self { interval, burst, full_at: Mutex::default() }
    }

    /// Takes a try.
    ///
    /// # Errors
    /// How long to wait for one.
    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        self.check(&key, now)?;
        let mut all = lock(&self.full_at);
        if all.len() >= KEYS {
            all.retain(|_, at| *at > now);
        }
        let at = all.entry(key).or_insert(now);
        *at = (*at).max(now) + self.interval;
        Ok(())
    }

    /// Whether a try is there, without taking it.
    ///
    /// # Errors
    /// How long to wait for one.
    pub(crate) fn check(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let full_at = lock(&self.full_at).get(key).copied().unwrap_or(now);
        let used = full_at.saturating_duration_since(now);
        match (used + self.interval).checked_sub(self.interval * self.burst) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => Ok(()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn places_are_limited_in_all_and_for_each_neighbourhood() {
        let porch = Porch::new(3, 2);
        let first = porch.enter(address("192.0.2.1")).unwrap();
        let _second = porch.enter(address("::ffff:192.0.2.1")).unwrap();
        assert!(porch.enter(address("192.0.2.1")).is_none(), "two of one address, however it is written");
        let third = porch.enter(address("2001:db8::1")).unwrap();
        assert!(porch.enter(address("2001:db8:1::1")).is_none(), "three in all");
        drop(first);
        let _again = porch.enter(address("2001:db8::2:1")).unwrap();
        assert!(porch.enter(address("2001:db8::3")).is_none());
        drop(third);
        assert_eq!(porch.taken(), 2);
    }

    #[test]
    fn tries_come_back_one_by_one() {
        let tries = Tries::new(Duration::from_secs(6), 3);
        let now = Instant::now();
        (0..3).for_each(|_| tries.take("a", now).unwrap());
        assert_eq!(tries.take("a", now), Err(Duration::from_secs(6)));
        assert_eq!(tries.take("b", now), Ok(()));
        let later = now + Duration::from_secs(6);
        assert_eq!(tries.take("a", later), Ok(()));
        assert!(tries.take("a", later).is_err());
        assert_eq!(tries.take("a", later + Duration::from_secs(60)), Ok(()));
    }
}
