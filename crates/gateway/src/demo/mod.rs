//! The demo: a tenant that is compiled in, on the loopback interface only, whose sign-in asks no password.
//!
//! None of it exists in a gateway that was started with a configuration.

use crate::{
    config::{
        AuthConfig, Config, KeyConfig, LimitsConfig, MediaSettings, PagesConfig, SessionsConfig,
        TenantSettings,
    },
    crypto,
    gateway::{Gateway, Running, Shared, StartError},
    http::{Issued, read_json, refusal, status_of},
    tokens::{Audience, Claims, Issuer},
};
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jackfield_exchange::TenantConfig;
use jackfield_wire::{AttributeValue, Attributes, Code, Role, Secret, UserId, WireError};
use jsonwebtoken::{EncodingKey, Header};
use serde::Deserialize;
use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

const TENANT: &str = include_str!("tenant.toml");
const ISSUER: &str = "jackfield demo";
const AUDIENCE: &str = "jackfield demo";
const TTL_SECONDS: u64 = 3600;
/// Stands in the configuration for the gateway's own address, whose port is known once it listens.
const OWN_PAGES: &str = "http://demo.invalid";

/// How to run the demo.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// The TCP port; 0 for any.
    pub port: u16,
    /// Where data and keys are kept.
    pub data: PathBuf,
    /// The built pages.
    pub pages: Option<PathBuf>,
    /// Other origins whose pages may sign in: a development server's.
    pub origins: Vec<String>,
}

/// The demo's sign-in.
pub(crate) struct Demo {
    secret: String,
    origins: Mutex<BTreeSet<String>>,
    centre: TenantConfig,
    /// The first customer who came: one of the best, so that what a token says of somebody is to be seen.
    first: OnceLock<UserId>,
}

/// Starts the demo.
///
/// # Errors
/// [`StartError`].
pub async fn start(options: DemoOptions) -> Result<Running, StartError> {
    let centre: TenantConfig = toml::from_str(TENANT).map_err(|error| StartError::Data(error.to_string()))?;
    // As stable as the data: a demo that is started again knows the tokens it gave before.
    let issuer = Issuer::open(&options.data).map_err(StartError::Data)?;
    let secret = crypto::hex(&issuer.secret_for("tokens of the demo"));
    let demo = Demo {
        secret: secret.clone(),
        origins: Mutex::new(options.origins.iter().cloned().collect()),
        centre: centre.clone(),
        first: OnceLock::new(),
    };
    let config = config(options, centre, &secret);
    Gateway::start_with(config, Some(demo)).await
}

fn config(options: DemoOptions, centre: TenantConfig, secret: &str) -> Config {
    let key = KeyConfig { secret: Some(Secret::new(secret)), ..KeyConfig::default() };
    let auth = AuthConfig {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        origins: options.origins,
        native_clients: false,
        keys: vec![key],
        api_key_sha256: None,
    };
    Config {
        listen: loopback(options.port),
        metrics_listen: None,
        data_dir: options.data,
        pages: PagesConfig { dir: options.pages, frame_ancestors: Vec::new() },
        media: MediaSettings { bind: loopback(0), advertise: Vec::new() },
        // All of a demo's clients are on one address.
        limits: LimitsConfig { max_unknown_per_address: 4_096, ..LimitsConfig::default() },
        sessions: SessionsConfig::default(),
        entries: Vec::new(),
        tenants: vec![TenantSettings { centre, auth }],
    }
}

/// The loopback interface, of both families where the machine has both.
fn loopback(port: u16) -> Vec<SocketAddr> {
    let mut addresses = vec![(Ipv4Addr::LOCALHOST, port).into()];
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
        addresses.push((Ipv6Addr::LOCALHOST, port).into());
    }
    addresses
}

