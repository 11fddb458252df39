//! A token's content.

use super::LEEWAY_MS;
use jackfield_wire::{Attributes, Code, Millis, Role, WireError};
use serde::{Deserialize, Serialize};

/// Bytes of a name.
pub(super) const NAME_BYTES: usize = 200;

/// What a token says. Times are seconds since the Unix epoch, as RFC 7519 has them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// Who signed it.
    pub(crate) iss: String,
    /// For whom it is.
    pub(crate) aud: Audience,
    /// When its time is over. May have a fraction.
    pub(crate) exp: f64,
    /// Before when it is not good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nbf: Option<f64>,
    /// The tenant.
    pub(crate) tenant: String,
    /// The user.
    pub(crate) sub: String,
    /// The role, as the wire writes it.
    pub(crate) role: String,
    /// The name to show, for customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Free facts about a customer, for the conversations that it starts.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub(crate) attributes: Attributes,
    /// Whether it is for a client without an origin.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) native: bool,
}

/// One audience, or several.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl std::fmt::Debug for Claims {
    /// Names are nobody's business in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claims")
            .field("tenant", &self.tenant)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Claims {
    pub(super) fn role(&self) -> Option<Role> {
        Role::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(&self.role)).ok()
    }

    pub(super) fn check_parties(&self, issuer: &str, audience: &str) -> Result<(), WireError> {
        if self.iss != issuer {
            return Err(WireError::new(Code::TokenRejected, "iss is not the tenant's issuer"));
        }
        let fits = match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Many(many) => many.iter().any(|one| one == audience),
        };
        if fits { Ok(()) } else { Err(WireError::new(Code::TokenRejected, "aud does not name this gateway")) }
    }

    pub(super) fn check_times(&self, now: Millis) -> Result<(), WireError> {
        if millis(self.exp).saturating_add(LEEWAY_MS) <= now {
            return Err(Code::TokenExpired.into());
        }
        if self.nbf.is_some_and(|nbf| millis(nbf) > now.saturating_add(LEEWAY_MS)) {
            return Err(WireError::new(
                Code::TokenRejected,
                "nbf lies in the future: the token is not good yet",
            ));
        }
        Ok(())
    }

    /// When a session must have another token. A token that is over by a clock ahead of the issuer's lives on for the leeway.
    pub(super) fn ends_at(&self, now: Millis) -> Millis {
        let end = millis(self.exp);
        if end > now { end } else { end.saturating_add(LEEWAY_MS) }
    }
}

/// A token whose content can't be read: which claim is missing, if the parser says so, but nothing of what is there.
pub(super) fn unreadable(error: jsonwebtoken::errors::Error) -> WireError {
    let message = error.to_string();
    let claim = message.split("missing field `").nth(1).and_then(|rest| rest.split('`').next());
    match claim {
        Some(claim) => WireError::new(Code::TokenRejected, format!("the token has no claim {claim}")),
        None => Code::TokenMalformed.into(),
    }
}

/// A token that did not pass: forged, or with a content that can't be read.
pub(super) fn unreadable_or_forged(error: jsonwebtoken::errors::Error) -> WireError {
    match error.kind() {
        jsonwebtoken::errors::ErrorKind::Json(_) => unreadable(error),
        _ => Code::TokenRejected.into(),
    }
}

/// Seconds as milliseconds, kept within what JavaScript can count. A cast from a float saturates, and NaN becomes 0.
fn millis(seconds: f64) -> Millis {
    ((seconds * 1000.0) as u64).min(1 << 53)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(exp: f64, nbf: Option<f64>) -> Claims {
        let text = |text: &str| text.to_owned();
        let aud = Audience::Many(vec![text("other"), text("jackfield")]);
        let (name, attributes, native) = (None, Attributes::new(), false);
        Claims {
            iss: text("i"),
            aud,
            exp,
            nbf,
            tenant: text("t"),
            sub: text("s"),
            role: text("agent"),
            name,
            attributes,
            native,
        }
    }

    #[test]
    fn times_have_a_minute_of_leeway() {
        let now = 1_000_000;
        assert!(claims(940.001, None).check_times(now).is_ok());
        assert_eq!(claims(940.0, None).check_times(now).unwrap_err().code, Code::TokenExpired);
        assert!(claims(2e3, Some(1060.0)).check_times(now).is_ok());
        assert_eq!(claims(2e3, Some(1060.1)).check_times(now).unwrap_err().code, Code::TokenRejected);
        for odd in [f64::NAN, f64::INFINITY, -1e300] {
            let _ = claims(odd, Some(odd)).check_times(now);
        }
        assert_eq!(claims(950.0, None).ends_at(now), 1_010_000);
        assert_eq!(claims(1e18, None).ends_at(now), 1 << 53);
    }

    #[test]
    fn parties_must_fit() {
        assert!(claims(0.0, None).check_parties("i", "jackfield").is_ok());
        assert!(claims(0.0, None).check_parties("j", "jackfield").unwrap_err().message.contains("iss"));
        assert!(claims(0.0, None).check_parties("i", "jack").unwrap_err().message.contains("aud"));
    }

    #[test]
    fn roles_are_the_wires() {
        assert_eq!(claims(0.0, None).role(), Some(Role::Agent));
        assert_eq!(Claims { role: "root".to_owned(), ..claims(0.0, None) }.role(), None);
    }
}
