//! What can't be brought about from outside: a panic of the task, and a second writer.

use super::{Actor, Ask, AudioHub, Handle, Surroundings};
use crate::{config::SessionsConfig, metrics::Metrics, socket::Outbox, store::Sqlite};
use jackfield_exchange::{
    Identity, TenantConfig,
    switchboard::{ConnectionId, Fresh, Input},
};
use jackfield_media::{MediaConfig, MediaPlane};
use jackfield_wire::{ClientFrame, Code, Command, Role, Secret, SessionId, UserId};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

struct Scratch(std::path::PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn surroundings() -> (Scratch, Surroundings) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("jackfield-tenant-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(name);
    let store = Arc::new(Sqlite::open(&path).unwrap());
    let (plane, _) = MediaPlane::start(MediaConfig::new(["127.0.0.1:0".parse().unwrap()])).unwrap();
    let around = Surroundings {
        simulates_numbers: false,
        store,
        audio: AudioHub::new(plane),
        metrics: Arc::new(Metrics::new()),
        clock: Arc::new(|| 1_000_000),
        sessions: SessionsConfig::default(),
    };
    (Scratch(path), around)
}

fn contoso() -> TenantConfig {
    let text = "tenant_id = 'contoso'\nname = 'Contoso'\nusers = [{ user_id = 'mina', name = 'Mina' }]";
    toml::from_str(text).unwrap()
}

fn hello(tenant: &Handle, number: u64) -> Arc<Outbox> {
    let outbox = Arc::new(Outbox::new(1 << 20));
    let user_id = UserId::parse("mina").unwrap();
    let session_id = SessionId::parse(&format!("s{number}")).unwrap();
    let input = Input::Hello {
        connection: ConnectionId(number),
        identity: Identity::new(user_id, "Mina", Role::Agent),
        token_expires_at: u64::MAX / 2,
        resume: None,
        fresh: Fresh { session_id, key: Secret::new("key"), key_digest: [0; 32] },
    };
    tenant.open(ConnectionId(number), Arc::clone(&outbox), input);
    outbox
}

/// The next that the client is sent; or how its connection ends.
async fn told(outbox: &Outbox) -> Result<String, Code> {
    let due = outbox.due().await;
    outbox.written(due.bytes);
    match due.texts.is_empty() {
        true => Err(due.end.unwrap()),
        false => Ok(due.texts.join("\n")),
    }
}

#[tokio::test]
async fn a_panic_ends_the_connections_of_one_tenant_and_nothing_else() {
    let (_scratch, around) = surroundings();
    let metrics = Arc::clone(&around.metrics);
    let other = TenantConfig { tenant_id: jackfield_wire::TenantId::parse("other").unwrap(), ..contoso() };
    let neighbour = Actor::start(other, around.clone()).unwrap();
    let tenant = Actor::start(contoso(), around).unwrap();
    let (here, there) = (hello(&tenant, 1), hello(&neighbour, 2));
    assert!(told(&here).await.unwrap().contains("welcome"));
    assert!(told(&there).await.unwrap().contains("welcome"));
    tenant.asks.send(Ask::Panic).unwrap();
    assert_eq!(told(&here).await, Err(Code::Internal));
    assert_eq!(metrics.panics("tenant"), 1);
    // The tenant serves again, and still knows the session of before; the neighbour never noticed.
    let again = hello(&tenant, 3);
    assert!(told(&again).await.unwrap().contains("welcome"));
    assert_eq!(tenant.gauges().await.unwrap().sessions, 2);
    assert_eq!(neighbour.gauges().await.unwrap().connected, 1);
}

#[tokio::test]
async fn whoever_lost_its_tenant_to_another_writes_nothing_and_sends_clients_away() {
    let (_scratch, around) = surroundings();
    let first = Actor::start(contoso(), around.clone()).unwrap();
    let client = hello(&first, 1);
    assert!(told(&client).await.unwrap().contains("welcome"));
    let second = Actor::start(contoso(), around).unwrap();
    let id = jackfield_wire::CommandId::parse("x").unwrap();
    let command = Command::presence(jackfield_wire::Availability::Available);
    let frames = vec![ClientFrame::Command { id, command }];
    first.send(Input::Frames { connection: ConnectionId(1), frames }).await;
    assert!(told(&client).await.unwrap().contains("storageUnavailable"));
    assert_eq!(told(&client).await, Err(Code::Restarting));
    assert!(first.gauges().await.is_none(), "its task has ended");
    assert_eq!(told(&hello(&first, 2)).await, Err(Code::Restarting));
    assert_eq!(second.gauges().await.unwrap().sessions, 1, "the session is with the second");
}
