//! Commands, as the package's JavaScript gives them: objects named as the wire names them.
//!
//! Read by hand: serde's reader for `Command`, which only the gateway needs, would be an eighth of the WebAssembly.

use super::convert::{Fields, invalid};
use jackfield_wire::{Availability, Channel, Command, Visibility, WireError};

/// Reads a command.
///
/// # Errors
/// `invalidField`, naming the field.
pub(super) fn read(fields: &Fields) -> Result<Command, WireError> {
    match fields.text("type")?.as_str() {
        "setPresence" => Ok(Command::presence(availability(fields)?)),
        "watchFloor" => Ok(Command::WatchFloor { on: fields.flag("on") }),
        "watchPresence" => Ok(Command::WatchPresence { user_ids: fields.ids("userIds")? }),
        "startConversation" => Ok(Command::StartConversation {
            queue_id: fields.id("queueId")?,
            channel: channel(fields)?,
            subject: fields.optional_text("subject"),
            attributes: fields.attributes("attributes")?,
        }),
        "acceptOffer" => Ok(Command::AcceptOffer { offer_id: fields.id("offerId")? }),
        "rejectOffer" => Ok(Command::RejectOffer {
            offer_id: fields.id("offerId")?,
            reason: fields.optional_text("reason"),
        }),
        kind => within(kind, fields),
    }
}

/// What is asked of one conversation.
fn within(kind: &str, fields: &Fields) -> Result<Command, WireError> {
    let conversation_id = fields.id("conversationId")?;
    let participant_id = fields.optional_id("participantId")?;
    Ok(match kind {
        "startVoice" => Command::StartVoice { conversation_id },
        "hangUp" => Command::HangUp { conversation_id },
        "endConversation" => Command::EndConversation { conversation_id },
        "extendWrapUp" => Command::ExtendWrapUp { conversation_id },
        "hold" => Command::Hold { conversation_id, participant_id },
        "resume" => Command::Resume { conversation_id, participant_id },
        "setMuted" => Command::SetMuted { conversation_id, participant_id, muted: fields.flag("muted") },
        "sendMessage" => Command::SendMessage {
            conversation_id,
            text: fields.text("text")?,
            visibility: visibility(fields)?,
        },
        "markMessages" => {
            Command::MarkMessages { conversation_id, delivered: None, read: fields.number("read")? }
        }
        "fetchHistory" => Command::FetchHistory {
            conversation_id,
            before: fields.number("before")?,
            limit: fields.number("limit")?.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX)),
        },
        "finishWrapUp" => Command::FinishWrapUp {
            conversation_id,
            disposition: fields.optional_text("disposition"),
            note: fields.optional_text("note"),
        },
        _ => return Err(invalid("type", "is no command")),
    })
}

fn availability(fields: &Fields) -> Result<Availability, WireError> {
    match fields.text("availability")?.as_str() {
        "available" => Ok(Availability::Available),
        "busy" => Ok(Availability::Busy),
        "away" => Ok(Availability::Away),
        "offline" => Ok(Availability::Offline),
        _ => Err(invalid("availability", "give available, busy, away or offline")),
    }
}

fn channel(fields: &Fields) -> Result<Channel, WireError> {
    match fields.text("channel")?.as_str() {
        "voice" => Ok(Channel::Voice),
        "chat" => Ok(Channel::Chat),
        _ => Err(invalid("channel", "give voice or chat")),
    }
}

fn visibility(fields: &Fields) -> Result<Visibility, WireError> {
    match fields.text("visibility")?.as_str() {
        "everyone" => Ok(Visibility::Everyone),
        "internal" => Ok(Visibility::Internal),
        _ => Err(invalid("visibility", "give everyone or internal")),
    }
}
