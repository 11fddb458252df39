//! Time that never goes back.

use jackfield_wire::Millis;

/// Turns wall-clock times into ticks that only grow.
///
/// A page's clock can be set back by an hour; a deadline kept in wall-clock time would then be an hour late. Steps back count as
/// no time at all; steps forward count in full, which at worst costs a reconnect.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    wall: Millis,
    ticks: u64,
}

impl Clock {
    /// Takes the wall clock's time now.
    pub(crate) fn advance(&mut self, wall: Millis) {
        self.ticks += wall.saturating_sub(self.wall);
        self.wall = wall;
    }

    /// Now, in ticks (milliseconds since no particular moment).
    pub(crate) fn now(&self) -> u64 {
        self.ticks
    }

    /// Now, by the wall clock.
    pub(crate) fn wall(&self) -> Millis {
        self.wall
    }

    /// A tick as a wall-clock time.
    pub(crate) fn wall_at(&self, tick: u64) -> Millis {
        self.wall + tick.saturating_sub(self.ticks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_does_not_put_deadlines_off() {
        let mut clock = Clock::default();
        clock.advance(1_000_000);
        let deadline = clock.now() + 50;
        clock.advance(10);
        assert_eq!(clock.wall_at(deadline), 60);
        clock.advance(60);
        assert_eq!(clock.now(), deadline);
    }
}