impl Demo {
    /// Lets the pages in that this gateway serves itself, now that its port is known.
    pub(crate) fn allow_own_pages(&self, tenants: &mut [TenantSettings], port: u16) {
        let own = ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}:{port}"));
        self.origins.lock().unwrap_or_else(PoisonError::into_inner).extend(own.iter().cloned());
        for tenant in tenants {
            tenant.auth.origins.extend(own.iter().cloned());
            let links = tenant.centre.queues.iter_mut().flat_map(|queue| &mut queue.links);
            links.for_each(|link| link.url = link.url.replace(OWN_PAGES, &own[0]));
        }
    }

    /// Only pages of this gateway may ask: any other page that is open in the same browser could, too, but for this.
    fn check_origin(&self, headers: &HeaderMap) -> Result<(), WireError> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let known = |origin| self.origins.lock().unwrap_or_else(PoisonError::into_inner).contains(origin);
        let own = text(header::ORIGIN.as_str()).is_some_and(known);
        let same_site = text("sec-fetch-site").is_none_or(|site| site == "same-origin");
        if own && same_site { Ok(()) } else { Err(Code::OriginRejected.into()) }
    }

    fn issue(&self, wanted: Wanted, now: u64) -> Result<Issued, WireError> {
        let (user, role) = self.who(&wanted)?;
        let seconds = now / 1000 + TTL_SECONDS;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: Audience::One(AUDIENCE.to_owned()),
            exp: seconds as f64,
            nbf: None,
            tenant: self.centre.tenant_id.to_string(),
            sub: user.to_string(),
            role: role_name(role).to_owned(),
            name: wanted.name,
            attributes: if role == Role::Customer { self.known_of(&user) } else { Attributes::new() },
            native: false,
        };
        let key = EncodingKey::from_secret(self.secret.as_bytes());
        let token = jsonwebtoken::encode(&Header::default(), &claims, &key)
            .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
        Ok(Issued { token, expires_at: seconds * 1000 })
    }

    /// What the demo's back end knows of a customer, and says in the token: no page can say otherwise.
    fn known_of(&self, user: &UserId) -> Attributes {
        let first = self.first.get_or_init(|| user.clone()) == user;
        // Any number will do that is the same each time.
        let number =
            user.as_str().bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let account = AttributeValue::Text(format!("CO-{}", 10_000 + number % 90_000));
        let tier = AttributeValue::Text(if first { "gold" } else { "standard" }.to_owned());
        let mut known = Attributes::from([("account".to_owned(), account), ("tier".to_owned(), tier)]);
        if first {
            let interests = AttributeValue::Texts(vec!["tents".to_owned(), "boots".to_owned()]);
            known.insert("interests".to_owned(), interests);
            known.insert("orders".to_owned(), AttributeValue::from(12));
        }
        known
    }

    fn who(&self, wanted: &Wanted) -> Result<(UserId, Role), WireError> {
        let configured = wanted.user.as_ref().and_then(|user| self.centre.user(user));
        let role = wanted.role.or_else(|| configured?.roles.first().copied()).unwrap_or(Role::Customer);
        if role != Role::Customer && configured.is_none_or(|user| !user.roles.contains(&role)) {
            let names: Vec<&str> = self.centre.users.iter().map(|user| user.user_id.as_str()).collect();
            let message =
                format!("The demo has no such user in this role. Its users are {}.", names.join(", "));
            return Err(WireError::new(Code::UserUnknown, message));
        }
        let user = match &wanted.user {
            Some(user) => user.clone(),
            None => {
                let text = crypto::random_text().map_err(|_| Code::Internal)?;
                UserId::parse(&format!("guest-{text}")).map_err(|_| Code::Internal)?
            }
        };
        Ok((user, role))
    }
}

#[derive(Deserialize)]
struct Wanted {
    user: Option<UserId>,
    role: Option<Role>,
    name: Option<String>,
}

/// Answers `POST /demo/token`.
pub(crate) async fn token(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match try_token(&shared, request).await {
        Ok(issued) => ([(header::CACHE_CONTROL, "no-store")], Json(issued)).into_response(),
        Err(error) => {
            let status = match error.code {
                Code::OriginRejected => StatusCode::FORBIDDEN,
                code => status_of(code),
            };
            let message = error.message.clone();
            let mut response = refusal(status, error);
            // The pages show this sentence.
            let body = serde_json::json!({ "message": message });
            *response.body_mut() = axum::body::Body::from(body.to_string());
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response
        }
    }
}

async fn try_token(shared: &Shared, request: Request) -> Result<Issued, WireError> {
    let demo = shared.demo.as_ref().ok_or(Code::NotFound)?;
    demo.check_origin(request.headers())?;
    demo.issue(read_json(request.into_body()).await?, shared.now())
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Agent => "agent",
        Role::Supervisor => "supervisor",
        Role::Admin => "admin",
        Role::Customer => "customer",
        Role::Bot => "bot",
    }
}
