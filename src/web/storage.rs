//! Where a session is kept while its page is reloaded: the tab's session storage.

use crate::engine::StoredSession;
use web_sys::Storage;

/// Keeps one gateway's session of this tab.
///
/// It is written when the page goes or is hidden, and taken out when it comes: a tab that is duplicated copies the storage, and two tabs with the same
/// session would push each other out.
pub(super) struct Keeper {
    key: Option<String>,
}

impl Keeper {
    /// A keeper under this key; `None` keeps nothing.
    pub(super) fn new(key: Option<String>) -> Self {
        Self { key }
    }

    /// Takes out the session that the page kept before it was reloaded.
    pub(super) fn take(&self) -> Option<StoredSession> {
        let (key, storage) = (self.key.as_ref()?, storage()?);
        let text = storage.get_item(key).ok()??;
        let _ = storage.remove_item(key);
        jackfield_wire::decode_resume(&text).ok().map(StoredSession::from)
    }

    /// Keeps a session. Where the browser does not let it, a reload begins a new one.
    pub(super) fn put(&self, session: &StoredSession) {
        if let (Some(key), Some(storage)) = (&self.key, storage()) {
            let _ = storage.set_item(key, &session.json());
        }
    }

    /// Forgets the session.
    pub(super) fn forget(&self) {
        if let (Some(key), Some(storage)) = (&self.key, storage()) {
            let _ = storage.remove_item(key);
        }
    }
}

/// `None` in Node, and where the user forbids storage (then reading it throws).
fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
