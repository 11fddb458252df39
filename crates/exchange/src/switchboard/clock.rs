//! Time that never runs backwards.

use jackfield_wire::Millis;

/// Time that never runs backwards, made from one that may.
///
/// A machine's clock is set back by an hour, or by a day: if the switchboard simply waited until the old time came round again, no ping would
/// go out and no offer would end for as long. So the steady time goes on from where it was, ahead of the machine's clock by the step.
/// A step forwards is followed: it can't be told from a machine that slept.
#[derive(Debug, Clone, Default)]
pub(super) struct Steady {
    last: Millis,
    ahead: Millis,
}

impl Steady {
    /// The steady time, given the machine's.
    pub(super) fn at(&mut self, now: Millis) -> Millis {
        let steady = now.saturating_add(self.ahead);
        if steady < self.last {
            self.ahead = self.ahead.saturating_add(self.last - steady);
        }
        self.last = self.last.max(steady);
        self.last
    }

    /// The machine's time at which a steady time will come.
    pub(super) fn machine(&self, steady: Millis) -> Millis {
        steady.saturating_sub(self.ahead)
    }

    /// The steady time that belongs to a time of the machine's, as long as nobody sets it.
    pub(super) fn steady(&self, machine: Millis) -> Millis {
        machine.saturating_add(self.ahead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_when_the_machine_is_set_back() {
        let mut clock = Steady::default();
        assert_eq!(clock.at(1_000_000), 1_000_000);
        assert_eq!(clock.at(400_000), 1_000_000);
        assert_eq!(
            clock.at(400_250),
            1_000_250,
            "a quarter of a second later is a quarter of a second later"
        );
        assert_eq!(clock.machine(1_000_300), 400_300);
        assert_eq!(clock.at(9_000_000), 9_600_000, "forwards is followed");
    }
}
