//! HTTP: tokens for customers, what the operator asks, the pages, the demo's sign-in.

use crate::common::{
    CONTOSO, FABRIKAM, Scratch, Stage, api_key, available, claims, offer,
    raw::{get, http, post},
    sign, start_chat,
};
use jackfield_gateway::demo::{self, DemoOptions};
use jackfield_load::{Client, Door, LoadError};
use jackfield_wire::{Code, Command, ServerEvent};
use serde_json::{Value, json};
use std::net::SocketAddr;

async fn ask(stage: &Stage, tenant: &str, key: &str, body: &Value) -> (u16, String, Value) {
    let path = format!("/v1/tenants/{tenant}/customer-tokens");
    let headers = format!("Authorization: Bearer {key}\r\nContent-Type: application/json\r\n");
    let (status, head, body) = post(stage.address(), &path, &headers, &body.to_string()).await;
    (status, head, serde_json::from_str(&body).unwrap_or_default())
}

#[tokio::test]
async fn a_back_end_gets_tokens_for_its_customers() {
    let stage = Stage::start().await;
    let wanted = json!({ "userId": "customer-1", "name": "Jo", "ttlSeconds": 60 });
    let (status, head, body) = ask(&stage, CONTOSO, &api_key(CONTOSO), &wanted).await;
    assert_eq!(status, 200, "{body}");
    assert!(head.contains("cache-control: no-store"));
    let token = body["token"].as_str().unwrap();
    let left = body["expiresAt"].as_u64().unwrap() / 1000 - crate::common::now();
    assert!((58..=60).contains(&left), "{left}");
    let client = Client::open(&stage.door(CONTOSO), token, None).await.unwrap();
    let user = client.snapshot.unwrap().user;
    assert_eq!((user.name.as_str(), user.user_id.as_str()), ("Jo", "customer-1"));
    // It is good for this tenant only, and says so wherever its claims are changed.
    match Client::open(&stage.door(FABRIKAM), token, None).await {
        Err(LoadError::Wire(error)) => assert_eq!(error.code, Code::OriginRejected),
        _ => panic!("a token of another tenant was taken"),
    }
}

/// What the back end knows of its customer goes with the conversations that this customer starts, and the page can't change it.
#[tokio::test]
async fn a_tokens_attributes_go_with_the_customers_conversations() {
    let stage = Stage::start().await;
    let mut agent = stage.enter(CONTOSO, "mina", "agent").await;
    agent.ask(available()).await.unwrap();
    let wanted =
        json!({ "userId": "customer-1", "name": "Jo", "attributes": { "tier": "gold", "account": 4711 } });
    let (status, _, body) = ask(&stage, CONTOSO, &api_key(CONTOSO), &wanted).await;
    assert_eq!(status, 200, "{body}");
    let token = body["token"].as_str().unwrap();
    let mut customer = Client::open(&stage.door(CONTOSO), token, None).await.unwrap();
    let asked = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into()));
        let Command::StartConversation { queue_id, channel, subject, .. } = start_chat() else {
            unreachable!()
        };
        Command::StartConversation { queue_id, channel, subject, attributes: pairs.collect() }
    };
    let many: Vec<_> = (0..31).map(|n| format!("k{n}")).collect();
    let many: Vec<_> = many.iter().map(|key| (key.as_str(), "x")).collect();
    match customer.ask(asked(&many)).await {
        Err(LoadError::Wire(error)) => {
            assert_eq!(error.code, Code::AttributesTooLarge);
            assert!(error.message.contains("those of the token"), "{error}");
        }
        other => panic!("{other:?}"),
    }
    customer.ask(asked(&[("page", "/parcels"), ("tier", "diamond")])).await.unwrap();
    let offer_id = agent.event(offer).await.unwrap();
    agent.ask(Command::AcceptOffer { offer_id }).await.unwrap();
    let attributes = agent.event(|event| match event {
        ServerEvent::ConversationAdded { conversation } => Some(conversation.attributes.clone()),
        _ => None,
    });
    let attributes = attributes.await.unwrap();
    let known = [("account", 4711.into()), ("page", "/parcels".into()), ("tier", "gold".into())];
    assert_eq!(attributes, known.map(|(name, value)| (name.to_owned(), value)).into());
}

