//! Which tokens are taken: the abuse cases W3 and W4, claim by claim.

use crate::common::{
    CONTOSO, FABRIKAM, Stage, claims, now, origin, raw::Raw, raw::Said, secret, sign, token, token_with,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jackfield_load::{Client, LoadError};
use jackfield_wire::Code;
use serde_json::{Value, json};

async fn code_of(stage: &Stage, token: &str) -> Code {
    match Client::open(&stage.door(CONTOSO), token, None).await {
        Err(LoadError::Wire(error)) => {
            assert!(token.len() < 10 || !error.message.contains(token), "the token is not repeated");
            error.code
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a bad token was taken"),
    }
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(header), part(claims))
}

#[tokio::test]
async fn each_claim_is_checked() {
    let stage = Stage::start().await;
    let with = |claim, value| token_with(CONTOSO, "mina", "agent", claim, value);
    for (what, token, code) in [
        ("another issuer", with("iss", json!("https://login.fabrikam.example")), Code::TokenRejected),
        ("the gateway's issuer", with("iss", json!("jackfield")), Code::TokenRejected),
        ("another audience", with("aud", json!("teams")), Code::TokenRejected),
        ("other audiences", with("aud", json!(["a", "b"])), Code::TokenRejected),
        ("no audience", with("aud", Value::Null), Code::TokenRejected),
        ("no end", with("exp", Value::Null), Code::TokenRejected),
        ("an end that passed", with("exp", json!(now() - 61)), Code::TokenExpired),
        ("a beginning to come", with("nbf", json!(now() + 90)), Code::TokenRejected),
        ("an unknown tenant", with("tenant", json!("nobody")), Code::TenantUnknown),
        ("no tenant", with("tenant", Value::Null), Code::TokenRejected),
        ("no role", with("role", Value::Null), Code::TokenRejected),
        ("a role that is none", with("role", json!("root")), Code::RoleRejected),
        ("a role not the user's", with("role", json!("supervisor")), Code::RoleRejected),
        ("an agent as customer", with("role", json!("customer")), Code::RoleRejected),
        ("an unknown agent", with("sub", json!("nobody")), Code::UserUnknown),
        ("a user that is no id", with("sub", json!("<b>")), Code::TokenRejected),
        ("no user", with("sub", Value::Null), Code::TokenRejected),
    ] {
        assert_eq!(code_of(&stage, &token).await, code, "{what}");
    }
    for good in [
        with("aud", json!(["other", "jackfield"])),
        with("exp", json!(now() - 30)),
        with("exp", json!(now() as f64 + 100.5)),
        with("nbf", json!(now() + 30)),
        token(CONTOSO, "sam", "supervisor"),
        token_with(CONTOSO, "ada", "customer", "name", Value::Null),
    ] {
        Client::open(&stage.door(CONTOSO), &good, None).await.unwrap();
    }
}

#[tokio::test]
async fn forgeries_are_rejected() {
    let stage = Stage::start().await;
    let good = claims(CONTOSO, "mina", "agent");
    let real = sign(&good, &secret(CONTOSO));
    let (head, signature) = real.rsplit_once('.').unwrap();
    let other_claims = sign(&claims(CONTOSO, "sam", "supervisor"), &secret(CONTOSO));
    let (other_head, _) = other_claims.rsplit_once('.').unwrap();
    for (what, token, code) in [
        ("alg none", unsigned(&json!({ "alg": "none" }), &good), Code::TokenMalformed),
        ("alg None", unsigned(&json!({ "alg": "None", "typ": "JWT" }), &good), Code::TokenMalformed),
        ("no signature", format!("{head}."), Code::TokenRejected),
        ("another token's signature", format!("{other_head}.{signature}"), Code::TokenRejected),
        ("another tenant's secret", sign(&good, &secret(FABRIKAM)), Code::TokenRejected),
        (
            "an algorithm that is not listed",
            {
                let key = jsonwebtoken::EncodingKey::from_secret(secret(CONTOSO).as_bytes());
                jsonwebtoken::encode(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS512), &good, &key)
                    .unwrap()
            },
            Code::TokenRejected,
        ),
        ("nothing", String::new(), Code::TokenMalformed),
        ("no token", "a.b.c".to_owned(), Code::TokenMalformed),
        ("a very long one", "x".repeat(9000), Code::TokenMalformed),
    ] {
        assert_eq!(code_of(&stage, &token).await, code, "{what}");
    }
}

#[tokio::test]
async fn a_token_of_another_tenant_opens_nothing_here() {
    let stage = Stage::start().await;
    // Fabrikam's own key signs that its bearer is Contoso's.
    let mut claims = claims(FABRIKAM, "mina", "agent");
    claims["tenant"] = json!(CONTOSO);
    assert_eq!(code_of(&stage, &sign(&claims, &secret(FABRIKAM))).await, Code::TokenRejected);
    // And an honest token of Fabrikam's is let in at Fabrikam only.
    let honest = token(FABRIKAM, "mina", "agent");
    assert_eq!(code_of(&stage, &honest).await, Code::OriginRejected);
    let client = Client::open(&stage.door(FABRIKAM), &honest, None).await.unwrap();
    assert_eq!(client.snapshot.unwrap().user.name, "Mina of fabrikam");
}

#[tokio::test]
async fn the_close_code_goes_with_the_error() {
    let stage = Stage::start().await;
    let mut raw = Raw::open(stage.address(), &origin(CONTOSO)).await;
    let expired = token_with(CONTOSO, "mina", "agent", "exp", json!(1));
    raw.text(&json!({ "type": "hello", "token": expired }).to_string()).await;
    let (last, end) = raw.end().await;
    assert!(last.unwrap().contains("tokenExpired"));
    assert_eq!(end, Said::Close(4102));
}
