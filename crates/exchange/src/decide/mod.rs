//! Deciding on orders. Nothing here changes anything: what comes out is facts, or a refusal.

mod agent;
pub(crate) mod asking;
mod call;
mod callback;
mod chat;
mod conference;
mod consult;
mod context;
mod conversation;
pub(crate) mod ending;
pub(crate) mod external;
mod floor;
mod handover;
mod list;
mod no_answer;
mod offer;
mod outbound;
mod park;
pub(crate) mod presence;
pub(crate) mod prioritize;
mod reassign;
mod session;
mod sign_out;
pub(crate) mod supervise;
mod transfer;
mod voice;
mod wrap_up;

use crate::{
    Decision, Event, Exchange, Identity, Order,
    state::{Conversation, Participant},
    view::serves,
};
use presence::Wanted;

use jackfield_wire::{
    Code, Command, CommandId, ConversationId, Millis, Outcome, Role, SessionId, SignOutReason, WireError,
    limits,
};

/// Facts, or why there are none.
type Facts = Result<Vec<Event>, WireError>;

/// Who gives a command.
#[derive(Debug, Clone, Copy)]
struct Caller<'a> {
    session: &'a SessionId,
    who: &'a Identity,
    command_id: &'a CommandId,
}

/// A conversation, and the caller's part in it.
type PartIn<'a> = (&'a Conversation, &'a Participant);

