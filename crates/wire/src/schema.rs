//! The published description, generated from the types.

use crate::{ClientFrame, Code, CodeInfo, ServerFrame, limits};
use serde_json::{Value, json};

/// JSON Schema (2020-12) of both directions, with the table of codes and the limits beside it.
pub fn document() -> Value {
    json!({
        "protocol": crate::PROTOCOL,
        "clientFrame": schemars::schema_for!(ClientFrame),
        "serverFrame": schemars::schema_for!(ServerFrame),
        "codes": Code::ALL.iter().map(|c| c.info()).collect::<Vec<CodeInfo>>(),
        "limits": {
            "clientMessageBytes": limits::FRAME_BYTES, "serverMessageBytes": limits::SERVER_FRAME_BYTES,
            "depth": limits::DEPTH, "batch": limits::BATCH, "idBytes": limits::ID_BYTES, "textBytes": limits::TEXT_BYTES,
            "shortTextBytes": limits::SHORT_TEXT_BYTES, "attributes": limits::ATTRIBUTES,
            "attributeBytes": limits::ATTRIBUTE_BYTES,
            "attributeNameBytes": limits::ATTRIBUTE_NAME_BYTES, "attributeValueBytes": limits::ATTRIBUTE_VALUE_BYTES,
            "attributeList": limits::ATTRIBUTE_LIST,
            "tags": limits::TAGS, "tagBytes": limits::TAG_BYTES, "links": limits::LINKS, "linkNameBytes": limits::LINK_NAME_BYTES,
            "urlBytes": limits::URL_BYTES, "customerHistoryPage": limits::CUSTOMER_HISTORY_PAGE, "sdpBytes": limits::SDP_BYTES, "tokenBytes": limits::TOKEN_BYTES,
            "historyPage": limits::HISTORY_PAGE, "watchedUsers": limits::WATCHED_USERS,
        },
    })
}
