//! The connection: token, socket, hello, and what happens when it is lost.

use super::options::{
    BACKOFF_MOST_MS, BACKOFF_MS, OPEN_MS, RENEW_AGAIN_MS, RENEW_BEFORE_MS, SIGN_OUT_MS, STABLE_MS,
};
use super::outbox::Origin;
use super::{ConnectionState, Engine, Event, Output};
use jackfield_wire::lean::{self, Command};
use jackfield_wire::{Code, Millis, Secret, WireError};

/// Where the connection is.
///
/// ```text
/// idle → needsToken → opening → greeting → up
///            ↑           └─────────┴────────┤
///            └────────── waiting ←──────────┘      suspended: a page in the back/forward cache
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Phase {
    #[default]
    Idle,
    NeedsToken,
    Opening {
        until: u64,
    },
    Greeting {
        until: u64,
    },
    Up {
        since: u64,
    },
    Waiting {
        until: u64,
    },
    Suspended,
    Closed,
}

/// The connection.
#[derive(Debug, Default)]
pub(super) struct Link {
    pub(super) phase: Phase,
    /// The socket's number.
    number: u64,
    /// Attempts that failed in a row.
    attempts: u32,
    token: Option<Secret>,
    /// A token that the gateway called expired: the same one again is no use.
    expired: Option<Secret>,
    token_asked: bool,
    renew_at: Option<u64>,
    /// When the connection counts as dead, unless a frame comes.
    dead_at: Option<u64>,
    ping_every: u64,
    /// When the first connection is given up.
    give_up_at: Option<u64>,
    /// Why the last attempt failed.
    error: Option<WireError>,
}

impl Link {
    pub(super) fn is_up(&self) -> bool {
        matches!(self.phase, Phase::Up { .. })
    }

    /// Whether the socket of this number is the one at hand.
    pub(super) fn is_current(&self, number: u64) -> bool {
        number == self.number
            && matches!(self.phase, Phase::Opening { .. } | Phase::Greeting { .. } | Phase::Up { .. })
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        let phase = match self.phase {
            Phase::Opening { until } | Phase::Greeting { until } | Phase::Waiting { until } => Some(until),
            Phase::Up { .. } => self.dead_at,
            _ => None,
        };
        let renew = self.renew_at.filter(|_| self.is_up() && !self.token_asked);
        [phase, renew, self.give_up_at].into_iter().flatten().min()
    }

    pub(super) fn close(&mut self) {
        *self = Self { phase: Phase::Closed, number: self.number, ..Self::default() };
    }

    /// A frame came: the connection lives.
    pub(super) fn alive(&mut self, now: u64) {
        if self.ping_every > 0 {
            self.dead_at = Some(now + 3 * self.ping_every);
        }
    }

    /// The session is open.
    pub(super) fn welcomed(&mut self, now: u64, ping_every: u64) {
        self.phase = Phase::Up { since: now };
        self.give_up_at = None;
        self.error = None;
        self.expired = None;
        self.ping_every = ping_every;
        self.alive(now);
    }

    /// The token's time, as a tick.
    pub(super) fn token_expires(&mut self, now: u64, remaining: u64) {
        // A token of a minute or two is renewed at half its time, so that a slow token function does not miss it.
        let ahead = RENEW_BEFORE_MS.min(remaining / 2);
        self.renew_at = Some(now + remaining - ahead);
    }
}

impl Engine {
    pub(super) fn begin(&mut self) {
        if self.link.phase == Phase::Idle {
            self.link.give_up_at = Some(self.clock.now() + self.options.give_up_after_ms);
            self.attempt();
        }
    }

    fn attempt(&mut self) {
        self.link.phase = Phase::NeedsToken;
        self.ask_token();
    }

    fn ask_token(&mut self) {
        if !self.link.token_asked {
            self.link.token_asked = true;
            self.outputs.push_back(Output::NeedToken);
        }
    }

