//! The operator's figures, in the OpenMetrics text format. Labels are few and bounded: tenants, codes, reasons.

use jackfield_exchange::switchboard::Gauges;
use jackfield_media::PlaneStats;
use jackfield_wire::{Code, QualitySample, TenantId};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// A label that tells tenants apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct OfTenant {
    tenant: String,
}

/// A label that tells causes apart: a code of the wire, or a word of the gateway's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Because {
    reason: &'static str,
}

/// All figures of one gateway.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    /// TCP connections open now.
    pub(crate) connections: Gauge,
    /// Sockets that have not said a good hello.
    pub(crate) unknown_sockets: Gauge,
    /// WebSockets open now.
    pub(crate) sockets: Gauge,
    frames_in: Counter,
    messages_out: Counter,
    refused: Family<Because, Counter>,
    closed: Family<Because, Counter>,
    panics: Family<Because, Counter>,
    commits: Histogram,
    commit_failures: Counter,
    sessions: Family<OfTenant, Gauge>,
    connected: Family<OfTenant, Gauge>,
    held: Family<OfTenant, Gauge>,
    calls: Family<OfTenant, Gauge>,
    conversations: Family<OfTenant, Gauge>,
    media: Family<Because, Gauge>,
    mos: Histogram,
    loss: Histogram,
    round_trip: Histogram,
}

/// Seconds from half a millisecond to four.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 4.0];

impl Metrics {
    /// All figures at zero.
    pub(crate) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("jackfield"),
            connections: Gauge::default(),
            unknown_sockets: Gauge::default(),
            sockets: Gauge::default(),
            frames_in: Counter::default(),
            messages_out: Counter::default(),
            refused: Family::default(),
            closed: Family::default(),
            panics: Family::default(),
            commits: Histogram::new(SECONDS),
            commit_failures: Counter::default(),
            sessions: Family::default(),
            connected: Family::default(),
            held: Family::default(),
            calls: Family::default(),
            conversations: Family::default(),
            media: Family::default(),
            mos: Histogram::new([1.0, 2.0, 2.6, 3.1, 3.6, 4.0, 4.2, 4.34, 4.5]),
            loss: Histogram::new([0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]),
            round_trip: Histogram::new(SECONDS),
        };
        metrics.register_sockets();
        metrics.register_tenants();
        metrics
    }

    /// The figures as text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String can't fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    /// Frames came from a client.
    pub(crate) fn frames_in(&self, count: usize) {
        self.frames_in.inc_by(count as u64);
    }

    /// Messages went to a client.
    pub(crate) fn messages_out(&self, count: usize) {
        self.messages_out.inc_by(count as u64);
    }

    /// A request, a socket or a hello was refused.
    pub(crate) fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&Because { reason }).inc();
    }

    /// The gateway ended a connection.
    pub(crate) fn closed(&self, code: Code) {
        self.closed.get_or_create(&Because { reason: code.name() }).inc();
    }

    /// Something panicked and was contained.
    pub(crate) fn panicked(&self, place: &'static str) {
        self.panics.get_or_create(&Because { reason: place }).inc();
    }

    /// How often something panicked.
    #[cfg(test)]
    pub(crate) fn panics(&self, place: &'static str) -> u64 {
        self.panics.get_or_create(&Because { reason: place }).get()
    }

    /// A batch is on disk, or is not, after so many seconds.
    pub(crate) fn committed(&self, seconds: f64, good: bool) {
        self.commits.observe(seconds);
        if !good {
            self.commit_failures.inc();
        }
    }

    /// A session told how its voice was.
    pub(crate) fn quality(&self, sample: &QualitySample) {
        self.mos.observe(f64::from(sample.mos));
        self.loss.observe(f64::from(sample.loss));
        self.round_trip.observe(f64::from(sample.rtt_ms) / 1000.0);
    }

    /// Sets a tenant's figures.
    pub(crate) fn set_tenant(&self, tenant: &TenantId, gauges: &Gauges) {
        let of = OfTenant { tenant: tenant.to_string() };
        let set =
            |family: &Family<OfTenant, Gauge>, value: usize| family.get_or_create(&of).set(whole(value));
        set(&self.sessions, gauges.sessions);
        set(&self.connected, gauges.connected);
        set(&self.held, gauges.held);
        set(&self.calls, gauges.rooms);
        set(&self.conversations, gauges.cached_conversations);
    }

    /// Sets the audio plane's figures.
    pub(crate) fn set_media(&self, stats: &PlaneStats) {
        let set = |reason, value: i64| {
            self.media.get_or_create(&Because { reason }).set(value);
        };
        set("peers", whole(stats.peers));
        set("connected", whole(stats.connected));
        let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        set("packetsIn", count(stats.packets_in));
        set("packetsOut", count(stats.packets_out));
        set("bytesIn", count(stats.bytes_in));
        set("bytesOut", count(stats.bytes_out));
        set("forwarded", count(stats.forwarded));
        set("droppedStranger", count(stats.dropped_stranger));
        set("droppedForged", count(stats.dropped_forged));
        set("droppedSend", count(stats.dropped_send));
        set("panics", count(stats.panics));
    }

    fn register_sockets(&mut self) {
        let to = &mut self.registry;
        to.register("connections", "TCP connections open now", self.connections.clone());
        to.register("unknown_sockets", "Sockets without an accepted hello", self.unknown_sockets.clone());
        to.register("sockets", "WebSockets open now", self.sockets.clone());
        to.register("frames_in", "Frames received from clients", self.frames_in.clone());
        to.register("messages_out", "Messages sent to clients", self.messages_out.clone());
        to.register("refused", "Requests, sockets and hellos refused, by reason", self.refused.clone());
        to.register("closed", "Connections that the gateway ended, by reason", self.closed.clone());
        to.register("panics", "Panics that were contained, by place", self.panics.clone());
        to.register("media", "The audio plane's sizes and counts since the start", self.media.clone());
        to.register("voice_mos", "Mean opinion score as sessions report it", self.mos.clone());
        to.register("voice_loss", "Share of voice packets lost as sessions report it", self.loss.clone());
        to.register("voice_round_trip_seconds", "Round trip as sessions report it", self.round_trip.clone());
    }

    fn register_tenants(&mut self) {
        let to = &mut self.registry;
        to.register("commit_seconds", "From the order to write a batch to its answer", self.commits.clone());
        to.register("commit_failures", "Batches that could not be written", self.commit_failures.clone());
        to.register("sessions", "Sessions, connected or not", self.sessions.clone());
        to.register("sessions_connected", "Sessions on a connection", self.connected.clone());
        to.register("held", "Things told that wait for the journal", self.held.clone());
        to.register("calls", "Calls", self.calls.clone());
        to.register(
            "cached_conversations",
            "Conversations whose newest messages are in memory",
            self.conversations.clone(),
        );
    }
}

fn whole(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_happened() {
        let metrics = Metrics::new();
        metrics.refused("origin");
        metrics.closed(Code::TooSlow);
        metrics.set_tenant(&TenantId::parse("a").unwrap(), &Gauges { sessions: 3, ..Gauges::default() });
        metrics.committed(0.003, false);
        let text = metrics.text();
        for line in [
            "jackfield_refused_total{reason=\"origin\"} 1",
            "jackfield_closed_total{reason=\"tooSlow\"} 1",
            "jackfield_sessions{tenant=\"a\"} 3",
            "jackfield_commit_failures_total 1",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
