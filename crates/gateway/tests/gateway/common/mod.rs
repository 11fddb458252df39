//! A real gateway in this process, two tenants that are alike, and what it takes to come in.

pub(crate) mod raw;

use jackfield_gateway::{Gateway, Running, config::Config};
use jackfield_load::{Client, Door};
use jackfield_wire::{
    Availability, Channel, Command, ConversationId, ConversationState, OfferId, QueueId, ServerEvent,
    Visibility,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

pub(crate) const CONTOSO: &str = "contoso";
pub(crate) const FABRIKAM: &str = "fabrikam";

/// A directory that goes with the test.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("jackfield-gateway-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A gateway with two tenants, `contoso` and `fabrikam`, whose users have the same ids.
pub(crate) struct Stage {
    pub(crate) running: Running,
    pub(crate) config: Config,
    pub(crate) data: Scratch,
}

impl Stage {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let data = Scratch::new();
        let mut config = config(data.path());
        change(&mut config);
        let running = Gateway::start(config.clone()).await.unwrap();
        Self { running, config, data }
    }

    /// Ends the gateway and starts another on the same data.
    pub(crate) async fn restart(self) -> Self {
        let Self { running, config, data } = self;
        running.shutdown().await;
        let running = Gateway::start(config.clone()).await.unwrap();
        Self { running, config, data }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.address()
    }

    pub(crate) fn door(&self, tenant: &str) -> Door {
        Door::new(self.address(), origin(tenant))
    }

    /// A session of a user.
    pub(crate) async fn enter(&self, tenant: &str, user: &str, role: &str) -> Client {
        Client::open(&self.door(tenant), &token(tenant, user, role), None).await.unwrap()
    }
}

pub(crate) fn origin(tenant: &str) -> String {
    format!("https://{tenant}.example")
}

pub(crate) fn secret(tenant: &str) -> String {
    format!("the {tenant} secret, long enough for HMAC-SHA-256")
}

pub(crate) fn api_key(tenant: &str) -> String {
    format!("api-key-of-{tenant}")
}

pub(crate) fn config(data: &Path) -> Config {
    Config::parse(&data.join("jackfield.toml"), &text()).unwrap()
}

pub(crate) fn text() -> String {
    let mut text = "listen = ['127.0.0.1:0']\ndata_dir = 'store'\nmedia.bind = ['127.0.0.1:0']\n".to_owned();
    for tenant in [CONTOSO, FABRIKAM] {
        let (origin, secret) = (origin(tenant), secret(tenant));
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, api_key(tenant).as_bytes());
        let digest: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        text += &format!(
            "[[tenants]]
             [tenants.centre]
             tenant_id = '{tenant}'
             name = '{tenant}'
             queues = [{{ queue_id = 'support', name = 'Support', wrap_up_ms = 0 }}]
             users = [
               {{ user_id = 'mina', name = 'Mina of {tenant}' }},
               {{ user_id = 'joon', name = 'Joon of {tenant}' }},
               {{ user_id = 'sam', name = 'Sam of {tenant}', roles = ['supervisor', 'agent'] }},
             ]
             [tenants.auth]
             issuer = 'https://login.{tenant}.example'
             audience = 'jackfield'
             origins = ['{origin}']
             keys = [{{ secret = '{secret}' }}]
             api_key_sha256 = '{digest}'
             "
        );
    }
    text
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// What a good token of a tenant says.
pub(crate) fn claims(tenant: &str, user: &str, role: &str) -> Value {
    json!({
        "iss": format!("https://login.{tenant}.example"), "aud": "jackfield", "exp": now() + 600,
        "tenant": tenant, "sub": user, "role": role, "name": format!("{user} of {tenant}"),
    })
}

pub(crate) fn token(tenant: &str, user: &str, role: &str) -> String {
    sign(&claims(tenant, user, role), &secret(tenant))
}

/// A token with one claim that is another, or none for `null`.
pub(crate) fn token_with(tenant: &str, user: &str, role: &str, claim: &str, value: Value) -> String {
    let mut claims = claims(tenant, user, role);
    match value {
        Value::Null => claims.as_object_mut().unwrap().remove(claim),
        value => claims.as_object_mut().unwrap().insert(claim.to_owned(), value),
    };
    sign(&claims, &secret(tenant))
}

pub(crate) fn sign(claims: &Value, secret: &str) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

pub(crate) fn start_chat() -> Command {
    Command::StartConversation {
        queue_id: Some(QueueId::parse("support").unwrap()),
        channel: Channel::Chat,
        subject: None,
        attributes: BTreeMap::new(),
    }
}

pub(crate) fn say(conversation: &ConversationId, text: &str) -> Command {
    let (conversation_id, text) = (conversation.clone(), text.to_owned());
    Command::SendMessage { conversation_id, text, visibility: Visibility::Everyone }
}

pub(crate) fn available() -> Command {
    Command::presence(Availability::Available)
}

pub(crate) fn offer(event: &ServerEvent) -> Option<OfferId> {
    match event {
        ServerEvent::OfferMade { offer } => Some(offer.offer_id.clone()),
        _ => None,
    }
}

pub(crate) fn active(event: &ServerEvent) -> Option<ConversationId> {
    match event {
        ServerEvent::ConversationStateChanged {
            conversation_id, state: ConversationState::Active, ..
        } => Some(conversation_id.clone()),
        _ => None,
    }
}

pub(crate) fn message(text: &str) -> impl Fn(&ServerEvent) -> Option<u64> + '_ {
    move |event| match event {
        ServerEvent::MessageAdded { message, .. } if message.text == text => Some(message.number),
        _ => None,
    }
}

/// An agent and a customer in a chat.
pub(crate) struct Chat {
    pub(crate) agent: Client,
    pub(crate) customer: Client,
    pub(crate) conversation: ConversationId,
}

impl Chat {
    pub(crate) async fn begin(stage: &Stage, tenant: &str) -> Self {
        let mut agent = stage.enter(tenant, "mina", "agent").await;
        agent.ask(available()).await.unwrap();
        let mut customer = stage.enter(tenant, "ada", "customer").await;
        customer.ask(start_chat()).await.unwrap();
        let offer_id = agent.event(offer).await.unwrap();
        agent.ask(Command::AcceptOffer { offer_id }).await.unwrap();
        let conversation = customer.event(active).await.unwrap();
        Self { agent, customer, conversation }
    }
}

/// What this thread logs, at every level.
#[derive(Clone, Default)]
pub(crate) struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Log {
    /// From now on, in the whole process: the gateway logs from threads of its own, too.
    pub(crate) fn capture() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone());
        tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
        log
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
