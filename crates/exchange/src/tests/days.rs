//! Statistics by the tenant's own days, also where a clock is put forward or back.

use super::{Centre, centre, queue, recount::check_statistics};
use jackfield_wire::{Channel, Command, Millis};
use proptest::prelude::*;
use serde_json::json;

const HOUR_MS: Millis = 3_600_000;
/// 28 March 2026, 20:00 UTC: 21:00 in Berlin, where summer time begins in the night, at 01:00 UTC.
const BEFORE_SUMMER: Millis = 1_774_728_000_000;
/// 24 October 2026, 20:00 UTC: 22:00 in Berlin, where summer time ends in the night, at 01:00 UTC.
const BEFORE_WINTER: Millis = 1_792_872_000_000;

fn berlin(starts: &str, now: Millis) -> Centre {
    let mut config = centre::config();
    config["time_zone"] = json!("Europe/Berlin");
    config["statistics"] = json!({ "day_starts": starts });
    let mut centre = Centre::with(config);
    centre.now = now;
    centre
}

fn entered(centre: &Centre) -> u32 {
    centre.exchange.queue_today(&queue("help"), centre.now).entered
}

/// A customer comes and gives up at once.
fn passes_by(centre: &mut Centre, n: usize) {
    let id = format!("anna{n}");
    let conversation_id = centre.caller(&id, "help", Channel::Chat);
    centre.pass(10_000);
    centre.done(&id, Command::EndConversation { conversation_id });
}

#[test]
fn a_day_of_23_hours_and_one_of_25_are_counted_whole() {
    for (before, midnight, hours) in [(BEFORE_SUMMER, 3, 23), (BEFORE_WINTER, 2, 25)] {
        let mut centre = berlin("00:00", before);
        passes_by(&mut centre, 1);
        assert_eq!(entered(&centre), 1);
        centre.now = before + midnight * HOUR_MS - 60_000;
        centre.settle();
        assert_eq!(entered(&centre), 1, "a minute before midnight");
        centre.now = before + midnight * HOUR_MS;
        passes_by(&mut centre, 2);
        centre.now = before + (midnight + hours) * HOUR_MS - 60_000;
        passes_by(&mut centre, 3);
        assert_eq!(entered(&centre), 2, "the whole day, and no more");
        centre.now = before + (midnight + hours) * HOUR_MS;
        passes_by(&mut centre, 4);
        assert_eq!(entered(&centre), 1);
        check_statistics(&centre.exchange, &centre.journal);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whoever came since the clock in Berlin last showed the time is counted, nobody else: looked up in the journal, minute by minute.
    #[test]
    fn what_is_counted_of_a_day_is_what_came_in_it(
        winter in any::<bool>(),
        starts in 3..24u16,
        gaps in proptest::collection::vec(1..240u64, 1..24),
    ) {
        let mut centre = berlin(&format!("{starts:02}:00"), if winter { BEFORE_WINTER } else { BEFORE_SUMMER });
        let zone = crate::rules::zone("Europe/Berlin").unwrap();
        let mut came = Vec::new();
        for (n, gap) in gaps.into_iter().enumerate() {
            centre.now += gap * 60_000;
            came.push(centre.now);
            passes_by(&mut centre, n);
            let begins = |minute: &Millis| {
                let time = crate::rules::clock(&zone, minute * 60_000).unwrap();
                (time.hour().unsigned_abs().into(), time.minute()) == (starts, 0)
            };
            let day = (0..=centre.now / 60_000).rev().find(begins).unwrap() * 60_000;
            let today = came.iter().filter(|at| **at >= day).count();
            prop_assert_eq!(entered(&centre) as usize, today);
        }
        check_statistics(&centre.exchange, &centre.journal);
    }
}
