//! What is known around a conversation: attributes, tags, links, notes, and the customer's past.

use super::{
    Caller, Facts, PartIn,
    chat::{added, check_text, check_wrap_up},
    invalid,
};
use crate::{
    AgentAccess, ConversationBody, CustomerAccess, Decision, Event, Exchange, TenantConfig, config, links,
    project::check_page,
};
use jackfield_wire::{
    Attributes, Code, ConversationId, Link, Millis, Outcome, Visibility, WireError, check_attributes, limits,
};
use std::collections::BTreeSet;

impl Exchange {
    pub(super) fn set_attributes(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        set: &Attributes,
        remove: &[String],
    ) -> Facts {
        let (conversation, participant) = self.part(caller, id)?;
        check_wrap_up(participant, Visibility::Internal)?;
        if participant.is_outsider() {
            check_customers_own(&self.tenant.config, set.keys().chain(remove))?;
        } else {
            check_agents_own(&self.tenant.config, set.keys().chain(remove))?;
        }
        check_attributes(set)?;
        check_declared(&self.tenant.config, set)?;
        let mut attributes = conversation.attributes.clone();
        attributes.extend(set.clone());
        attributes.retain(|name, _| set.contains_key(name) || !remove.contains(name));
        if attributes == conversation.attributes {
            return Ok(Vec::new());
        }
        check_attributes(&attributes).map_err(|error| {
            let message = format!("with those that are there, {}", error.message);
            WireError::new(error.code, message)
        })?;
        let other = |name: &&String| attributes.get(*name) != conversation.attributes.get(*name);
        let names = set.keys().chain(remove).filter(other).cloned().collect();
        let brought = conversation.brought.clone().or_else(|| Some(conversation.attributes.clone()));
        let body = ConversationBody { attributes, brought, ..conversation.body().ok_or(Code::NotFound)? };
        Ok(vec![Event::AttributesChanged {
            conversation_id: id.clone(),
            participant_id: participant.participant_id.clone(),
            names,
            body: Some(Box::new(body)),
        }])
    }

    pub(super) fn set_tags(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        add: &[String],
        remove: &[String],
    ) -> Facts {
        let (conversation, participant) = self.of_the_house(caller, id)?;
        add.iter().enumerate().try_for_each(|(n, tag)| check_tag(n, tag))?;
        let mut tags: BTreeSet<&String> = conversation.tags.iter().collect();
        tags.retain(|tag| !remove.contains(tag));
        tags.extend(add);
        if tags.len() > limits::TAGS {
            let most = limits::TAGS;
            return Err(invalid(format!(
                "add: there would be {} tags; at most {most} are taken",
                tags.len()
            )));
        }
        if tags.iter().copied().eq(&conversation.tags) {
            return Ok(Vec::new());
        }
        let participant_id = participant.participant_id.clone();
        let tags = tags.into_iter().cloned().collect();
        Ok(vec![Event::TagsChanged { conversation_id: id.clone(), participant_id, tags }])
    }

    pub(super) fn set_links(&self, caller: Caller<'_>, id: &ConversationId, given: &[Link]) -> Facts {
        let (conversation, participant) = self.of_the_house(caller, id)?;
        let links: Vec<_> = given.iter().filter(|link| !link.fixed).cloned().collect();
        if links.len() > limits::LINKS {
            let most = limits::LINKS;
            return Err(invalid(format!("links has {} entries; at most {most} are taken", links.len())));
        }
        links.iter().enumerate().try_for_each(|(n, link)| check_link(n, link))?;
        if links == conversation.links {
            return Ok(Vec::new());
        }
        let body = ConversationBody { links, ..conversation.body().ok_or(Code::NotFound)? };
        Ok(vec![Event::LinksChanged {
            conversation_id: id.clone(),
            participant_id: participant.participant_id.clone(),
            body: Some(Box::new(body)),
        }])
    }

    pub(super) fn add_note(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        text: &str,
        now: Millis,
    ) -> Result<Decision, WireError> {
        let part = self.of_the_house(caller, id)?;
        check_text(text)?;
        let outcome = Outcome::MessageSent { number: part.0.last_message + 1, at: now };
        Ok(Decision { events: vec![note(caller, part, text, now)], outcome })
    }

    /// The caller's part in a conversation where it is one of the house: who serves, is consulted or monitors, also in the work after the conversation.
    fn of_the_house<'a>(&'a self, caller: Caller<'_>, id: &ConversationId) -> Result<PartIn<'a>, WireError> {
        let (conversation, participant) = self.part(caller, id)?;
        if participant.is_outsider() {
            return Err(WireError::new(Code::NotAllowed, "only the agents of a conversation can do this"));
        }
        check_wrap_up(participant, Visibility::Internal)?;
        Ok((conversation, participant))
    }

