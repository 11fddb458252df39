//! What a tenant keeps beside its switchboard: the records of open conversations; and how both go into a snapshot.

use jackfield_exchange::{Records, switchboard::Saved};
use serde::{Deserialize, Serialize, de::IgnoredAny};

/// What a snapshot holds. `format` lets a later gateway tell what it reads.
#[derive(Serialize, Deserialize)]
struct Wrapped<S, R> {
    format: u32,
    switchboard: S,
    records: R,
}

/// 2: without what people are called or wrote.
const FORMAT: u32 = 2;
/// Formats that can still be read.
const READABLE: std::ops::RangeInclusive<u32> = 1..=FORMAT;

/// A snapshot as text.
///
/// # Errors
/// What the serialiser says.
pub(super) fn write(switchboard: &Saved, records: &Records) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Wrapped { format: FORMAT, switchboard, records })
}

/// Whether a snapshot is of an older format, or can't be read.
pub(super) fn is_outdated(text: &str) -> bool {
    let wrapped = serde_json::from_str::<Wrapped<IgnoredAny, IgnoredAny>>(text);
    wrapped.map_or(true, |wrapped| wrapped.format < FORMAT)
}

/// A snapshot from text.
///
/// # Errors
/// A sentence.
pub(super) fn read(text: &str) -> Result<(Saved, Records), String> {
    let wrapped: Wrapped<Saved, Records> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if !READABLE.contains(&wrapped.format) {
        return Err(format!("it has format {}, this gateway knows up to {FORMAT}", wrapped.format));
    }
    Ok((wrapped.switchboard, wrapped.records))
}
