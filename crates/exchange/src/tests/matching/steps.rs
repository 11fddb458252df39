//! Centres, and what happens in them, at random.

use super::*;

pub(super) fn some_skills() -> impl Strategy<Value = BTreeMap<String, u8>> {
    proptest::collection::btree_map(proptest::sample::select(SKILLS.to_vec()), 1..6u8, 0..3)
        .prop_map(|skills| skills.into_iter().map(|(s, l)| (s.to_owned(), l)).collect())
}

pub(super) fn agents() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec((0..AGENTS).prop_map(|n| format!("a{n}")), 0..3)
}

pub(super) fn ring() -> impl Strategy<Value = RingConfig> {
    let (skills, preferred) = (proptest::option::of(some_skills()), proptest::option::of(some_skills()));
    (skills, preferred, proptest::option::of(agents())).prop_map(|(skills, preferred, agents)| RingConfig {
        after_ms: 0,
        skills,
        preferred,
        agents: agents.map(|ids| ids.iter().map(|id| user(id)).collect()),
    })
}

pub(super) fn rings() -> impl Strategy<Value = Vec<RingConfig>> {
    proptest::collection::vec(ring(), 0..3).prop_map(|rings| {
        let timed = rings.into_iter().zip([0, 4_000, 9_000]);
        timed.map(|(ring, after_ms)| RingConfig { after_ms, ..ring }).collect()
    })
}

pub(super) fn any_queue() -> impl Strategy<Value = Value> {
    let orders = proptest::sample::select(vec!["first_in", "first_in", "last_in"]);
    let agents = proptest::sample::select(vec!["longest_idle", "best_skill", "least_loaded", "round_robin"]);
    let offer_to = proptest::sample::select(vec![1, 2, 3, 10]);
    (some_skills(), some_skills(), rings(), orders, agents, 0..3u8, offer_to).prop_map(
        |(skills, preferred, rings, order, agent_order, priority, offer_to)| {
            json!({ "name": "Q", "wrap_up_ms": 0, "skills": skills, "preferred": preferred, "rings": rings,
                "order": order, "agent_order": agent_order, "priority": priority, "offer_to": offer_to })
        },
    )
}

pub(super) fn any_config() -> impl Strategy<Value = TenantConfig> {
    let rule = || {
        proptest::sample::select(vec![
            json!({}),
            json!({ "chat": [] }),
            json!({ "voice": ["chat"] }),
            json!(null),
        ])
    };
    let own = proptest::collection::btree_map(0..QUEUES, 0..3u8, 0..2);
    let agent = (some_skills(), proptest::collection::btree_set(0..QUEUES, 0..3), 0..3u32, rule(), own);
    let agents = proptest::collection::vec(agent, AGENTS);
    let queues = proptest::collection::vec(any_queue(), QUEUES);
    (queues, agents, proptest::sample::select(vec![0u32, 1_000, 60_000]), rule()).prop_map(
        |(mut queues, agents, ageing_ms, rule)| {
            for (n, queue) in queues.iter_mut().enumerate() {
                queue["queue_id"] = format!("q{n}").into();
            }
            let users = agents.into_iter().enumerate().map(|(n, (skills, listed, chat, own, first))| {
                let listed: Vec<_> = listed.iter().map(|q| format!("q{q}")).collect();
                let first: BTreeMap<_, _> = first.iter().map(|(q, level)| (format!("q{q}"), level)).collect();
                json!({ "user_id": format!("a{n}"), "name": "A", "skills": skills, "queues": listed, "queue_priorities": first,
                "capacity": { "chat": chat }, "interrupted_by": own })
            });
            let users: Vec<_> = users.collect();
            let config = json!({ "tenant_id": "t", "name": "T", "queues": queues, "users": users,
            "ageing_ms": ageing_ms, "interrupted_by": if rule.is_null() { json!({}) } else { rule }, "offer_timeout_ms": 5_000, "refusal_pause_ms": 3_000 });
            serde_json::from_value(config).unwrap()
        },
    )
}

pub(super) fn any_needs() -> impl Strategy<Value = Needs> {
    let fallback = proptest::option::of(proptest::sample::select(vec![0, 2_000, 6_000]));
    let agent = proptest::option::weighted(0.3, (0..AGENTS, fallback));
    let agents = proptest::option::weighted(0.2, agents());
    let parts = (some_skills(), some_skills(), agents, agent, rings());
    parts.prop_map(|(skills, preferred, agents, agent, rings)| Needs {
        skills,
        preferred,
        agents: agents.map(|ids| ids.iter().map(|id| user(id)).collect()),
        agent: agent
            .map(|(n, fallback_after_ms)| DirectAgent { user_id: user(&format!("a{n}")), fallback_after_ms }),
        rings,
    })
}

pub(super) fn any_routing() -> impl Strategy<Value = (usize, Box<Routing>)> {
    let start = 995_000..1_010_000u64;
    (0..CUSTOMERS, 0..QUEUES, 0..4u8, start, any_needs()).prop_map(
        |(customer, q, priority, virtual_start, needs)| {
            let routing = Routing {
                conversation_id: ConversationId::numbered('c', 0),
                queue_id: queue(&format!("q{q}")),
                priority,
                virtual_start,
                needs,
                rule: None,
                stays: None,
                ordered: false,
            };
            (customer, Box::new(routing))
        },
    )
}

pub(super) fn any_settings() -> impl Strategy<Value = AgentSettings> {
    let queues = proptest::collection::btree_set(0..QUEUES, 0..3);
    let capacity = (0..2u32, 0..3u32).prop_map(|(voice, chat)| Capacity { voice, chat });
    let (skills, capacity) = (proptest::option::of(some_skills()), proptest::option::of(capacity));
    (skills, proptest::option::of(queues), capacity).prop_map(|(skills, queues, capacity)| {
        let queues = queues.map(|listed| listed.iter().map(|q| queue(&format!("q{q}"))).collect());
        AgentSettings { skills, queues, capacity }
    })
}

pub(super) fn any_step() -> impl Strategy<Value = Step> {
    let wish =
        proptest::sample::select(vec![Availability::Available, Availability::Available, Availability::Away]);
    prop_oneof![
        6 => (0..AGENTS, wish).prop_map(|(n, wish)| Step::Availability(n, wish)),
        8 => (0..CUSTOMERS, 0..QUEUES, proptest::sample::select(Channel::ALL.to_vec()))
            .prop_map(|(customer, q, channel)| Step::Start(customer, q, channel)),
        4 => any_routing().prop_map(|(customer, routing)| Step::Route(customer, routing)),
        5 => (1..30u64).prop_map(Step::Accept),
        3 => (1..30u64).prop_map(Step::Reject),
        3 => (0..CUSTOMERS).prop_map(Step::End),
        1 => (0..AGENTS, any_settings()).prop_map(|(n, settings)| Step::Agent(n, settings)),
        1 => any_config().prop_map(|config| Step::Reconfigure(Box::new(config))),
        4 => (0..4_000u64).prop_map(Step::Pass),
    ]
}
