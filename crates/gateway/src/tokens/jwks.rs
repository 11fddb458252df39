//! Published keys (JWK Set, RFC 7517): fetched when needed, never more than once a minute, and kept for a day when the issuer is down.

use jackfield_wire::{Code, WireError};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, JwkSet, PublicKeyUse},
};
use std::{
    collections::BTreeMap,
    path::Path,
    str::FromStr as _,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

/// Between two fetches: a stranger's made-up `kid` must not make the gateway call out.
const PAUSE: Duration = Duration::from_secs(60);
/// After this long the keys are fetched again although they still fit: the issuer may have withdrawn one.
const FRESH: Duration = Duration::from_secs(3600);
/// Keys that could not be fetched again are not believed for longer.
const STALE: Duration = Duration::from_secs(24 * 3600);
const BODY_BYTES: usize = 256 * 1024;

/// Fetches keys over HTTP, and keeps what it fetched over changes of the configuration. Its client is made at the first use: most
/// gateways need none.
#[derive(Default)]
pub(crate) struct Fetcher {
    client: OnceLock<Option<reqwest::Client>>,
    known: Mutex<BTreeMap<String, Arc<Mutex<State>>>>,
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fetcher")
    }
}

impl Fetcher {
    async fn fetch(&self, url: &reqwest::Url) -> Result<Vec<Key>, String> {
        let client = self.client.get_or_init(client).as_ref().ok_or("no HTTP client can be made")?;
        let say = |error: reqwest::Error| error.without_url().to_string();
        let mut answer =
            client.get(url.clone()).send().await.map_err(say)?.error_for_status().map_err(say)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(say)? {
            body.extend_from_slice(&chunk);
            if body.len() > BODY_BYTES {
                return Err(format!("the answer is longer than {BODY_BYTES} bytes"));
            }
        }
        parse(&body)
    }
}

fn client() -> Option<reqwest::Client> {
    // No redirects: an address was configured, and whoever answers there can't send the gateway elsewhere.
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .timeout(Duration::from_secs(5))
        .no_proxy()
        .build()
        .inspect_err(|error| tracing::error!(%error, "no HTTP client for published keys"))
        .ok()
}

/// One list of keys.
pub(super) struct Jwks {
    state: Arc<Mutex<State>>,
    /// `None` for a file: it was read at the start and stays.
    remote: Option<Arc<Remote>>,
}

struct Remote {
    url: reqwest::Url,
    fetcher: Arc<Fetcher>,
    /// Held while fetching, so that many who wait for the same keys wait for one fetch.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    keys: Arc<Vec<Key>>,
    fetched: Option<Instant>,
    tried: Option<Instant>,
}

struct Key {
    kid: Option<String>,
    algorithm: Option<Algorithm>,
    key: DecodingKey,
}

impl Jwks {
    pub(super) fn in_file(path: &Path) -> Result<Self, String> {
        let keys = read_file(path)?;
        let state = State { keys: Arc::new(keys), fetched: None, tried: None };
        Ok(Self { state: Arc::new(Mutex::new(state)), remote: None })
    }

    pub(super) fn at_url(url: &str, fetcher: &Arc<Fetcher>) -> Result<Self, String> {
        let state = Arc::clone(lock(&fetcher.known).entry(url.to_owned()).or_default());
        let url = reqwest::Url::parse(url).map_err(|error| error.to_string())?;
        let (fetcher, turn) = (Arc::clone(fetcher), tokio::sync::Mutex::new(()));
        let remote = Some(Arc::new(Remote { url, fetcher, turn }));
        Ok(Self { state, remote })
    }

    /// The keys that a token with this header may have been signed by.
    pub(super) async fn keys(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
        now: Instant,
    ) -> Result<Vec<DecodingKey>, WireError> {
        let Some(remote) = &self.remote else {
            return Ok(fitting(&lock(&self.state).keys, kid, algorithm));
        };
        let (found, due) = lock(&self.state).look(kid, algorithm, now);
        match (found.is_empty(), due) {
            (false, Due::Now) => self.refresh_behind(remote, now),
            (true, Due::Now) => {
                self.refresh(remote, now).await;
                return lock(&self.state).after_refresh(kid, algorithm, now);
            }
            (true, Due::NotYet) => {
                // Somebody else's fetch may be under way: its keys count for this token, too.
                drop(remote.turn.lock().await);
                return lock(&self.state).after_refresh(kid, algorithm, now);
            }
            (false, Due::NotYet) => {}
        }
        Ok(found)
    }

    async fn refresh(&self, remote: &Arc<Remote>, now: Instant) {
        refresh(&self.state, remote, now).await;
    }

    /// Fetches without letting anyone wait for it.
    fn refresh_behind(&self, remote: &Arc<Remote>, now: Instant) {
        let (state, remote) = (Arc::clone(&self.state), Arc::clone(remote));
        tokio::spawn(async move { refresh(&state, &remote, now).await });
    }
}

async fn refresh(state: &Mutex<State>, remote: &Remote, now: Instant) {
    let _turn = remote.turn.lock().await;
    // Whoever had the turn before may have fetched already.
    if !lock(state).may_try(now) {
        return;
    }
    match remote.fetcher.fetch(&remote.url).await {
        Ok(keys) => {
            let mut state = lock(state);
            (state.keys, state.fetched) = (Arc::new(keys), Some(now));
        }
        Err(error) => tracing::warn!(host = remote.url.host_str(), %error, "published keys can't be fetched"),
    }
}

