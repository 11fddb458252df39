//! A text that must not end up in a log.

use crate::json::{Reader, Wrong};
use crate::read::Read;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A token or a key. It can be read on purpose only: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes a text as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Where it is called, a secret leaves its cover.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Read for Secret {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        String::read(from).map(Self)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
