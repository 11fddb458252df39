//! The one table of error codes. The documentation and the TypeScript are generated from it.

use crate::declare::shape;
use crate::json::{Reader, Wrong};
use crate::read::Read;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeInfo {
    /// The code this row explains.
    pub code: Code,
    /// The code's number. It never changes its meaning and is never used again.
    pub number: u16,
    /// Whether the same thing may work when it is tried again later.
    pub retryable: bool,
    /// Whether the session ends with it.
    pub fatal: bool,
    /// The WebSocket close code that goes with it, where the gateway ends the connection.
    pub close: Option<u16>,
    /// What happened, as a sentence.
    pub cause: &'static str,
    /// What a person can do about it, as a sentence.
    pub remedy: &'static str,
}

shape! {
    /// A frame that can't be taken, or a command that was refused: the code, and a sentence that names the field or the thing.
    #[derive(Eq)]
    WireError {
        /// Which error of the table.
        code: Code,
        /// What exactly is wrong, naming the field. For a person to read; programs match [`WireError::code`].
        message: String,
        /// After how many milliseconds trying again is welcome, where the gateway asks for patience.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u32>,
    }
}

impl WireError {
    /// An error with its own sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after_ms: None }
    }

    /// The same error, with the time after which trying again is welcome.
    pub fn retry_after(self, ms: u32) -> Self {
        Self { retry_after_ms: Some(ms), ..self }
    }
}

