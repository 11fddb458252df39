//! Tokens that the gateway signs itself, for customers.

use super::{Claims, claims, keys};
use crate::crypto;
use jackfield_wire::{Code, TenantId, WireError};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use std::{fmt, fs, io, path::Path};

/// `iss` and `aud` of the gateway's own tokens. No tenant can be configured with it.
pub(crate) const OWN_ISSUER: &str = "jackfield";

/// Signs and checks the gateway's own tokens, with a key for each tenant made from one key.
#[derive(Clone)]
pub(crate) struct Issuer {
    key: [u8; 32],
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Issuer")
    }
}

impl Issuer {
    /// Reads the key of a data directory, or makes it. Only the gateway's user may read the file.
    ///
    /// # Errors
    /// A sentence about the file.
    pub(crate) fn open(directory: &Path) -> Result<Self, String> {
        let path = directory.join("gateway.key");
        let problem = |error: io::Error| format!("{}: {error}", path.display());
        match fs::read_to_string(&path) {
            Ok(text) => {
                let key = crypto::from_hex(text.trim());
                key.map(|key| Self { key })
                    .ok_or(format!("{} holds no key; remove it, and customers sign in anew", path.display()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = crypto::random().map_err(|error| error.to_string())?;
                fs::create_dir_all(directory).map_err(problem)?;
                write_secret(&path, &crypto::hex(&key)).map_err(problem)?;
                Ok(Self { key })
            }
            Err(error) => Err(problem(error)),
        }
    }

    /// A secret for another purpose, as stable as the data directory.
    pub(crate) fn secret_for(&self, purpose: &str) -> [u8; 32] {
        crypto::derive(&self.key, purpose)
    }

    pub(super) fn issue(&self, claims: &Claims, tenant: &TenantId) -> Result<String, WireError> {
        let key = EncodingKey::from_secret(&self.tenant_key(tenant));
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).map_err(|error| {
            WireError::new(Code::Internal, format!("the token could not be signed: {error}"))
        })
    }

    pub(super) fn check(&self, token: &str, header: &Header, tenant: &TenantId) -> Result<Claims, WireError> {
        if header.alg != Algorithm::HS256 {
            return Err(Code::TokenRejected.into());
        }
        let key = DecodingKey::from_secret(&self.tenant_key(tenant));
        keys::decode(token, &key, header.alg).map_err(claims::unreadable_or_forged)
    }

    fn tenant_key(&self, tenant: &TenantId) -> [u8; 32] {
        self.secret_for(&format!("customer tokens of {tenant}"))
    }
}

#[cfg(unix)]
fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}
