//! What a tenant declares of attributes, and its queues' links.

use super::{TenantConfig, check::Problems};
use crate::links;
use jackfield_wire::{AttributeInfo, AttributeKind, AttributeValue, limits};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an attribute of a name may be, and what customers have to do with it.
///
/// ```
/// # use jackfield_exchange::TenantConfig;
/// let config: TenantConfig = serde_json::from_str(r#"{
///     "tenant_id": "contoso", "name": "Contoso",
///     "attributes": { "tier": { "type": "text", "values": ["gold", "silver"] }, "email": { "type": "text", "customer": "write" } }
/// }"#)?;
/// assert!(config.check().is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeConfig {
    /// The type of its value.
    #[serde(rename = "type")]
    pub kind: AttributeType,
    /// The texts it may be, or a list may hold. Default: any.
    #[serde(default)]
    pub values: Vec<String>,
    /// How many bytes its texts may have in all, up to 2048. Default: 2048.
    #[serde(default)]
    pub max_bytes: Option<u32>,
    /// What customers may do with it. Default: nothing, not even see it.
    #[serde(default)]
    pub customer: CustomerAccess,
    /// What agents may do with it. Default: see it and change it.
    #[serde(default)]
    pub agent: AgentAccess,
    /// What to call it on a screen. Default: its name.
    #[serde(default)]
    pub label: Option<String>,
    /// Where it stands among the others, the lowest first; those of one place by name. Default: 0.
    #[serde(default)]
    pub place: u8,
}

/// The type of an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// A text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list of texts.
    List,
}

/// What customers may do with an attribute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerAccess {
    /// Nothing; only their token can bring it.
    #[default]
    None,
    /// See it.
    Read,
    /// See it, bring it and change it.
    Write,
}

/// What agents may do with an attribute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentAccess {
    /// See it: it is the word of the token, or of the customer.
    Read,
    /// See it and change it.
    #[default]
    Write,
}

/// A tag that agents are shown to choose from.
///
/// ```
/// # use jackfield_exchange::TenantConfig;
/// let config: TenantConfig = serde_json::from_str(r#"{
///     "tenant_id": "contoso", "name": "Contoso", "tags": [{ "id": "complaint", "name": "Complaint" }]
/// }"#)?;
/// assert!(config.check().is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagConfig {
    /// The tag, as conversations, records and the journal carry it.
    pub id: String,
    /// The name to show.
    pub name: String,
}

/// A tag is a code: letters and digits of any script, and ` - _ . : /` between them.
///
/// # Errors
/// What a tag is, to follow "a tag is" or "write".
pub(crate) fn check_tag(tag: &str) -> Result<(), String> {
    let most = limits::TAG_BYTES;
    let inner = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | ':' | '/');
    let ends = [tag.chars().next(), tag.chars().next_back()];
    let whole = ends.iter().all(|end| end.is_some_and(char::is_alphanumeric));
    if tag.len() > most || !whole || !tag.chars().all(inner) {
        return Err(format!("1 to {most} bytes of letters, digits and ` - _ . : /` between them"));
    }
    Ok(())
}

/// A link that every conversation of a queue has, for a screen-pop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkTemplate {
    /// What to call it.
    pub name: String,
    /// Where it leads. `{customer.userId}`, `{customer.name}`, `{conversation.id}`, `{queue.id}` and `{attributes.NAME}` are filled in, percent-encoded
    /// (RFC 3986), after the host; a link whose attribute is not there is not shown.
    pub url: String,
}

impl AttributeConfig {
    /// As who works for the tenant sees it.
    pub(crate) fn view(&self, name: &str) -> AttributeInfo {
        AttributeInfo {
            name: name.to_owned(),
            label: self.label.clone().unwrap_or_else(|| name.to_owned()),
            kind: self.kind.into(),
            values: self.values.clone(),
            read_only: self.agent == AgentAccess::Read,
        }
    }

    /// What is wrong with a value; `None` where it fits.
    pub(crate) fn problem(&self, value: &AttributeValue) -> Option<String> {
        let fits = match value {
            AttributeValue::Text(_) => self.kind == AttributeType::Text,
            AttributeValue::Number(_) => self.kind == AttributeType::Number,
            AttributeValue::Flag(_) => self.kind == AttributeType::Boolean,
            AttributeValue::Texts(_) => self.kind == AttributeType::List,
        };
        if !fits {
            return Some(format!("must be {}", self.kind.words()));
        }
        let most = self.max_bytes.map_or(limits::ATTRIBUTE_VALUE_BYTES, |most| most as usize);
        if value.bytes() > most {
            return Some(format!("has {} bytes; at most {most} are taken", value.bytes()));
        }
        let known = |text: &String| self.values.is_empty() || self.values.contains(text);
        let fits = match value {
            AttributeValue::Text(text) => known(text),
            AttributeValue::Texts(texts) => texts.iter().all(known),
            AttributeValue::Number(_) | AttributeValue::Flag(_) => true,
        };
        (!fits).then(|| format!("must be one of: {}", self.values.join(", ")))
    }
}

impl AttributeType {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::List => "a list of texts",
        }
    }
}

