//! The voice legs of a conversation, as the media plane's rooms have them.

use crate::{
    Exchange, Monitor, PatchLeg, PatchRole,
    state::{Conversation, Leg, Participant},
};
use jackfield_wire::{ConversationId, MonitorMode, Side};

impl Exchange {
    /// The voice legs of one side of a conversation now; none where it is over, or nobody is on that side.
    ///
    /// Each side is a room of its own. A monitor is on the side of the one it monitors, and changes over with it.
    pub fn legs(&self, conversation_id: &ConversationId, side: Side) -> Vec<PatchLeg> {
        let conversation = self.state.conversations.get(conversation_id);
        let with_leg = conversation.into_iter().flat_map(|c| c.with_leg().map(move |(p, leg)| (c, p, leg)));
        let here = with_leg.filter(|(c, p, _)| side_of(c, p) == side);
        here.map(|(c, participant, leg)| patch_leg(c, participant, leg)).collect()
    }
}

/// The side on which a participant talks and hears.
fn side_of(conversation: &Conversation, participant: &Participant) -> Side {
    let whom = participant.seat.monitor.as_ref().and_then(|m| conversation.participant(&m.whom));
    whom.map_or(participant.seat.side, |whom| whom.seat.side)
}

fn patch_leg(conversation: &Conversation, participant: &Participant, leg: &Leg) -> PatchLeg {
    PatchLeg {
        session: leg.session.clone(),
        participant: participant.participant_id.clone(),
        held: leg.held,
        muted: leg.muted,
        role: role_of(conversation, participant),
    }
}

fn role_of(conversation: &Conversation, participant: &Participant) -> PatchRole {
    let Some(Monitor { mode, whom }) = &participant.seat.monitor else { return PatchRole::Talker };
    let to = conversation.participant(whom).and_then(|p| p.leg.as_ref()).map(|leg| leg.session.clone());
    match (mode, to) {
        (MonitorMode::Barge, _) => PatchRole::Barge,
        (MonitorMode::Whisper, Some(to)) => PatchRole::Whisper { to },
        _ => PatchRole::Listener,
    }
}
