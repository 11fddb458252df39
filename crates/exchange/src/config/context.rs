//! What a tenant declares of attributes, and its queues' links.

use super::{TenantConfig, check::Problems};
use crate::links;
use jackfield_wire::{AttributeValue, limits};
use serde::{Deserialize, Serialize};

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

pub(super) fn check(problems: &mut Problems, config: &TenantConfig) {
    for (name, declared) in &config.attributes {
        check_attribute(problems, &format!("attributes.{name}"), name, declared);
    }
    for (n, queue) in config.queues.iter().enumerate() {
        check_links(problems, &format!("queues[{n}].links"), &queue.links);
    }
}

fn check_attribute(problems: &mut Problems, at: &str, name: &str, declared: &AttributeConfig) {
    if name.trim().is_empty() || name.len() > limits::ATTRIBUTE_NAME_BYTES {
        let remedy = format!("Write 1 to {} bytes", limits::ATTRIBUTE_NAME_BYTES);
        problems.add(at, "the name is empty or too long", remedy);
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
                "good": { "type": "list", "values": ["a"], "customer": "write" },
            },
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
            "attributes.",
            "attributes.age.values",
            "attributes.age.max_bytes",
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
