//! What a frame may hold. Every limit is checked before anything else looks at the frame.

/// Bytes of one text message, either way from a client.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Bytes of one text message from the gateway: a snapshot may be larger than what a client may send.
pub const SERVER_FRAME_BYTES: usize = 4 * 1024 * 1024;
/// Nesting of JSON objects and arrays in one text message.
pub const DEPTH: usize = 16;
/// Frames in one text message.
pub const BATCH: usize = 64;
/// Bytes of an id. Ids are ASCII letters, digits and `_ . : @ -`.
pub const ID_BYTES: usize = 64;
/// Bytes of one chat message, as UTF-8.
pub const TEXT_BYTES: usize = 16 * 1024;
/// Bytes of a short text: a subject, a reason, a note on wrap-up.
pub const SHORT_TEXT_BYTES: usize = 1024;
/// Characters (Unicode scalar values) of a status message, as in Microsoft Teams.
pub const STATUS_MESSAGE_CHARACTERS: usize = 280;
/// Attributes of one conversation.
pub const ATTRIBUTES: usize = 32;
/// Bytes of an attribute's name.
pub const ATTRIBUTE_NAME_BYTES: usize = 64;
/// Bytes of an attribute's value.
pub const ATTRIBUTE_VALUE_BYTES: usize = 2 * 1024;
/// Texts in an attribute that is a list.
pub const ATTRIBUTE_LIST: usize = 32;
/// The largest number that an attribute may be, up or down: 2⁵³ − 1.
pub const ATTRIBUTE_NUMBER: u64 = (1 << 53) - 1;
/// Bytes of all names and values of a conversation's attributes together.
pub const ATTRIBUTE_BYTES: usize = 4 * 1024;
/// Tags of one conversation.
pub const TAGS: usize = 16;
/// Bytes of a tag.
pub const TAG_BYTES: usize = 64;
/// Links that agents set on one conversation.
pub const LINKS: usize = 16;
/// Bytes of a link's name.
pub const LINK_NAME_BYTES: usize = 100;
/// Bytes of a link's address.
pub const URL_BYTES: usize = 2 * 1024;
/// Conversations on one page of a customer's history.
pub const CUSTOMER_HISTORY_PAGE: u32 = 50;
/// Bytes of the last message that an entry of a customer's history shows.
pub const PREVIEW_BYTES: usize = 200;
/// Bytes of a session description (SDP, RFC 8866).
pub const SDP_BYTES: usize = 32 * 1024;
/// Bytes of a token.
pub const TOKEN_BYTES: usize = 8 * 1024;
/// Messages on one page of history.
pub const HISTORY_PAGE: u32 = 100;
/// Colleagues, and queues, of one answer to `findTargets`.
pub const TARGETS: u32 = 100;
/// Conversations of one answer to `fetchWaiting`.
pub const WAITING: u32 = 100;
/// Users whose presence one session may watch.
pub const WATCHED_USERS: usize = 500;
