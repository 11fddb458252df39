//! Tokens that are believed.

use jackfield_exchange::Identity;
use jackfield_wire::{Code, Millis, Role, Secret, UserId, WireError};
use serde::{Deserialize, Serialize};

/// What a token says, under the names a JWT (RFC 7519) has for it.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: UserId,
    name: String,
    role: Role,
    /// Milliseconds, as everything here; a JWT has seconds.
    exp: Millis,
}

/// Writes a token.
pub(crate) fn write(sub: UserId, name: &str, role: Role, exp: Millis) -> Result<Secret, WireError> {
    let claims = Claims { sub, name: name.to_owned(), role, exp };
    jackfield_wire::encode(&claims).map(Secret::new)
}

/// Reads a token: who, and until when.
pub(crate) fn read(token: &Secret) -> Result<(Identity, Millis), WireError> {
    let claims: Claims = serde_json::from_str(token.expose()).map_err(|e| {
        let message = format!("token: {e}; take one that the emulator made");
        WireError::new(Code::TokenMalformed, message)
    })?;
    Ok((Identity::new(claims.sub, claims.name, claims.role), claims.exp))
}