impl From<Code> for WireError {
    /// The error with the table's own sentences.
    #[inline(always)]
    fn from(code: Code) -> Self {
        Self::new(code, code.sentences().join(" "))
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for WireError {}

macro_rules! codes {
    ($($number:literal $variant:ident $name:literal [$retry:ident $end:ident $close:expr] $cause:literal $remedy:literal;)*) => {
        /// The codes.
        ///
        /// A name that this build does not know, from a newer gateway, is read as [`Code::Internal`]: the message still says what it was.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Code {
            $(#[doc = concat!($cause, " ", $remedy)] #[serde(rename = $name)] $variant,)*
        }

        impl Code {
            /// Every code, in the order of its number.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The code's row of the table.
            pub const fn info(self) -> CodeInfo {
                match self {
                    $(Code::$variant => CodeInfo {
                        code: self, number: $number, retryable: codes!(@$retry), fatal: codes!(@$end), close: $close,
                        cause: $cause, remedy: $remedy,
                    },)*
                }
            }

            /// Whether the same thing may work later. Apart from [`Code::info`], as is all that pages ask of a code that is not known beforehand: they need
            /// not load the sentences of all others.
            pub const fn is_retryable(self) -> bool {
                match self { $(Code::$variant => codes!(@$retry),)* }
            }

            /// Whether the session ends with it.
            pub const fn is_fatal(self) -> bool {
                match self { $(Code::$variant => codes!(@$end),)* }
            }

            /// The code that goes with a WebSocket close code, if there is one.
            pub fn of_close(close: u16) -> Option<Self> {
                const CLOSES: &[(Code, Option<u16>)] = &[$((Code::$variant, $close)),*];
                CLOSES.iter().find(|(_, known)| *known == Some(close)).map(|(code, _)| *code)
            }

            /// Cause and remedy. Inlined: where the code is known beforehand, nothing of the others remains.
            #[inline(always)]
            const fn sentences(self) -> [&'static str; 2] {
                match self { $(Code::$variant => [$cause, $remedy],)* }
            }

            /// The code's name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The code of a name, if there is one.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Code::$variant),)* _ => None }
            }
        }
    };
    (@retry) => { true }; (@once) => { false };
    (@ends) => { true }; (@goes_on) => { false };
}

codes! {
    // 40xx: the frame itself.
    4000 MalformedFrame "malformedFrame" [once goes_on None] "The frame is not the JSON that this version of the wire knows." "Correct the field the message names.";
    4001 FrameTooLarge "frameTooLarge" [once ends Some(1009)] "The message is larger than the gateway takes." "Send at most 64 KiB in one message.";
    4002 FrameTooDeep "frameTooDeep" [once goes_on None] "The frame nests deeper than the gateway takes." "Nest at most 16 levels.";
    4003 BatchTooLong "batchTooLong" [once goes_on None] "The message holds no frame, or more frames than the gateway takes." "Send 1 to 64 frames in one message.";
    4004 UnknownFrame "unknownFrame" [once goes_on None] "The frame's or command's type is not of this version of the wire." "Use a type of docs/wire.md, or a newer gateway.";
    4005 NotText "notText" [once ends Some(1003)] "The message is binary." "Send JSON as text messages.";
    4006 InvalidText "invalidText" [once ends Some(1007)] "The text message is not valid UTF-8." "Encode text as UTF-8.";
    4007 HelloExpected "helloExpected" [once ends Some(4007)] "The first frame is not hello, or none came in time." "Send hello within 5 seconds of opening the socket.";
    4008 HelloRepeated "helloRepeated" [once goes_on None] "This connection has said hello already." "Send auth to hand over a new token.";
    4009 VersionUnsupported "versionUnsupported" [once ends Some(4009)] "The gateway speaks none of the offered sub-protocols." "Offer jackfield.v1.";
    // 41xx: who you are.
    4100 TokenMalformed "tokenMalformed" [once ends Some(4100)] "The token is not a JWT the gateway can read." "Get a token from your token service.";
    4101 TokenRejected "tokenRejected" [once ends Some(4101)] "The token's signature, issuer, audience or algorithm is not accepted." "Check the tenant's key, issuer and audience.";
    4102 TokenExpired "tokenExpired" [retry ends Some(4102)] "The token's time is over." "Get a new token and connect again.";
    4103 TenantUnknown "tenantUnknown" [once ends Some(4103)] "The gateway has no such tenant." "Check the token's tenant.";
    4104 RoleRejected "roleRejected" [once ends Some(4104)] "The token's role is missing or not one this user may have." "Give the role agent, supervisor, admin, customer or bot.";
    4105 UserUnknown "userUnknown" [once ends Some(4105)] "The tenant has no such user." "Add the user to the tenant's configuration.";
    4106 OriginRejected "originRejected" [once ends Some(4106)] "The page's origin is not on the tenant's list." "Add the origin to the tenant's configuration.";
    4107 SubjectMismatch "subjectMismatch" [once ends Some(4107)] "The new token is for another user, tenant or role than the session." "Open another session for another user.";
    // 42xx: the session and its pace.
    4200 SessionUnknown "sessionUnknown" [once goes_on None] "The session to resume is over or not yours." "A new session was opened; carry on with it.";
    4201 SessionReplaced "sessionReplaced" [once ends Some(4201)] "The session was taken up on another connection." "Go on in the other tab, or connect anew.";
    4202 TooSlow "tooSlow" [retry ends Some(4202)] "The client reads slower than its events arrive." "Connect again; the session resumes.";
    4203 RateLimited "rateLimited" [retry goes_on None] "Too many commands in a short time." "Wait for retryAfterMs and send it again.";
    4204 TooManySessions "tooManySessions" [retry ends Some(4204)] "The user or the gateway has as many sessions as it may." "Close another session first.";
    4205 Restarting "restarting" [retry ends Some(4205)] "The gateway is restarting." "Connect again; the session resumes.";
    4206 SignedOut "signedOut" [once ends Some(4206)] "The session was ended by the user or an administrator." "Sign in again.";
    4207 Idle "idle" [retry ends Some(4207)] "No sign of life came from the client." "Connect again; the session resumes.";
    // 43xx: what you asked for.
    4300 NotFound "notFound" [once goes_on None] "There is no such thing, or you may not see it." "Check the id the message names.";
    4301 NotAllowed "notAllowed" [once goes_on None] "Your role or your part in the conversation does not allow this." "Ask a supervisor.";
    4302 InvalidField "invalidField" [once goes_on None] "A field has a value it can't have." "Correct the field the message names.";
    4303 WrongState "wrongState" [once goes_on None] "This can't be done in the state things are in." "Look at the state the message names and try what fits it.";
    4304 OfferGone "offerGone" [once goes_on None] "The offer is no longer open." "Wait for the next one.";
    4305 NoCapacity "noCapacity" [retry goes_on None] "The agent has no room for another conversation on this channel." "Finish one first.";
    4306 QueueClosed "queueClosed" [retry goes_on None] "The queue takes no conversations on this channel now." "Try later or on another channel.";
    4307 QueueFull "queueFull" [retry goes_on None] "The queue is full." "Try later.";
    4308 CommandIdReused "commandIdReused" [once goes_on None] "Another command was sent under this id." "Give every command an id of its own.";
    4309 OutOfOrder "outOfOrder" [once goes_on None] "A number runs ahead of what was sent." "Acknowledge only what was received.";
    4310 NoTrunk "noTrunk" [once goes_on None] "The tenant has no trunk; a number can't be reached." "Name an agent or a queue, or have a trunk set up.";
    4311 SkillUnknown "skillUnknown" [once goes_on None] "Nobody has this skill, and no queue or rule asks for it." "Correct the name, or let a queue or a user of the configuration have it first.";
    4312 AttributesTooLarge "attributesTooLarge" [once goes_on None] "Attributes are more or larger than a conversation takes." "Keep the larger ones elsewhere and send their keys.";
    4313 NumberNotAllowed "numberNotAllowed" [once goes_on None] "The tenant does not let this number be dialled." "Dial another, or have it added to trunk.numbers of the tenant's configuration.";
    4314 CustomerUnreachable "customerUnreachable" [retry goes_on None] "The customer can't be called in its page now: it has no session, or is in another call." "Try again later, or call its number.";
    4330 NoQueue "noQueue" [once goes_on None] "Neither the command nor a routing rule names a queue." "Name one in queueId, or add a rule to the tenant's configuration.";
    // 44xx: voice.
    4400 SdpRejected "sdpRejected" [once goes_on None] "The session description can't be taken." "Offer one sendonly and four recvonly audio lines with Opus, ICE and DTLS.";
    4401 MediaUnavailable "mediaUnavailable" [retry goes_on None] "The gateway's media plane does not answer." "Try again; tell the operator if it stays.";
    4402 MediaNotConnected "mediaNotConnected" [retry goes_on None] "This session has no voice connection." "Wait for it, or check that UDP to the gateway is open.";
    // 45xx: the gateway.
    4500 StorageUnavailable "storageUnavailable" [retry goes_on None] "The gateway can't write its journal; nothing was changed." "Try again; the operator should look at the disk.";
    4501 Internal "internal" [retry goes_on None] "The gateway met an error of its own." "Try again; report the time of day if it stays.";
    4502 Overloaded "overloaded" [retry goes_on None] "The gateway has more work than it can take." "Wait for retryAfterMs and send it again.";
    // 46xx: found by the SDK itself, never sent.
    4600 GatewayUnreachable "gatewayUnreachable" [retry goes_on None] "The gateway can't be reached." "Check the network and the gateway's address.";
    4601 MicrophoneRefused "microphoneRefused" [once goes_on None] "The microphone was refused." "Allow the microphone for this page in the browser's site settings.";
    4602 MicrophoneMissing "microphoneMissing" [once goes_on None] "No microphone was found." "Plug one in or choose another.";
    4603 MicrophoneBusy "microphoneBusy" [retry goes_on None] "The microphone can't be opened; another program may hold it." "Close the other program and try again.";
    4604 Aborted "aborted" [once goes_on None] "The caller's AbortSignal ended the wait." "Nothing to mend.";
    4605 Closed "closed" [once ends None] "The session is closed." "Connect anew.";
    4606 TimedOut "timedOut" [retry goes_on None] "No answer came in time." "Try again.";
    4607 NotSupported "notSupported" [once goes_on None] "This browser or runtime lacks what is needed." "Use a current browser; in Node only data, not voice, is there.";
    4608 OutboxFull "outboxFull" [retry goes_on None] "Too many commands wait for the connection." "Wait until it is back.";
    4609 InvalidOption "invalidOption" [once goes_on None] "An option given to the SDK can't be used." "Correct the option the message names.";
    4610 TokenSourceFailed "tokenSourceFailed" [retry goes_on None] "The token function threw or gave no text." "Look at its error, kept as the cause.";
}

impl Read for Code {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        Ok(Self::from_name(&from.text()?).unwrap_or(Self::Internal))
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Ok(Self::from_name(&name).unwrap_or(Self::Internal))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_can_be_walked_both_ways() {
        let mut numbers = HashSet::new();
        let mut names = HashSet::new();
        for &code in Code::ALL {
            let info = code.info();
            assert_eq!(info.code, code);
            assert!(numbers.insert(info.number), "{} twice", info.number);
            assert!(names.insert(code.name()), "{} twice", code.name());
            let text = serde_json::to_string(&code).unwrap();
            assert_eq!(text, format!("\"{}\"", code.name()));
            assert_eq!(serde_json::from_str::<Code>(&text).unwrap(), code);
            assert!(info.cause.ends_with('.') && info.remedy.ends_with('.'), "{code}");
        }
        assert!(Code::ALL.windows(2).all(|w| w[0].info().number < w[1].info().number), "in order of number");
    }

    #[test]
    fn what_the_gateway_ends_has_a_close_code() {
        for &code in Code::ALL {
            let info = code.info();
            if info.number < 4600 {
                assert_eq!(info.fatal, info.close.is_some(), "{code}");
            }
            assert!(info.close.is_none_or(|c| (1000..5000).contains(&c)), "{code}");
        }
    }
}
