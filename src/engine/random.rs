//! Random numbers from a seed that the caller gives, so that the same inputs always give the same outputs.

/// SplitMix64 (Steele, Lea, Flood 2014): spreads reconnects and names commands. Not for secrets.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `most`, both included. The bias of the modulo does not matter for spreading.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.next() % most.saturating_add(1).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_its_bound_and_repeats_with_its_seed() {
        let (mut one, mut other) = (Random::new(7), Random::new(7));
        for most in [0, 1, 10, u64::MAX] {
            let number = one.up_to(most);
            assert!(number <= most);
            assert_eq!(number, other.up_to(most));
        }
        assert_ne!(Random::new(1).next(), Random::new(2).next());
    }
}
