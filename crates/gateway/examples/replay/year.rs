//! A tenant's year: made in virtual time and written into two stores.

use super::{Made, VERSION, world::World};
use jackfield_exchange::{TenantConfig, switchboard::Switchboard};
use jackfield_gateway::{
    recovery::{Keeper, SNAPSHOT_EVERY_LINES},
    store::Sqlite,
};
use serde_json::json;
use std::{error::Error, path::Path, sync::Arc};

/// Agents, of whom some are off each day.
pub(crate) const AGENTS: usize = 40;
pub(crate) const QUEUES: [&str; 5] = ["help", "orders", "french", "vip", "returns"];
const SEED: u64 = 11;

/// Forty agents, five queues, three skills.
///
/// # Errors
/// When the configuration is none.
pub(crate) fn config() -> Result<TenantConfig, Box<dyn Error>> {
    let queue = |id: &str, priority: u8, skills: serde_json::Value| {
        let dispositions =
            json!([{ "id": "solved", "name": "Solved" }, { "id": "open", "name": "Still open" }]);
        json!({ "queue_id": id, "name": id, "priority": priority, "skills": skills, "dispositions": dispositions })
    };
    let agents = (0..AGENTS).map(|n| {
        let mut skills = json!({ "english": 5 + n % 5 });
        for (skill, every) in [("french", 3), ("tax", 4)] {
            if n % every == 0 {
                skills[skill] = (3 + n % 7).into();
            }
        }
        json!({ "user_id": format!("agent{n}"), "name": format!("Agent {n}"), "skills": skills })
    });
    let supervisor = json!({ "user_id": "super", "name": "Super", "roles": ["supervisor"] });
    let users: Vec<_> = agents.chain([supervisor]).collect();
    let queues = [
        queue(QUEUES[0], 0, json!({ "english": 3 })),
        queue(QUEUES[1], 1, json!({ "english": 5 })),
        queue(QUEUES[2], 0, json!({ "french": 3 })),
        queue(QUEUES[3], 5, json!({ "tax": 3 })),
        queue(QUEUES[4], 0, json!({})),
    ];
    let config = json!({ "tenant_id": "contoso", "name": "Contoso", "queues": queues, "users": users });
    let config: TenantConfig = serde_json::from_value(config)?;
    config.check().map_err(|problems| format!("{problems:?}"))?;
    Ok(config)
}

/// Makes the two stores.
///
/// # Errors
/// When a store refuses something, or the year comes to a stop.
pub(crate) fn make(directory: &Path, asked: u64) -> Result<Made, Box<dyn Error>> {
    let config = config()?;
    let open = |name: &str| -> Result<(Keeper, Switchboard), Box<dyn Error>> {
        Ok(Keeper::open(Arc::new(Sqlite::open(&directory.join(name))?), &config)?)
    };
    let mut world = World::new(config.clone(), SEED);
    let (mut year, _) = open("year")?;
    let mut day: Option<Keeper> = None;
    let mut made = Made { version: VERSION, asked, ..Made::default() };
    let mut of_a_day = 0;
    let mut unsaved = 0;
    loop {
        if world.is_night() {
            of_a_day = of_a_day.max(world.desk.events.saturating_sub(made.events));
            keep(&mut world, &mut year, &mut made)?;
            if day.is_none() && world.desk.events + of_a_day + of_a_day / 2 >= asked {
                let mut keeper = open("day")?.0;
                keeper.snapshot(&world.desk.board)?;
                day = Some(keeper);
            }
        }
        world.step()?;
        let Some(keeper) = &mut day else {
            if world.desk.written.entries.len() >= SNAPSHOT_EVERY_LINES {
                keep(&mut world, &mut year, &mut made)?;
            }
            continue;
        };
        // As the tenant's task does it, only less often than at each step.
        if world.desk.written.entries.len() >= 25 {
            keeper.append(world.desk.written.clone())?;
            unsaved += world.desk.written.entries.len();
            keep(&mut world, &mut year, &mut made)?;
            if world.desk.events >= asked && world.is_busy() && unsaved + 25 >= SNAPSHOT_EVERY_LINES {
                break;
            }
            if unsaved >= SNAPSHOT_EVERY_LINES {
                keeper.snapshot(&world.desk.board)?;
                unsaved = 0;
            }
        }
    }
    made.days = world.days;
    made.conversations = world.conversations;
    made.digest = digest(&world.desk.board)?;
    Ok(made)
}

fn keep(world: &mut World, year: &mut Keeper, made: &mut Made) -> Result<(), Box<dyn Error>> {
    let batch = world.desk.take_written();
    for entry in &batch.entries {
        made.journal_bytes += serde_json::to_string(entry)?.len() as u64;
    }
    made.lines += batch.entries.len() as u64;
    made.events = world.desk.events;
    Ok(year.append(batch)?)
}

/// Who and what is there, as a number to compare by: FNV-1a over the ids. Not over all of the state: a later version may keep more of it than the one that made the
/// year.
///
/// # Errors
/// When the state can't be written as text.
pub(crate) fn digest(board: &Switchboard) -> Result<String, Box<dyn Error>> {
    let state = serde_json::to_value(board.exchange().state())?;
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    for of in ["counters", "conversations", "offers", "sessions", "users"] {
        for (id, value) in state[of].as_object().into_iter().flatten() {
            let text = if value.is_u64() { format!("{of} {id} {value} ") } else { format!("{of} {id} ") };
            digest = text
                .bytes()
                .fold(digest, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        }
    }
    Ok(format!("{digest:016x}"))
}