#[tokio::test]
async fn the_gateways_own_tokens_are_for_customers_and_its_key_stays_with_it() {
    let stage = Stage::start().await;
    let (_, _, body) = ask(&stage, CONTOSO, &api_key(CONTOSO), &json!({ "userId": "c", "name": "C" })).await;
    let token = body["token"].as_str().unwrap().to_owned();
    let mut forged = claims(CONTOSO, "mina", "agent");
    (forged["iss"], forged["aud"]) = (json!("jackfield"), json!("jackfield"));
    for key in ["", "jackfield", &crate::common::secret(CONTOSO)] {
        match Client::open(&stage.door(CONTOSO), &sign(&forged, key), None).await {
            Err(LoadError::Wire(error)) => assert_eq!(error.code, Code::TokenRejected),
            _ => panic!("a forged token was taken"),
        }
    }
    let stage = stage.restart().await;
    Client::open(&stage.door(CONTOSO), &token, None).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = stage.data.path().join("store/gateway.key");
        assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn bad_requests_are_named_and_wrong_keys_limited() {
    let stage = Stage::start().await;
    for (body, field) in [
        (json!({ "name": "Jo" }), "userId"),
        (json!({ "userId": "a b", "name": "Jo" }), "an id is"),
        (json!({ "userId": "a", "name": "" }), "name"),
        (json!({ "userId": "a", "name": "x".repeat(201) }), "name"),
        (json!({ "userId": "a", "name": "Jo", "ttlSeconds": 7200 }), "ttlSeconds"),
        (json!({ "userId": "a", "name": "Jo", "role": "agent" }), "role"),
        (
            json!({ "userId": "a", "name": "Jo", "attributes": { "k": null } }),
            "a text, a number, true or false",
        ),
        (
            json!({ "userId": "a", "name": "Jo", "attributes": { "k": "x".repeat(5_000) } }),
            "attributes.k has 5000 bytes",
        ),
        (json!({ "userId": "a", "name": "x".repeat(20_000) }), "longer than"),
    ] {
        let (status, _, answer) = ask(&stage, CONTOSO, &api_key(CONTOSO), &body).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(field), "{answer}");
    }
    let wanted = json!({ "userId": "a", "name": "Jo" });
    let mut answers = Vec::new();
    for (tenant, key) in
        [(CONTOSO, api_key(FABRIKAM)), ("nobody", api_key(CONTOSO)), (CONTOSO, String::new())]
    {
        let (status, _, answer) = ask(&stage, tenant, &key, &wanted).await;
        assert_eq!(status, 401);
        answers.push(answer);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "a tenant can't be told from none");
    for _ in 0..7 {
        ask(&stage, CONTOSO, "wrong", &wanted).await;
    }
    let (status, head, answer) = ask(&stage, CONTOSO, &api_key(CONTOSO), &wanted).await;
    assert_eq!((status, answer["error"]["code"].as_str()), (429, Some("rateLimited")));
    assert!(head.contains("retry-after: "), "{head}");
}

