//! The voice connection: when it is negotiated, mended and made anew. The peer connection itself is the shell's.

use super::io::{VoiceAction, VoiceInput};
use super::random::Random;
use jackfield_wire::{Code, WireError};

/// How the voice connection stands.
///
/// ```text
/// off → connecting → connected ⇄ reconnecting
///           └────────────┴────────────┴──→ failed
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceState {
    /// Not wanted, or not begun.
    Off,
    /// Being negotiated for the first time.
    Connecting,
    /// Audio can flow.
    Connected,
    /// It was up and is being mended.
    Reconnecting,
    /// The browser or the network does not allow it. Tried again from time to time, unless the browser has no WebRTC.
    Failed,
}

impl VoiceState {
    /// Its name in the package's types.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Reconnecting => "reconnecting",
            Self::Failed => "failed",
        }
    }
}

/// From asking for an offer to being connected, in milliseconds.
const NEGOTIATE_MS: u64 = 12_000;
/// How long a lost path may take to come back by itself, in milliseconds.
const MEND_MS: u64 = 2_000;
/// The first pause after a failure, in milliseconds; it doubles up to the longest.
const PAUSE_MS: u64 = 1_000;
const PAUSE_MOST_MS: u64 = 30_000;
/// After so many failures in a row, the state says so.
const FAILURES: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Nothing under way: voice is not wanted, impossible, or waits for the socket.
    Idle,
    /// An offer is being made, answered, or the path is being found.
    Negotiating {
        /// On the connection at hand, by ICE restart.
        restart: bool,
    },
    Up,
    /// The path is lost; it may come back by itself.
    Mending,
    /// The pause before the next attempt.
    Pausing,
}

/// What comes of an input.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum VoiceEffect {
    Do(VoiceAction),
    /// Send the offer to the gateway.
    Negotiate {
        generation: u32,
        sdp: String,
    },
    /// The state is another.
    State(VoiceState, Option<WireError>),
}

/// The voice connection's state machine.
#[derive(Debug)]
pub(super) struct Voice {
    wanted: bool,
    state: VoiceState,
    step: Step,
    generation: u32,
    /// Whether the gateway can be talked to now.
    linked: bool,
    failures: u32,
    deadline: Option<u64>,
    effects: Vec<VoiceEffect>,
}

impl Voice {
    pub(super) fn new(wanted: bool) -> Self {
        let (state, step) = (VoiceState::Off, Step::Idle);
        Self {
            wanted,
            state,
            step,
            generation: 0,
            linked: false,
            failures: 0,
            deadline: None,
            effects: Vec::new(),
        }
    }

    pub(super) fn state(&self) -> VoiceState {
        self.state
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        self.deadline.filter(|_| self.linked || self.step == Step::Mending)
    }

    pub(super) fn effects(&mut self) -> Vec<VoiceEffect> {
        std::mem::take(&mut self.effects)
    }

    /// The session is open. `kept`: the gateway still knows the voice connection of before.
    pub(super) fn linked(&mut self, now: u64, kept: bool) {
        self.linked = true;
        if !self.wanted {
            return;
        }
        match self.step {
            Step::Up if kept => {}
            Step::Mending if kept => self.negotiate(now, true),
            _ => self.negotiate(now, false),
        }
    }

    /// The socket is lost. Audio goes on without it.
    pub(super) fn unlinked(&mut self) {
        self.linked = false;
    }

    /// Another network: the path is looked for anew before the browser finds out that it is dead.
    pub(super) fn network_changed(&mut self, now: u64) {
        match self.step {
            Step::Up | Step::Mending if self.linked => self.negotiate(now, true),
            Step::Up => {
                self.step = Step::Mending;
                self.deadline = None;
            }
            Step::Pausing => self.deadline = Some(now),
            _ => {}
        }
    }

    /// What the gateway says about the voice connection: up or lost.
    pub(super) fn seen_by_gateway(&mut self, now: u64, connected: bool) {
        if !connected && matches!(self.step, Step::Up | Step::Mending) {
            self.change(VoiceState::Reconnecting, None);
            self.negotiate(now, true);
        }
    }

