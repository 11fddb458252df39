//! Published keys: fetched when needed, once a minute at most, and never trusted for more than signatures.

use crate::common::{CONTOSO, Stage, claims};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jackfield_gateway::config::KeyConfig;
use jackfield_load::{Client, LoadError};
use jackfield_wire::Code;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// A key pair of the tenant's token service.
struct Pair {
    kid: &'static str,
    private: Vec<u8>,
    public: Value,
}

impl Pair {
    fn new(kid: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = pair.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
        let public =
            json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid, "x": x, "y": y });
        Self { kid, private: pair.to_pkcs8v1().unwrap().as_ref().to_vec(), public }
    }

    fn sign(&self, claims: &Value) -> String {
        self.sign_as(self.kid, claims)
    }

    fn sign_as(&self, kid: &str, claims: &Value) -> String {
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(&self.private)).unwrap()
    }
}

/// A token service that publishes its keys, and counts who asks.
#[derive(Clone)]
struct Service {
    url: String,
    asked: Arc<AtomicUsize>,
    answer: Arc<Mutex<String>>,
}

impl Service {
    async fn start(keys: &[&Pair]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let service = Self { url, asked: Arc::default(), answer: Arc::new(Mutex::new(publish(keys))) };
        let serving = service.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                serving.asked.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 2048];
                let _ = stream.read(&mut request).await;
                let answer = serving.answer.lock().unwrap().clone();
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        service
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn publish(keys: &[&Pair]) -> String {
    let keys: Vec<&Value> = keys.iter().map(|key| &key.public).collect();
    let body = json!({ "keys": keys }).to_string();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

async fn stage(url: &str) -> Stage {
    let key = KeyConfig {
        jwks_url: Some(url.to_owned()),
        algorithms: vec!["ES256".to_owned()],
        ..KeyConfig::default()
    };
    Stage::start_with(|config| config.tenants[0].auth.keys = vec![key]).await
}

async fn try_enter(stage: &Stage, token: &str) -> Result<(), Code> {
    match Client::open(&stage.door(CONTOSO), token, None).await {
        Ok(_) => Ok(()),
        Err(LoadError::Wire(error)) => Err(error.code),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn w3_keys_are_fetched_once_and_made_up_ones_fetch_nothing() {
    let pair = Pair::new("k1");
    let service = Service::start(&[&pair]).await;
    let stage = stage(&service.url).await;
    let claims = claims(CONTOSO, "mina", "agent");
    assert_eq!(service.asked(), 0, "a start needs nobody");
    // Many at once: one fetch for all.
    let token = pair.sign(&claims);
    let all = futures::future::join_all((0..8).map(|_| try_enter(&stage, &token))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(service.asked(), 1);
    let stranger = Pair::new("k2");
    // Ten thousand made-up key ids, over many sockets at a time.
    for round in 0..200 {
        let tokens: Vec<String> =
            (0..50).map(|n| stranger.sign_as(&format!("made-up-{round}-{n}"), &claims)).collect();
        let all = futures::future::join_all(tokens.iter().map(|token| try_enter(&stage, token))).await;
        assert!(all.iter().all(|one| *one == Err(Code::TokenRejected)), "{all:?}");
    }
    assert_eq!(service.asked(), 1, "not within a minute of the last fetch");
    assert_eq!(
        try_enter(&stage, &stranger.sign_as("k1", &claims)).await,
        Err(Code::TokenRejected),
        "a known id, another key"
    );
}

#[tokio::test]
async fn w3_a_public_key_is_no_secret() {
    let pair = Pair::new("k1");
    let service = Service::start(&[&pair]).await;
    let stage = stage(&service.url).await;
    let claims = claims(CONTOSO, "mina", "agent");
    try_enter(&stage, &pair.sign(&claims)).await.unwrap();
    let (x, y) = (pair.public["x"].as_str().unwrap(), pair.public["y"].as_str().unwrap());
    let point = [vec![4], URL_SAFE_NO_PAD.decode(x).unwrap(), URL_SAFE_NO_PAD.decode(y).unwrap()].concat();
    for secret in [point, pair.public.to_string().into_bytes(), x.as_bytes().to_vec()] {
        let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::HS256) };
        let forged = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
        assert_eq!(try_enter(&stage, &forged).await, Err(Code::TokenRejected));
    }
}

#[tokio::test]
async fn a_token_service_that_is_down_is_told_as_such_and_asked_once() {
    let pair = Pair::new("k1");
    let service = Service::start(&[&pair]).await;
    let bad = [
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}".to_owned(),
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", " ".repeat(300_000)),
    ];
    for (n, answer) in bad.into_iter().enumerate() {
        *service.answer.lock().unwrap() = answer;
        let stage = stage(&service.url).await;
        let token = pair.sign(&claims(CONTOSO, "mina", "agent"));
        for _ in 0..3 {
            assert_eq!(try_enter(&stage, &token).await, Err(Code::Overloaded), "answer {n}");
        }
        assert_eq!(service.asked(), n + 1);
    }
}

#[tokio::test]
async fn keys_in_a_file_need_no_network() {
    let pair = Pair::new("k1");
    let file = crate::common::Scratch::new();
    let path = file.path().join("keys.json");
    // A secret among published keys would let everybody sign: it is passed over.
    let shared = json!({ "kty": "oct", "kid": "s", "k": URL_SAFE_NO_PAD.encode([7; 32]) });
    std::fs::write(&path, json!({ "keys": [pair.public, shared] }).to_string()).unwrap();
    let key = KeyConfig {
        jwks_file: Some(path),
        algorithms: vec!["ES256".to_owned(), "RS256".to_owned()],
        ..KeyConfig::default()
    };
    let stage = Stage::start_with(|config| config.tenants[0].auth.keys = vec![key]).await;
    let claims = claims(CONTOSO, "mina", "agent");
    try_enter(&stage, &pair.sign(&claims)).await.unwrap();
    let header = Header { kid: Some("s".to_owned()), ..Header::new(Algorithm::HS256) };
    let forged = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&[7; 32])).unwrap();
    assert_eq!(try_enter(&stage, &forged).await, Err(Code::TokenRejected));
}