impl Exchange {
    /// Decides on an order; changes nothing.
    ///
    /// The facts are to be applied all, in order, at the same `now`; then [`Exchange::advance`] is called until it gives none.
    /// Commands that the rules only permit (`setTyping`, `fetchHistory`, `fetchCustomerHistory`, `fetchPastMessages`, `negotiateMedia`, `reportQuality`) give no facts and
    /// [`Outcome::Done`]: the caller does what they ask for.
    ///
    /// # Errors
    /// The code that the command's variant names, `sessionUnknown` for a session that is not open, `notFound` alike for what does not exist
    /// and for what the session may not see.
    ///
    /// ```
    /// # use jackfield_exchange::{Exchange, Identity, Order};
    /// # use jackfield_wire::{Code, Command, Role, SessionId, UserId};
    /// # let config = serde_json::from_str(r#"{ "tenant_id": "contoso", "name": "Contoso" }"#)?;
    /// let mut exchange = Exchange::new(config);
    /// let session = SessionId::numbered('s', 1);
    /// let who = Identity::new(UserId::numbered('u', 1), "Carla", Role::Customer);
    /// let opened = exchange.decide(&Order::OpenSession { session: session.clone(), who }, 1_000)?;
    /// opened.events.iter().for_each(|event| exchange.apply(event, 1_000));
    ///
    /// let command = Command::WatchFloor { on: true, queue_ids: None, agent_ids: None };
    /// let order = Order::Do { session, id: jackfield_wire::CommandId::numbered('k', 1), command };
    /// assert_eq!(exchange.decide(&order, 2_000).unwrap_err().code, Code::NotAllowed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(&self, order: &Order, now: Millis) -> Result<Decision, WireError> {
        match order {
            Order::OpenSession { session, who } => self.decide_open(session, who).map(done),
            Order::SessionAway { session } => self.decide_away(session, now).map(done),
            Order::SessionBack { session } => self.decide_back(session).map(done),
            Order::CloseSession { session, reason } => {
                self.session(session)?;
                Ok(done(self.close_session(session, *reason, now)))
            }
            Order::External { conversation, participant, news } => {
                Ok(done(self.external_news(conversation, participant, *news, now)))
            }
            Order::Do { session, id, command } => {
                let caller = Caller { session, who: self.session(session)?, command_id: id };
                self.decide_command(caller, command, now)
            }
        }
    }

    fn decide_command(
        &self,
        caller: Caller<'_>,
        command: &Command,
        now: Millis,
    ) -> Result<Decision, WireError> {
        match command {
            Command::StartConversation { queue_id, channel, subject, attributes } => {
                self.start(caller, queue_id.as_ref(), *channel, subject.as_deref(), attributes, now)
            }
            Command::StartOutbound { queue_id, target, channel, preview, name, subject, attributes } => {
                let wanted = outbound::Wanted {
                    queue_id,
                    target,
                    channel: *channel,
                    preview: *preview,
                    name: name.as_deref(),
                    subject: subject.as_deref(),
                    attributes,
                };
                self.start_outbound(caller, &wanted, now)
            }
            Command::AcceptOffer { offer_id } => self.accept(caller, offer_id, now),
            Command::SendMessage { conversation_id, text, visibility } => {
                self.send(caller, conversation_id, text, *visibility, now)
            }
            Command::AddNote { conversation_id, text } => self.add_note(caller, conversation_id, text, now),
            Command::WatchFloor { on, queue_ids, agent_ids } => {
                self.watch_floor(caller, *on, queue_ids.as_deref(), agent_ids.as_deref())
            }
            Command::WatchPresence { user_ids } => self.watch_presence(caller, user_ids),
            Command::FetchWaiting { queue_id, limit } => self.fetch_waiting(caller, queue_id, *limit),
            Command::Explain { conversation_id } => self.explained(caller, conversation_id, now),
            Command::FindTargets { text, limit } => self.find_targets(caller, text.as_deref(), *limit),
            simple => self.decide_simple(caller, simple, now).map(done),
        }
    }

    fn find_targets(
        &self,
        caller: Caller<'_>,
        text: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Decision, WireError> {
        if matches!(caller.who.role, Role::Customer | Role::Bot) {
            return Err(WireError::new(
                Code::NotAllowed,
                "only agents and supervisors hand conversations on",
            ));
        }
        check_short("text", text)?;
        let most = limits::TARGETS;
        if limit.is_some_and(|limit| limit == 0 || limit > most) {
            return Err(invalid(format!("limit is out of range; ask for 1 to {most}")));
        }
        let outcome = self.targets(&caller.who.user_id, text, limit.unwrap_or(crate::targets::TARGETS));
        Ok(Decision { outcome, ..done(Vec::new()) })
    }

    /// Commands that are answered by `done`.
    fn decide_simple(&self, caller: Caller<'_>, command: &Command, now: Millis) -> Facts {
        match command {
            Command::SetPresence { availability, activity, reason, expires_in_ms, after_work } => {
                let wanted = Wanted {
                    availability: *availability,
                    activity: *activity,
                    reason: reason.as_deref(),
                    expires_in_ms: *expires_in_ms,
                    after_work: *after_work,
                };
                self.prefer(caller, &wanted, now)
            }
            Command::ClearPresence => self.clear_presence(caller),
            Command::SetStatusMessage { text, expires_in_ms } => {
                self.set_status(caller, text.as_deref(), *expires_in_ms, now)
            }
            Command::SetSessionPresence { availability, activity, expires_in_ms } => {
                self.say_presence(caller, (*availability, *activity), *expires_in_ms, now)
            }
            Command::RejectOffer { offer_id, reason } => {
                self.reject(caller, offer_id, reason.as_deref(), now)
            }
            Command::StartVoice { conversation_id } => self.start_voice(caller, conversation_id, now),
            Command::AnswerRequest { conversation_id, accept } => {
                self.answer(caller, conversation_id, *accept, now)
            }
            Command::RequestCallback { conversation_id, number, at } => {
                self.request_callback(caller, conversation_id, number.as_deref(), *at, now)
            }
            Command::HangUp { conversation_id } => self.hang_up(caller, conversation_id, now),
            Command::EndConversation { conversation_id } => self.end(caller, conversation_id, now),
            Command::Hold { conversation_id, participant_id } => {
                self.hold(caller, conversation_id, participant_id.as_ref(), true)
            }
            Command::Resume { conversation_id, participant_id } => {
                self.hold(caller, conversation_id, participant_id.as_ref(), false)
            }
            Command::SetMuted { conversation_id, participant_id, muted } => {
                self.mute(caller, conversation_id, participant_id.as_ref(), *muted)
            }
            Command::MarkMessages { conversation_id, delivered, read } => {
                self.mark(caller, conversation_id, *delivered, *read)
            }
            Command::FinishWrapUp { conversation_id, disposition, note } => {
                self.finish(caller, conversation_id, disposition.as_deref(), note.as_deref(), now)
            }
            Command::ExtendWrapUp { conversation_id } => self.extend(caller, conversation_id),
            Command::Monitor { conversation_id, mode, user_id } => {
                self.monitor(caller, conversation_id, *mode, user_id.as_ref())
            }
            Command::StopMonitoring { conversation_id } => self.stop_monitoring(caller, conversation_id),
            Command::TakeOver { conversation_id } => self.take_over(caller, conversation_id, now),
            Command::Reassign { conversation_id, target } => {
                self.reassign(caller, conversation_id, target, now)
            }
            Command::Prioritize { conversation_id, priority, head_start_ms } => {
                self.prioritize(caller, conversation_id, (*priority, *head_start_ms))
            }
            Command::SignOutAgent { user_id } => self.sign_out_agent(caller, user_id, now),
            Command::SetAgentPresence { user_id, availability, reason } => {
                self.set_agent_presence(caller, user_id, *availability, reason.as_deref(), now)
            }
            Command::SetAgentSkills { user_id, skills, queues, capacity, reset } => {
                let change = agent::Change {
                    skills: skills.as_ref(),
                    queues: queues.as_deref(),
                    capacity: *capacity,
                    reset: *reset,
                };
                self.set_agent_skills(caller, user_id, &change)
            }
            Command::SetAttributes { conversation_id, set, remove } => {
                self.set_attributes(caller, conversation_id, set, remove)
            }
            Command::SetTags { conversation_id, add, remove } => {
                self.set_tags(caller, conversation_id, add, remove)
            }
            Command::SetLinks { conversation_id, links } => self.set_links(caller, conversation_id, links),
            Command::SignOut => Ok(self.close_session(caller.session, SignOutReason::Asked, now)),
            Command::Dial { conversation_id } => self.dial_customer(caller, conversation_id, now),
            Command::Skip { conversation_id, reason } => {
                self.skip(caller, conversation_id, reason.as_deref(), now)
            }
            Command::Park { conversation_id } => self.park(caller, conversation_id),
            Command::PickUp { conversation_id } => self.pick_up(caller, conversation_id),
            among_colleagues => self.decide_among_colleagues(caller, among_colleagues, now),
        }
    }

    /// Commands by which agents hand a conversation over, or are several in it.
    fn decide_among_colleagues(&self, caller: Caller<'_>, command: &Command, now: Millis) -> Facts {
        match command {
            Command::Transfer { conversation_id, target } => {
                self.transfer(caller, conversation_id, target, now)
            }
            Command::Consult { conversation_id, target } => {
                self.consult(caller, conversation_id, target, now)
            }
            Command::CompleteConsult { conversation_id } => {
                self.complete_consult(caller, conversation_id, now)
            }
            Command::CancelConsult { conversation_id } => self.cancel_consult(caller, conversation_id, now),
            Command::Swap { conversation_id } => self.swap(caller, conversation_id),
            Command::Conference { conversation_id } => self.conference(caller, conversation_id),
            Command::Invite { conversation_id, target } => self.invite(caller, conversation_id, target, now),
            Command::RemoveParticipant { conversation_id, participant_id } => {
                self.remove_participant(caller, conversation_id, participant_id, now)
            }
            permitted => self.permit(caller, permitted).map(|()| Vec::new()),
        }
    }

    /// Commands that change nothing here: whether the caller may give them.
    fn permit(&self, caller: Caller<'_>, command: &Command) -> Result<(), WireError> {
        match command {
            Command::SetTyping { conversation_id, .. } => self.part(caller, conversation_id).map(|_| ()),
            Command::FetchHistory { conversation_id, limit, .. } => {
                self.part(caller, conversation_id)?;
                let most = limits::HISTORY_PAGE;
                if limit.is_some_and(|limit| limit == 0 || limit > most) {
                    return Err(invalid(format!("limit is out of range; ask for 1 to {most} messages")));
                }
                Ok(())
            }
            Command::FetchCustomerHistory { conversation_id, limit, .. } => {
                self.may_fetch_history(caller, conversation_id, *limit)
            }
            Command::FetchPastMessages { conversation_id, past, limit, .. } => {
                self.may_fetch_past(caller, conversation_id, past, *limit)
            }
            Command::NegotiateMedia { sdp } if sdp.len() > limits::SDP_BYTES => {
                Err(invalid(format!("sdp is too long; at most {} bytes are taken", limits::SDP_BYTES)))
            }
            Command::ReportQuality { conversation_id, .. } => {
                let (_, participant) = self.part(caller, conversation_id)?;
                if participant.leg.is_none() {
                    return Err(wrong_state("you have no voice in this conversation; start it first"));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn session(&self, session: &SessionId) -> Result<&Identity, WireError> {
        self.state.sessions.get(session).map(|s| &s.who).ok_or_else(|| Code::SessionUnknown.into())
    }

    /// The caller's part in a conversation. Absent and foreign ones are refused in the same words, so that ids can't be tried out.
    fn part<'a>(&'a self, caller: Caller<'_>, id: &ConversationId) -> Result<PartIn<'a>, WireError> {
        let conversation = self.state.conversations.get(id).ok_or(Code::NotFound)?;
        let participant = conversation.participant_of(&caller.who.user_id).ok_or(Code::NotFound)?;
        Ok((conversation, participant))
    }

    /// The caller's part in a conversation that it serves.
    fn serving_part<'a>(&'a self, caller: Caller<'_>, id: &ConversationId) -> Result<PartIn<'a>, WireError> {
        let (conversation, participant) = self.part(caller, id)?;
        if !participant.is_agent() {
            return Err(WireError::new(Code::NotAllowed, "only the agents of a conversation can do this"));
        }
        if participant.is_wrapping() {
            return Err(wrong_state("your part in the conversation is over; finish its wrap-up"));
        }
        Ok((conversation, participant))
    }
}

impl Caller<'_> {
    /// Whether offers are made to it.
    fn serves(self) -> bool {
        serves(self.who.role)
    }
}

fn done(events: Vec<Event>) -> Decision {
    Decision { events, outcome: Outcome::Done }
}

fn invalid(message: impl Into<String>) -> WireError {
    WireError::new(Code::InvalidField, message)
}

fn wrong_state(message: impl Into<String>) -> WireError {
    WireError::new(Code::WrongState, message)
}

fn check_short(field: &str, text: Option<&str>) -> Result<(), WireError> {
    let most = limits::SHORT_TEXT_BYTES;
    match text.map_or(0, str::len) {
        length if length > most => {
            Err(invalid(format!("{field} has {length} bytes; at most {most} are taken: shorten it")))
        }
        _ => Ok(()),
    }
}