    pub(super) fn handle(&mut self, now: u64, input: VoiceInput, random: &mut Random) {
        match input {
            VoiceInput::Offered { generation, sdp } if generation == self.generation => {
                self.effects.push(VoiceEffect::Negotiate { generation, sdp });
            }
            VoiceInput::Connected { generation } if generation == self.generation => {
                self.step = Step::Up;
                self.failures = 0;
                self.deadline = None;
                self.change(VoiceState::Connected, None);
            }
            VoiceInput::Disconnected { generation }
                if generation == self.generation && self.step == Step::Up =>
            {
                self.step = Step::Mending;
                self.deadline = Some(now + MEND_MS);
                self.change(VoiceState::Reconnecting, None);
            }
            VoiceInput::Failed { generation } if generation == self.generation => self.failed(now, random),
            VoiceInput::Impossible(error) => {
                self.wanted = false;
                self.stop();
                self.change(VoiceState::Failed, Some(error));
            }
            _ => {}
        }
    }

    /// The gateway's answer to an offer.
    pub(super) fn answered(
        &mut self,
        now: u64,
        generation: u32,
        answer: Result<String, WireError>,
        random: &mut Random,
    ) {
        if generation != self.generation {
            return;
        }
        match answer {
            Ok(sdp) => self.act(VoiceAction::Answer { generation, sdp }),
            Err(error) if error.code.is_retryable() => self.pause(now, error, random),
            Err(error) => {
                self.stop();
                self.change(VoiceState::Failed, Some(error));
            }
        }
    }

    /// Judges the deadline.
    pub(super) fn judge(&mut self, now: u64, random: &mut Random) {
        if self.deadline().is_none_or(|at| at > now) {
            return;
        }
        match self.step {
            Step::Mending if !self.linked => self.deadline = None,
            Step::Mending => self.negotiate(now, true),
            Step::Pausing => self.negotiate(now, false),
            Step::Negotiating { .. } => self.failed(now, random),
            Step::Idle | Step::Up => self.deadline = None,
        }
    }

    /// Ends it.
    pub(super) fn close(&mut self) {
        let begun = self.generation > 0;
        self.stop();
        self.wanted = false;
        if begun {
            self.act(VoiceAction::Drop);
        }
        self.state = VoiceState::Off;
    }

    fn stop(&mut self) {
        self.step = Step::Idle;
        self.deadline = None;
    }

    fn negotiate(&mut self, now: u64, restart: bool) {
        self.step = Step::Negotiating { restart };
        self.deadline = Some(now + NEGOTIATE_MS);
        if restart {
            self.act(VoiceAction::Restart { generation: self.generation });
        } else {
            self.generation += 1;
            self.act(VoiceAction::Offer { generation: self.generation });
        }
        match self.state {
            VoiceState::Off | VoiceState::Failed => self.change(VoiceState::Connecting, None),
            VoiceState::Connected if !restart => self.change(VoiceState::Reconnecting, None),
            _ => {}
        }
    }

    /// The connection can't go on: mend what was up, make anew what can't be mended, pause when that fails too.
    fn failed(&mut self, now: u64, random: &mut Random) {
        match self.step {
            Step::Up | Step::Mending => {
                self.change(VoiceState::Reconnecting, None);
                if self.linked {
                    self.negotiate(now, true);
                } else {
                    self.step = Step::Mending;
                    self.deadline = None;
                }
            }
            Step::Negotiating { restart: true } => self.negotiate(now, false),
            Step::Negotiating { restart: false } => {
                self.pause(now, Code::MediaNotConnected.into(), random);
            }
            Step::Idle | Step::Pausing => {}
        }
    }

    fn pause(&mut self, now: u64, error: WireError, random: &mut Random) {
        let most = PAUSE_MOST_MS.min(PAUSE_MS << self.failures.min(8));
        self.failures += 1;
        self.step = Step::Pausing;
        self.deadline = Some(now + most / 2 + random.up_to(most / 2));
        if self.failures >= FAILURES {
            self.change(VoiceState::Failed, Some(error));
        } else if self.state == VoiceState::Connected {
            self.change(VoiceState::Reconnecting, Some(error));
        }
    }

    fn act(&mut self, action: VoiceAction) {
        self.effects.push(VoiceEffect::Do(action));
    }

    fn change(&mut self, state: VoiceState, error: Option<WireError>) {
        if self.state != state {
            self.state = state;
            self.effects.push(VoiceEffect::State(state, error));
        }
    }
}