    pub(super) fn token(&mut self, token: Result<Secret, WireError>) {
        if !std::mem::take(&mut self.link.token_asked) {
            return;
        }
        match (token, self.link.phase) {
            (Ok(token), Phase::NeedsToken) => self.open(token),
            (Ok(token), Phase::Up { .. }) => {
                // Until `authAccepted` says how long the new one lasts.
                self.link.renew_at = None;
                self.send(lean::auth(token.expose()));
            }
            (Err(error), Phase::NeedsToken) if self.connection == ConnectionState::Connecting => {
                self.finish(Some(error));
            }
            (Err(error), Phase::NeedsToken) => self.wait(Some(error), 0),
            (Err(_), Phase::Up { .. }) => self.link.renew_at = Some(self.clock.now() + RENEW_AGAIN_MS),
            _ => {}
        }
    }

    fn open(&mut self, token: Secret) {
        if self.link.expired.as_ref() == Some(&token) {
            return self.finish(Some(Code::TokenExpired.into()));
        }
        self.link.token = Some(token);
        self.link.number += 1;
        self.link.phase = Phase::Opening { until: self.clock.now() + OPEN_MS };
        self.outputs.push_back(Output::Connect { link: self.link.number });
    }

    pub(super) fn opened(&mut self, link: u64) {
        if !self.link.is_current(link) {
            return;
        }
        let Some(token) = self.link.token.clone() else { return };
        self.link.phase = Phase::Greeting { until: self.clock.now() + OPEN_MS };
        let seq = self.view.as_ref().map(|_| self.events.seq);
        let resume = self.session.as_ref().map(|session| session.resume(seq));
        self.send(lean::hello(token.expose(), resume.as_ref(), &self.options.client));
    }

    pub(super) fn closed(&mut self, link: u64, code: u16) {
        if !self.link.is_current(link) {
            return;
        }
        if self.sign_out_by.is_some() {
            return self.finish(None);
        }
        let code = Code::of_close(code);
        match code {
            Some(code) => self.ended(WireError::new(code, "the gateway ended the connection")),
            None => self.lost(None, 0),
        }
    }

    /// The gateway ended the connection, and said why.
    pub(super) fn ended(&mut self, error: WireError) {
        if error.code == Code::TokenExpired {
            self.link.expired = self.link.token.take();
        }
        if !error.code.is_retryable() {
            return self.finish(Some(error));
        }
        let least = error.retry_after_ms.unwrap_or(0);
        self.lost(Some(error), least.into());
    }

    /// The connection is gone; it comes back by itself.
    pub(super) fn lost(&mut self, error: Option<WireError>, least: u64) {
        self.flush();
        self.outputs.push_back(Output::Disconnect);
        self.let_go();
        self.wait(error, least);
    }

    /// What hung on the connection.
    fn let_go(&mut self) {
        if matches!(self.link.phase, Phase::Up { since } if self.clock.now() >= since + STABLE_MS) {
            self.link.attempts = 0;
        }
        self.link.dead_at = None;
        self.link.token_asked = false;
        self.frames.clear();
        self.outbox.lost();
        self.events.ack_at = None;
        self.mark_at = None;
        self.typing.forget_own();
        self.voice.unlinked();
    }

    /// Pauses before the next attempt: full jitter, so that many pages that lost one gateway do not come back at once.
    fn wait(&mut self, error: Option<WireError>, least: u64) {
        let most = BACKOFF_MOST_MS.min(BACKOFF_MS << self.link.attempts.min(10));
        self.link.attempts += 1;
        let pause = least + self.random.up_to(most);
        self.wait_for(error, pause);
    }

    fn wait_for(&mut self, error: Option<WireError>, pause: u64) {
        self.link.phase = Phase::Waiting { until: self.clock.now() + pause };
        self.link.error = error.clone().or(self.link.error.take());
        let state = match self.connection {
            ConnectionState::Connecting => ConnectionState::Connecting,
            _ => ConnectionState::Reconnecting,
        };
        self.set_connection(state, error, Some(pause));
    }

