//! A set of small numbers, one bit each.

/// A set of agents, each by its place in the configuration. Two sets are intersected a word, that is 64 agents, at a time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn set(&mut self, n: usize, on: bool) {
        let word = n / 64;
        if word >= self.0.len() {
            if !on {
                return;
            }
            self.0.resize(word + 1, 0);
        }
        let bit = 1 << (n % 64);
        if on {
            self.0[word] |= bit;
        } else {
            self.0[word] &= !bit;
        }
    }

    pub(crate) fn has(&self, n: usize) -> bool {
        self.0.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    /// Leaves those who are in the other set, too.
    pub(crate) fn and(&mut self, other: &Bits) {
        self.0.truncate(other.0.len());
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    pub(crate) fn or(&mut self, other: &Bits) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Those who are in one of the sets and not in the other.
    fn xor(&mut self, other: &Bits) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word ^= other);
    }

    /// Of these, those who are in most of some sets. In how many each is, is added up for 64 at a time: a binary digit of all of them is a set.
    pub(crate) fn in_most<'a>(self, sets: impl Iterator<Item = &'a Bits>) -> Bits {
        let mut digits: Vec<Bits> = Vec::new();
        for set in sets {
            let mut carry = self.clone();
            carry.and(set);
            for digit in &mut digits {
                if carry.is_empty() {
                    break;
                }
                let mut next = digit.clone();
                next.and(&carry);
                digit.xor(&carry);
                carry = next;
            }
            if !carry.is_empty() {
                digits.push(carry);
            }
        }
        digits.iter().rev().fold(self, |best, digit| {
            let mut with = best.clone();
            with.and(digit);
            if with.is_empty() { best } else { with }
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(n, word)| {
            let rest = std::iter::successors(Some(*word), |rest| Some(rest & rest.wrapping_sub(1)));
            rest.take_while(|rest| *rest != 0).map(move |rest| n * 64 + rest.trailing_zeros() as usize)
        })
    }
}

impl PartialEq for Bits {
    /// Trailing words without a member count for nothing.
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(members: &[usize]) -> Bits {
        let mut bits = Bits::default();
        members.iter().for_each(|n| bits.set(*n, true));
        bits
    }

    #[test]
    fn it_is_a_set() {
        let mut some = bits(&[3, 64, 200]);
        some.set(64, false);
        some.set(9_999, false);
        assert_eq!(some.iter().collect::<Vec<_>>(), [3, 200]);
        assert!(some.has(200) && !some.has(64) && !some.has(70_000));
        assert_eq!((some.count(), some.is_empty(), bits(&[]).is_empty()), (2, false, true));
    }

    #[test]
    fn who_is_in_most_of_some_sets_is_found() {
        let all = || bits(&[1, 2, 3, 70, 200]);
        let sets = [bits(&[1, 2, 70]), bits(&[2, 70, 99]), bits(&[70, 3]), bits(&[2, 70]), bits(&[99])];
        assert_eq!(all().in_most(sets.iter()), bits(&[70]), "who is not among them counts for nothing");
        assert_eq!(all().in_most(sets[..2].iter()), bits(&[2, 70]));
        assert_eq!(all().in_most(sets[4..].iter()), all(), "who is in none of them is as good as the others");
        assert_eq!(all().in_most(std::iter::empty()), all());
    }

    #[test]
    fn sets_of_other_lengths_meet() {
        let (short, long) = (bits(&[1, 2]), bits(&[2, 500]));
        for (a, b) in [(&short, &long), (&long, &short)] {
            let (mut both, mut any) = (a.clone(), a.clone());
            both.and(b);
            any.or(b);
            assert_eq!(both, bits(&[2]));
            assert_eq!(any, bits(&[1, 2, 500]));
        }
    }
}