    pub(super) fn may_fetch_history(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        limit: Option<u32>,
    ) -> Result<(), WireError> {
        self.past_of(&caller.who.user_id, caller.who.role, id)?;
        check_page(limit, limits::CUSTOMER_HISTORY_PAGE, "conversations")
    }

    pub(super) fn may_fetch_past(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        past: &ConversationId,
        limit: Option<u32>,
    ) -> Result<(), WireError> {
        self.past_of(&caller.who.user_id, caller.who.role, id)?;
        if self.state.conversations.contains_key(past) {
            // Of one that goes on, only its participants read; whose it is, is not said.
            return Err(Code::NotFound.into());
        }
        check_page(limit, limits::HISTORY_PAGE, "messages")
    }
}

/// A note of an agent, as the message that it is: numbered, for colleagues only, in the table of the messages.
pub(super) fn note(caller: Caller<'_>, (conversation, agent): PartIn<'_>, text: &str, now: Millis) -> Event {
    let mut event = added(caller, conversation, agent, Visibility::Internal, text, now);
    if let Event::MessageAdded { note, .. } = &mut event {
        *note = true;
    }
    event
}

/// What comes with a conversation: those of the page, as far as the declarations let a page bring them, and those of the token, which are the word of the
/// provider's back end and can't be replaced by the page.
pub(super) fn attributes_at_start(
    config: &TenantConfig,
    asked: &Attributes,
    token: &Attributes,
) -> Result<Attributes, WireError> {
    check_attributes(asked)?;
    check_customers_own(config, asked.keys().filter(|name| config.attributes.contains_key(*name)))?;
    with_token(config, asked, token)
}

/// What an agent gives a conversation that it begins, and what the customer's token says.
pub(super) fn attributes_of_agent(
    config: &TenantConfig,
    given: &Attributes,
    token: &Attributes,
) -> Result<Attributes, WireError> {
    check_attributes(given)?;
    check_agents_own(config, given.keys())?;
    with_token(config, given, token)
}

fn with_token(
    config: &TenantConfig,
    asked: &Attributes,
    token: &Attributes,
) -> Result<Attributes, WireError> {
    let mut all = asked.clone();
    all.extend(token.clone());
    check_declared(config, &all)?;
    check_attributes(&all).map_err(|error| {
        let message = format!("with those of the token, {}", error.message);
        WireError::new(error.code, message)
    })?;
    Ok(all)
}

fn check_declared(config: &TenantConfig, attributes: &Attributes) -> Result<(), WireError> {
    for (name, value) in attributes {
        let declared = config.attributes.get(name);
        if let Some(problem) = declared.and_then(|declared| declared.problem(value)) {
            return Err(invalid(format!("attributes.{name} {problem}")));
        }
    }
    Ok(())
}

fn check_customers_own<'a>(
    config: &TenantConfig,
    mut names: impl Iterator<Item = &'a String>,
) -> Result<(), WireError> {
    let writes = |name: &String| {
        config.attributes.get(name).is_some_and(|declared| declared.customer == CustomerAccess::Write)
    };
    match names.find(|name| !writes(name)) {
        Some(name) => {
            let message = format!("attributes.{name} is not the customer's to write; leave it out");
            Err(WireError::new(Code::NotAllowed, message))
        }
        None => Ok(()),
    }
}

fn check_agents_own<'a>(
    config: &TenantConfig,
    mut names: impl Iterator<Item = &'a String>,
) -> Result<(), WireError> {
    let only_reads = |name: &&String| {
        config.attributes.get(*name).is_some_and(|declared| declared.agent == AgentAccess::Read)
    };
    match names.find(only_reads) {
        Some(name) => {
            let message = format!("attributes.{name} is not for agents to change; leave it out");
            Err(WireError::new(Code::NotAllowed, message))
        }
        None => Ok(()),
    }
}

fn check_tag(n: usize, tag: &str) -> Result<(), WireError> {
    config::check_tag(tag).map_err(|what| invalid(format!("add[{n}] is no tag; a tag is {what}")))
}

fn check_link(n: usize, link: &Link) -> Result<(), WireError> {
    let most = limits::LINK_NAME_BYTES;
    if link.name.trim().is_empty() || link.name.len() > most {
        return Err(invalid(format!("links[{n}].name is empty or too long; write 1 to {most} bytes")));
    }
    links::check_url(&link.url).map_err(|problem| invalid(format!("links[{n}].url {problem}")))
}