    /// The gateway goes down and says when to come back.
    pub(super) fn restarting(&mut self, after_ms: u64, within_ms: u64) {
        self.outputs.push_back(Output::Disconnect);
        self.let_go();
        let pause = after_ms + self.random.up_to(within_ms.saturating_sub(after_ms));
        self.wait_for(Some(Code::Restarting.into()), pause);
    }

    pub(super) fn judge_link(&mut self) {
        let now = self.clock.now();
        if self.link.give_up_at.is_some_and(|at| at <= now) {
            let error = self.link.error.take().unwrap_or_else(|| Code::GatewayUnreachable.into());
            return self.finish(Some(error));
        }
        match self.link.phase {
            Phase::Opening { until } if until <= now => self.lost(None, 0),
            Phase::Greeting { until } if until <= now => self.lost(Some(Code::TimedOut.into()), 0),
            Phase::Waiting { until } if until <= now => self.attempt(),
            Phase::Up { .. } if self.link.dead_at.is_some_and(|at| at <= now) => {
                self.lost(Some(Code::TimedOut.into()), 0);
            }
            Phase::Up { .. } if self.link.renew_at.is_some_and(|at| at <= now) => self.ask_token(),
            _ => {}
        }
    }

    /// The token's time is nearly over, says the gateway.
    pub(super) fn token_expiring(&mut self) {
        if self.link.is_up() {
            self.ask_token();
        }
    }

    /// How long the token lasts, says the gateway.
    pub(super) fn token_accepted(&mut self, expires_at: Millis) {
        let gateway_now = self.gateway_now();
        self.link.token_expires(self.clock.now(), expires_at.saturating_sub(gateway_now));
    }

    /// The gateway's time now, by the offset of the last welcome.
    pub(super) fn gateway_now(&self) -> Millis {
        self.clock.wall().saturating_add_signed(self.clock_offset)
    }

    /// The page can be seen: what timers would have done while it slept is judged after this; a planned attempt is made now.
    pub(super) fn visible(&mut self) {
        if matches!(self.link.phase, Phase::Waiting { .. }) {
            self.attempt();
        }
    }

    /// Another network: the old socket is likely dead without knowing. One ping's time decides.
    pub(super) fn online(&mut self) {
        let now = self.clock.now();
        self.visible();
        if self.link.is_up() {
            let soon = now + self.link.ping_every + 1_000;
            self.link.dead_at = self.link.dead_at.map(|at| at.min(soon));
        }
        self.voice.network_changed(now);
    }

    /// The page goes; the gateway shall keep the session.
    pub(super) fn suspend(&mut self) {
        if matches!(self.link.phase, Phase::Idle | Phase::Suspended) {
            return;
        }
        if self.link.is_up() {
            let rest = self.outbox.rest();
            self.send_commands(rest);
            self.send(lean::bye(true));
            self.flush();
        }
        self.outputs.push_back(Output::Disconnect);
        self.let_go();
        self.link.phase = Phase::Suspended;
        if self.connection == ConnectionState::Ready {
            self.set_connection(ConnectionState::Reconnecting, None, None);
        }
    }

    pub(super) fn wake(&mut self) {
        if self.link.phase == Phase::Suspended {
            self.attempt();
        }
    }

    /// The application is done: the gateway is told, but not waited for without end.
    pub(super) fn sign_out(&mut self) {
        if self.sign_out_by.is_some() {
            return;
        }
        if !self.link.is_up() {
            return self.finish(None);
        }
        self.sign_out_by = Some(self.clock.now() + SIGN_OUT_MS);
        self.command(Command::make("signOut", None, |_| {}), Origin::SignOut);
    }

    pub(super) fn set_connection(
        &mut self,
        connection: ConnectionState,
        error: Option<WireError>,
        retry_in_ms: Option<u64>,
    ) {
        let other = self.connection != connection;
        if other || (retry_in_ms.is_some() && connection == ConnectionState::Reconnecting) {
            self.stamp += 1;
            self.connection = connection;
            self.tell(Event::ConnectionChanged { connection, error, retry_in_ms });
        }
    }
}
