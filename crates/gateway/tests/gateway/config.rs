//! What an operator can get wrong: each is named with its file, line, field and remedy (O3).

use crate::common::{Scratch, secret, text};
use jackfield_gateway::config::Config;

fn error(text: &str) -> String {
    match Config::parse("jackfield.toml".as_ref(), text) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("this was taken:\n{text}"),
    }
}

/// The good configuration with one change; what is said of it.
fn said(from: &str, to: &str) -> String {
    let good = text();
    assert!(good.contains(from), "{from} is not in the configuration");
    error(&good.replacen(from, to, 1))
}

#[test]
fn each_mistake_is_named_with_its_line_and_remedy() {
    let weak = "keys = [{ secret = 'short' }]";
    let good_keys = format!("keys = [{{ secret = '{}' }}]", secret("contoso"));
    for (from, to, expected) in [
        ("data_dir", "data_dri", vec!["jackfield.toml:2: data_dri: unknown field"]),
        (
            "listen = ['127.0.0.1:0']",
            "listen = ['localhost']",
            vec!["jackfield.toml:1: listen", "invalid socket address"],
        ),
        ("listen = ['127.0.0.1:0']", "listen = []", vec![":1: listen: there is no address"]),
        (&good_keys, weak, vec!["tenants[0].auth.keys[0].secret: 5 bytes are too few", "openssl rand"]),
        (
            &good_keys,
            &format!("keys = [{{ secret = '{}' }}]", "a".repeat(64)),
            vec!["repeats a few characters"],
        ),
        (
            &good_keys,
            "keys = [{ jwks_url = 'http://login.example/keys' }]",
            vec!["jwks_url: http is not safe", "https"],
        ),
        (&good_keys, "keys = [{}]", vec!["not clear where the key comes from", "jwks_url"]),
        (&good_keys, "keys = [{ secret_file = 'missing' }]", vec!["secret_file: missing can't be read"]),
        (
            &good_keys,
            &good_keys.replace(" }]", ", algorithms = ['RS256'] }]"),
            vec!["algorithms[0]: \"RS256\" is no algorithm for a secret"],
        ),
        (
            "https://contoso.example'",
            "https://contoso.example/app'",
            vec!["origins[0]", "more or less than an origin"],
        ),
        ("https://contoso.example'", "*'", vec!["origins[0]", "no origin"]),
        (
            "tenant_id = 'fabrikam'",
            "tenant_id = 'contoso'",
            vec!["tenants[1].centre.tenant_id: there is another tenant contoso"],
        ),
        (
            "user_id = 'joon'",
            "user_id = 'mina'",
            vec!["tenants[0].centre.users[1].user_id: mina stands twice", "own id"],
        ),
        (
            "tenant_id = 'contoso'",
            "tenant_id = 'contoso'\nrules = [{ id = 'gold', when = 'custmer.x', targets = [{ queue = 'support' }] }]",
            vec![
                "tenants[0].centre.rules[0].when: rule gold at column 1: there is no variable custmer",
                "Use one of conversation",
            ],
        ),
        (
            "tenant_id = 'contoso'",
            "tenant_id = 'contoso'\ntrunk = { numbers = ['+82*'] }",
            vec!["tenants[0].centre.trunk: this gateway has no trunk yet", "Remove trunk"],
        ),
        ("queue_id = 'support'", "queue_id = 'sup port'", vec!["queue_id", "an id is 1 to 64"]),
        ("issuer = 'https://login.contoso.example'", "issuer = 'jackfield'", vec!["auth.issuer", "own"]),
        ("api_key_sha256 = '", "api_key_sha256 = 'z", vec!["api_key_sha256: it is no SHA-256", "sha256sum"]),
        (
            "data_dir = 'store'",
            "data_dir = 'store'\nlimits.hello_timeout_ms = 1",
            vec!["limits.hello_timeout_ms: 1 is out of range", "Write 100 to"],
        ),
        ("data_dir = 'store'", "data_dir = 'store'\nmetrics_listen = '127.0.0.1:x'", vec!["metrics_listen"]),
    ] {
        let said = said(from, to);
        for part in expected {
            assert!(said.contains(part), "{part:?} is not in {said:?}");
        }
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = text().replace("queue_id = 'support', name = 'Support'", "queue_id = 'support', name = ''");
    let said = error(&text);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(
        said.contains("tenants[0].centre.queues[0].name")
            && said.contains("tenants[1].centre.queues[0].name")
    );
}

#[test]
fn a_tenants_own_file_is_read_and_its_mistakes_are_told_of_it() {
    let scratch = Scratch::new();
    let main = scratch.path().join("jackfield.toml");
    let tenant = scratch.path().join("contoso.toml");
    std::fs::write(
        &main,
        "listen = ['127.0.0.1:0']\ndata_dir = 'd'\nmedia.bind = ['127.0.0.1:0']\ntenants = [{ file = 'contoso.toml' }]\n",
    )
    .unwrap();
    assert!(Config::load(&main).unwrap_err().to_string().contains("tenants[0].file"));
    let good = "[centre]\ntenant_id = 'contoso'\nname = 'Contoso'\n[auth]\nissuer = 'i'\naudience = 'a'\n[[auth.keys]]\nsecret_file = 'key'\n";
    std::fs::write(&tenant, good).unwrap();
    std::fs::write(scratch.path().join("key"), format!("{}\n", secret("contoso"))).unwrap();
    let config = Config::load(&main).unwrap();
    assert_eq!(config.tenants[0].centre.tenant_id.as_str(), "contoso");
    assert_eq!(config.tenants[0].auth.keys[0].secret.as_ref().unwrap().expose(), secret("contoso"));
    std::fs::write(&tenant, good.replace("name =", "nmae =")).unwrap();
    let said = Config::load(&main).unwrap_err().to_string();
    assert!(said.contains("contoso.toml:3: centre.nmae: unknown field `nmae`"), "{said}");
}

#[test]
fn secrets_do_not_show() {
    let config = Config::parse("x".as_ref(), &text()).unwrap();
    assert!(!format!("{config:?}").contains("the contoso secret"));
}

#[tokio::test]
async fn a_gateway_that_cannot_start_says_why() {
    let scratch = Scratch::new();
    let first = jackfield_gateway::Gateway::start(crate::common::config(scratch.path())).await.unwrap();
    let second = jackfield_gateway::Gateway::start(crate::common::config(scratch.path())).await.unwrap_err();
    assert!(second.to_string().contains("in use by another gateway"), "{second}");
    let mut taken = crate::common::config(Scratch::new().path());
    taken.listen = vec![first.address()];
    let error = jackfield_gateway::Gateway::start(taken).await.unwrap_err();
    assert!(
        error.to_string().starts_with("listen: ") && error.to_string().contains("another address"),
        "{error}"
    );
    first.shutdown().await;
}

/// Every name that a configuration may have stands on the page that describes them.
#[test]
fn every_field_is_documented() {
    let page = include_str!("../../../../docs/configuration.md");
    // An unknown name is answered with the known ones: the parser itself tells what there is.
    for table in [
        "",
        "[pages]",
        "[media]",
        "[limits]",
        "[sessions]",
        "[[tenants]]",
        "[[tenants]]\n[tenants.centre]",
        "[[tenants]]\n[[tenants.centre.queues]]",
        "[[tenants]]\n[[tenants.centre.users]]",
        "[[tenants]]\n[tenants.auth]",
        "[[tenants]]\n[[tenants.auth.keys]]",
    ] {
        let said = error(&format!("{table}\nzzz = 1\n"));
        let names: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
        assert!(names.len() >= 2, "{table}: {said}");
        for name in names {
            let named = [
                format!("`{name}`"),
                format!("{name}."),
                format!(".{name}"),
                format!("[{name}]"),
                format!("[{name}."),
            ];
            let named = named.iter().any(|form| page.contains(form));
            assert!(named, "{table} {name} is not in docs/configuration.md");
        }
    }
}