enum Due {
    Now,
    NotYet,
}

impl State {
    fn look(&self, kid: Option<&str>, algorithm: Algorithm, now: Instant) -> (Vec<DecodingKey>, Due) {
        let age = self.fetched.map(|at| now.saturating_duration_since(at));
        let usable = age.is_some_and(|age| age < STALE);
        let found = if usable { fitting(&self.keys, kid, algorithm) } else { Vec::new() };
        let wanted = found.is_empty() || age.is_none_or(|age| age >= FRESH);
        (found, if wanted && self.pause_is_over(now) { Due::Now } else { Due::NotYet })
    }

    fn after_refresh(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
        now: Instant,
    ) -> Result<Vec<DecodingKey>, WireError> {
        let (found, _) = self.look(kid, algorithm, now);
        let usable = self.fetched.is_some_and(|at| now.saturating_duration_since(at) < STALE);
        if found.is_empty() && !usable {
            let message = "The tenant's published keys can't be fetched now. Try again in a minute.";
            return Err(WireError::new(Code::Overloaded, message).retry_after(PAUSE.as_millis() as u32));
        }
        Ok(found)
    }

    /// Takes the one try of this minute, if it is still there.
    fn may_try(&mut self, now: Instant) -> bool {
        let free = self.pause_is_over(now);
        if free {
            self.tried = Some(now);
        }
        free
    }

    fn pause_is_over(&self, now: Instant) -> bool {
        self.tried.is_none_or(|at| now.saturating_duration_since(at) >= PAUSE)
    }
}

fn fitting(keys: &[Key], kid: Option<&str>, algorithm: Algorithm) -> Vec<DecodingKey> {
    let fits = |key: &&Key| {
        kid.is_none_or(|kid| key.kid.as_deref() == Some(kid))
            && key.algorithm.is_none_or(|own| own == algorithm)
            && key.key.family() == algorithm.family()
    };
    // A token without a `kid` may be any key's; a list is short, but not every list is friendly.
    keys.iter().filter(fits).take(8).map(|key| key.key.clone()).collect()
}

/// Checks a file of keys.
///
/// # Errors
/// A sentence.
pub(crate) fn check_file(path: &Path) -> Result<(), String> {
    read_file(path).map(drop)
}

fn read_file(path: &Path) -> Result<Vec<Key>, String> {
    let problem = |error: &dyn std::fmt::Display| format!("{} can't be used: {error}", path.display());
    let body = std::fs::read(path).map_err(|error| problem(&error))?;
    parse(&body).map_err(|error| problem(&error))
}

fn parse(body: &[u8]) -> Result<Vec<Key>, String> {
    let set: JwkSet =
        serde_json::from_slice(body).map_err(|error| format!("it is no set of keys: {error}"))?;
    let keys: Vec<Key> = set.keys.iter().filter_map(key).collect();
    if keys.is_empty() { Err("it holds no key for signatures".to_owned()) } else { Ok(keys) }
}

/// A key for signatures that can be published: a secret among them would let everybody sign.
fn key(jwk: &Jwk) -> Option<Key> {
    let common = &jwk.common;
    if !matches!(common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    if key.family() == Algorithm::HS256.family() {
        return None;
    }
    let algorithm = common.key_algorithm.and_then(|name| Algorithm::from_str(&name.to_string()).ok());
    Some(Key { kid: common.key_id.clone(), algorithm, key })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &str = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

    fn look(state: &State, kid: &str, now: Instant) -> (usize, bool) {
        let (found, due) = state.look(Some(kid), Algorithm::EdDSA, now);
        (found.len(), matches!(due, Due::Now))
    }

    #[test]
    fn keys_are_fresh_for_an_hour_and_believed_for_a_day() {
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        let keys = Arc::new(parse(KEYS.as_bytes()).unwrap());
        let mut state = State { keys, fetched: Some(begin), tried: Some(begin) };
        assert_eq!(look(&state, "a", after(10)), (1, false));
        assert_eq!(look(&state, "b", after(10)), (0, false), "an unknown key waits for its minute");
        assert_eq!(look(&state, "b", after(60)), (0, true));
        assert_eq!(look(&state, "a", after(3600)), (1, true), "known, but to be fetched again");
        assert!(state.may_try(after(3600)) && !state.may_try(after(3610)), "one try a minute");
        assert_eq!(look(&state, "a", after(3610)), (1, false));
        assert_eq!(look(&state, "a", after(24 * 3600)), (0, true), "a day without the issuer");
        let refused = state.after_refresh(Some("a"), Algorithm::EdDSA, after(24 * 3600)).unwrap_err();
        assert_eq!((refused.code, refused.retry_after_ms), (Code::Overloaded, Some(60_000)));
    }

    #[test]
    fn a_key_is_for_its_own_algorithm() {
        let keys = parse(KEYS.as_bytes()).unwrap();
        assert_eq!(fitting(&keys, None, Algorithm::EdDSA).len(), 1);
        assert!(fitting(&keys, Some("a"), Algorithm::RS256).is_empty());
        assert!(
            parse(br#"{"keys":[{"kty":"oct","kid":"s","k":"AAAA"}]}"#).is_err(),
            "no secret is published"
        );
    }
}