impl From<AttributeType> for AttributeKind {
    fn from(kind: AttributeType) -> Self {
        match kind {
            AttributeType::Text => Self::Text,
            AttributeType::Number => Self::Number,
            AttributeType::Boolean => Self::Boolean,
            AttributeType::List => Self::List,
        }
    }
}

pub(super) fn check(problems: &mut Problems, config: &TenantConfig) {
    check_tags(problems, &config.tags);
    for (name, declared) in &config.attributes {
        check_attribute(problems, &format!("attributes.{name}"), name, declared);
    }
    for (n, queue) in config.queues.iter().enumerate() {
        check_links(problems, &format!("queues[{n}].links"), &queue.links);
    }
}

fn check_tags(problems: &mut Problems, tags: &[TagConfig]) {
    let mut seen = BTreeSet::new();
    for (n, tag) in tags.iter().enumerate() {
        let at = format!("tags[{n}]");
        if let Err(remedy) = check_tag(&tag.id) {
            problems.add(format!("{at}.id"), "the id is no tag", format!("Write {remedy}"));
        }
        problems.name(format!("{at}.name"), &tag.name);
        if !seen.insert(&tag.id) {
            problems.twice(format!("{at}.id"), &tag.id);
        }
    }
}

fn check_attribute(problems: &mut Problems, at: &str, name: &str, declared: &AttributeConfig) {
    if name.trim().is_empty() || name.len() > limits::ATTRIBUTE_NAME_BYTES {
        let remedy = format!("Write 1 to {} bytes", limits::ATTRIBUTE_NAME_BYTES);
        problems.add(at, "the name is empty or too long", remedy);
    }
    if let Some(label) = &declared.label {
        problems.name(format!("{at}.label"), label);
    }
    let texts = matches!(declared.kind, AttributeType::Text | AttributeType::List);
    if !texts && !declared.values.is_empty() {
        let remedy = "Remove the values, or declare the attribute as text or list";
        problems.add(format!("{at}.values"), "only texts have a list of values", remedy);
    }
    if !texts && declared.max_bytes.is_some() {
        let remedy = "Remove max_bytes, or declare the attribute as text or list";
        problems.add(format!("{at}.max_bytes"), "only texts have a length", remedy);
    }
    if let Some(most) = declared.max_bytes {
        problems.range(format!("{at}.max_bytes"), most, 1, limits::ATTRIBUTE_VALUE_BYTES as u32);
    }
}

fn check_links(problems: &mut Problems, at: &str, links: &[LinkTemplate]) {
    if links.len() > limits::LINKS {
        let problem = format!("{} links", links.len());
        problems.add(at, problem, format!("Give at most {}", limits::LINKS));
    }
    for (n, link) in links.iter().enumerate() {
        if link.name.trim().is_empty() || link.name.len() > limits::LINK_NAME_BYTES {
            let remedy = format!("Write 1 to {} bytes", limits::LINK_NAME_BYTES);
            problems.add(format!("{at}[{n}].name"), "the name is empty or too long", remedy);
        }
        if let Err(problem) = links::check_template(&link.url) {
            let remedy = "Write http:// or https://, a host, and what to fill in after it: {customer.userId}, {customer.name}, {conversation.id}, {queue.id} \
                          or {attributes.NAME}";
            problems.add(format!("{at}[{n}].url"), problem, remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::TenantConfig;
    use serde_json::json;

    #[test]
    fn each_mistake_is_named() {
        let config: TenantConfig = serde_json::from_value(json!({
            "tenant_id": "t", "name": "T",
            "attributes": {
                "": { "type": "text" },
                "age": { "type": "number", "values": ["1"], "max_bytes": 3 },
                "page": { "type": "text", "max_bytes": 9999 },
                "good": { "type": "list", "values": ["a"], "customer": "write", "agent": "read", "label": "Good", "place": 2 },
                "mute": { "type": "text", "label": " " },
            },
            "tags": [{ "id": "a tag", "name": "A tag" }, { "id": "a tag", "name": "" }, { "id": "-", "name": "Dash" }],
            "queues": [{ "queue_id": "q", "name": "Q", "links": [
                { "name": "CRM", "url": "https://crm.example/{customer.userId}?q={attributes.account}" },
                { "name": " ", "url": "javascript:alert(1)" },
                { "name": "Host", "url": "https://{attributes.host}/x" },
                { "name": "Unknown", "url": "https://crm.example/{customer.age}" },
                { "name": "Open", "url": "https://crm.example/{customer.userId" },
            ]}],
        }))
        .unwrap();
        let problems = config.check().unwrap_err();
        let fields: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
        let expected = [
            "tags[1].name",
            "tags[1].id",
            "tags[2].id",
            "attributes.",
            "attributes.age.values",
            "attributes.age.max_bytes",
            "attributes.mute.label",
            "attributes.page.max_bytes",
            "queues[0].links[1].name",
            "queues[0].links[1].url",
            "queues[0].links[2].url",
            "queues[0].links[3].url",
            "queues[0].links[4].url",
        ];
        assert_eq!(fields, expected, "{problems:?}");
    }
}