#[tokio::test]
async fn the_operator_sees_life_readiness_and_figures_each_in_its_place() {
    let stage = Stage::start_with(|config| config.metrics_listen = Some(([127, 0, 0, 1], 0).into())).await;
    assert_eq!(get(stage.address(), "/health").await.0, 200);
    let (status, _, body) = get(stage.address(), "/ready").await;
    assert_eq!((status, body.as_str()), (200, r#"{"problems":[],"ready":true}"#));
    for path in ["/metrics", "/debug", "/metrics/"] {
        assert_eq!(get(stage.address(), path).await.0, 404, "{path} is not on the public listener");
    }
    let _agent = stage.enter(CONTOSO, "mina", "agent").await;
    let (status, _, figures) = get(stage.running.metrics_address().unwrap(), "/metrics").await;
    assert_eq!(status, 200);
    assert!(figures.contains(r#"jackfield_sessions_connected{tenant="contoso"} 1"#), "{figures}");
    assert!(Stage::start().await.running.metrics_address().is_none(), "off where it is not asked for");
}

fn pages() -> Scratch {
    let pages = Scratch::new();
    for page in ["customer", "agent", "supervisor"] {
        std::fs::create_dir_all(pages.path().join(page)).unwrap();
        std::fs::write(pages.path().join(page).join("index.html"), format!("<h1>{page}</h1>")).unwrap();
    }
    std::fs::create_dir_all(pages.path().join("assets")).unwrap();
    std::fs::write(pages.path().join("assets/app-1a2b.js"), "1").unwrap();
    std::fs::write(pages.path().join("assets/sdk-1a2b.wasm"), "1").unwrap();
    pages
}

#[tokio::test]
async fn pages_are_served_under_a_strict_policy_and_nothing_beside_them() {
    let pages = pages();
    let stage = Stage::start_with(|config| config.pages.dir = Some(pages.path().to_owned())).await;
    for (path, text) in [
        ("/", "customer"),
        ("/agent", "agent"),
        ("/agent?user=mina", "agent"),
        ("/supervisor/", "supervisor"),
    ] {
        let (status, head, body) = get(stage.address(), path).await;
        assert_eq!((status, body), (200, format!("<h1>{text}</h1>")), "{path}");
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "microphone=(self)",
            "cache-control: no-cache",
            "content-type: text/html",
        ] {
            assert!(head.contains(header), "{header} is not in\n{head}");
        }
    }
    let (_, head, _) = get(stage.address(), "/assets/app-1a2b.js").await;
    assert!(head.contains("immutable") && head.contains("content-type: text/javascript"), "{head}");
    assert!(get(stage.address(), "/assets/sdk-1a2b.wasm").await.1.contains("content-type: application/wasm"));
    for path in [
        "/../store/gateway.key",
        "/..%2fstore%2fgateway.key",
        "/assets/../../store/gateway.key",
        "/%2e%2e/store/gateway.key",
        "/assets/%00",
        "//etc/passwd",
        "/nothing",
        "/assets",
    ] {
        let (status, _, body) = get(stage.address(), path).await;
        assert!(matches!(status, 400 | 404 | 307), "{path}: {status}");
        assert!(!body.contains("root:"), "{path}");
    }
    let (status, head, _) = post(stage.address(), "/agent", "", "").await;
    assert_eq!(status, 405, "{head}");
}

#[tokio::test]
async fn teams_may_frame_the_pages_where_the_operator_says_so() {
    let pages = pages();
    let stage = Stage::start_with(|config| {
        config.pages.dir = Some(pages.path().to_owned());
        config.pages.frame_ancestors = vec!["https://teams.microsoft.com".to_owned()];
    })
    .await;
    let (_, head, _) = get(stage.address(), "/agent").await;
    assert!(head.contains("frame-ancestors https://teams.microsoft.com\r\n"), "{head}");
}

async fn sign_in(address: SocketAddr, headers: &str, body: &Value) -> (u16, Value) {
    let (status, _, body) = post(address, "/demo/token", headers, &body.to_string()).await;
    (status, serde_json::from_str(&body).unwrap_or_default())
}

#[tokio::test]
async fn the_demo_signs_in_its_own_pages_only() {
    let data = Scratch::new();
    let options = DemoOptions { port: 0, data: data.path().to_owned(), pages: None, origins: Vec::new() };
    let running = demo::start(options).await.unwrap();
    assert!(running.addresses().iter().all(|address| address.ip().is_loopback()));
    let (address, port) = (running.address(), running.address().port());
    let own = format!("Origin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\n");
    let mina = json!({ "user": "mina", "role": "agent" });
    for headers in [
        String::new(),
        "Origin: https://evil.example\r\n".to_owned(),
        "Origin: null\r\n".to_owned(),
        own.replace("same-origin", "cross-site"),
        own.replace(&port.to_string(), "1"),
    ] {
        assert_eq!(sign_in(address, &headers, &mina).await.0, 403, "{headers}");
    }
    for (body, name) in [
        (mina, "김민아 Mina"),
        (json!({ "user": "sam" }), "이새미 Sam"),
        (json!({ "user": "c-1", "role": "customer", "name": "Ada" }), "Ada"),
        (json!({ "name": "김하늘" }), "김하늘"),
    ] {
        let (status, answer) = sign_in(address, &own, &body).await;
        assert_eq!(status, 200, "{answer}");
        let door = Door::new(address, format!("http://localhost:{port}"));
        let client = Client::open(&door, answer["token"].as_str().unwrap(), None).await.unwrap();
        assert_eq!(client.snapshot.unwrap().user.name, name);
    }
    let (status, answer) = sign_in(address, &own, &json!({ "user": "mina", "role": "supervisor" })).await;
    assert_eq!(status, 401);
    assert!(answer["message"].as_str().unwrap().contains("mina, joon, alex, sam"), "{answer}");
    running.shutdown().await;
    let stage = Stage::start().await;
    assert_eq!(post(stage.address(), "/demo/token", &own, "{}").await.0, 404, "only in the demo");
}

#[tokio::test]
async fn requests_that_are_no_http_get_an_answer_or_nothing() {
    let stage = Stage::start().await;
    for request in ["\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "GET / HTTP/1.1\r\nHost x\r\n\r\n"]
    {
        let (status, _, _) = http(stage.address(), request).await;
        assert!(matches!(status, 0 | 400), "{request:?}: {status}");
    }
    assert_eq!(get(stage.address(), "/health").await.0, 200);
}
