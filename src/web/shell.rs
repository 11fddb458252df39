//! One session in the page: feeds the engine and carries out what it wants.

use super::convert::{error_from_js, error_to_js, parsed};
use super::host::Host;
use super::listener::Listener;
use super::page::{self, PageEvent};
use super::socket::{Socket, SocketEvent};
use super::state::Cache;
use super::storage::Keeper;
use super::telling;
use super::voice::Voice;
use crate::engine::{Engine, Event, Input, Output, Reply, RequestId, StoredSession, VoiceInput};
use gloo_timers::callback::Timeout;
use jackfield_wire::lean::Command;
use jackfield_wire::{Code, ConversationId, Millis, Secret, WireError};
use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// One session in the page.
pub(super) struct Shell {
    pub(super) engine: RefCell<Engine>,
    pub(super) host: Host,
    pub(super) cache: RefCell<Cache>,
    pub(super) voice: Voice,
    me: Weak<Shell>,
    url: String,
    keeper: Keeper,
    /// Kept for a reload, while there is a session.
    stored: RefCell<Option<StoredSession>>,
    socket: RefCell<Option<Socket>>,
    timer: RefCell<Option<(Millis, Timeout)>>,
    page: RefCell<Vec<Listener>>,
    requests: RefCell<HashMap<RequestId, (Function, Function)>>,
    /// What the engine wants and was not carried out yet.
    outputs: RefCell<VecDeque<Output>>,
    busy: Cell<bool>,
    told: Cell<(u64, u64)>,
    listened: Cell<u32>,
}

impl Shell {
    pub(super) fn new(engine: Engine, host: Host, url: String, keeper: Keeper, voice: Voice) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            engine: RefCell::new(engine),
            host,
            cache: RefCell::default(),
            voice,
            me: me.clone(),
            url,
            keeper,
            stored: RefCell::default(),
            socket: RefCell::default(),
            timer: RefCell::default(),
            page: RefCell::default(),
            requests: RefCell::default(),
            outputs: RefCell::default(),
            busy: Cell::new(false),
            told: Cell::new((0, 0)),
            listened: Cell::new(0),
        })
    }

    /// Begins the session.
    pub(super) fn connect(&self) {
        let me = self.me.clone();
        let listeners = page::listen(move |event| {
            if let Some(shell) = me.upgrade() {
                shell.page_event(event);
            }
        });
        *self.page.borrow_mut() = listeners;
        self.input(Input::Connect);
    }

    /// Which events somebody listens to, as bits by their number.
    pub(super) fn listen(&self, events: u32) {
        self.listened.set(events);
    }

    /// Tells the engine what happened and carries out what it wants, user code last of all.
    ///
    /// What is carried out may come back here (a listener that asks for something): then it is only put in line, and the
    /// call that is under way goes on with it.
    pub(super) fn input(&self, input: Input) {
        {
            let mut engine = self.engine.borrow_mut();
            engine.handle(now(), input);
            self.outputs.borrow_mut().extend(std::iter::from_fn(|| engine.poll()));
        }
        self.work();
    }

    fn work(&self) {
        if self.busy.replace(true) {
            return;
        }
        while let Some(output) = self.next_output() {
            self.carry_out(output);
        }
        self.busy.set(false);
        let stamp = self.engine.borrow().stamp();
        if self.told.replace(stamp) != stamp {
            self.host.changed();
        }
    }

    pub(super) fn voice_input(&self, input: VoiceInput) {
        self.input(Input::Voice(input));
    }

    /// Asks for something; the promise is settled by the engine's answer.
    pub(super) fn request(&self, request: RequestId, command: Command, shows: bool) -> Promise {
        let promise = Promise::new(&mut |resolve, reject| {
            self.requests.borrow_mut().insert(request, (resolve, reject));
        });
        self.input(Input::Request { request, command, shows });
        promise
    }

    /// Tells the application something that the engine does not know of.
    pub(super) fn tell_now(&self, event: Event) {
        self.outputs.borrow_mut().push_back(Output::Event(event));
        self.work();
    }

    fn next_output(&self) -> Option<Output> {
        self.outputs.borrow_mut().pop_front()
    }

    fn carry_out(&self, output: Output) {
        match output {
            Output::Connect { link } => self.open(link),
            Output::Send(text) => {
                if let Some(socket) = self.socket.borrow().as_ref() {
                    socket.send(text);
                }
            }
            Output::Disconnect => drop(self.socket.take()),
            Output::NeedToken => self.get_token(),
            Output::StoreSession(stored) => self.store(stored),
            Output::Resolve { request, answer } => self.resolve(request, answer),
            Output::Event(event) => self.tell_run(event),
            Output::Warn { seq, error } => {
                self.host.warn(&["event ", &seq.to_string(), " was passed over: ", &error.message].concat());
            }
            Output::Voice(action) => {
                if let Some(shell) = self.me.upgrade() {
                    self.voice.act(&shell, action);
                }
            }
            Output::Timeout(at) => self.set_timer(at),
        }
    }

    fn open(&self, link: u64) {
        let me = self.me.clone();
        let tell = move |event| {
            let Some(shell) = me.upgrade() else { return };
            shell.input(match event {
                SocketEvent::Opened => Input::SocketOpened { link },
                SocketEvent::Text(text) => Input::Text { link, text },
                SocketEvent::Closed(code) => Input::SocketClosed { link, code },
            });
        };
        let old = self.socket.replace(Some(Socket::open(&self.url, tell)));
        drop(old);
    }

    fn get_token(&self) {
        let (me, token) = (self.me.clone(), self.host.token());
        wasm_bindgen_futures::spawn_local(async move {
            let token = match JsFuture::from(token).await {
                Ok(token) => token.as_string().map(Secret::new).ok_or_else(|| {
                    WireError::new(Code::TokenSourceFailed, "the token function gave no text")
                }),
                Err(error) => Err(error_from_js(&error, Code::TokenSourceFailed)),
            };
            if let Some(shell) = me.upgrade() {
                shell.input(Input::Token(token));
            }
        });
    }

    fn store(&self, stored: Option<StoredSession>) {
        if stored.is_none() {
            self.keeper.forget();
        }
        *self.stored.borrow_mut() = stored;
    }

    fn resolve(&self, request: RequestId, answer: Result<Reply, WireError>) {
        let waiting = self.requests.borrow_mut().remove(&request);
        let Some((resolve, reject)) = waiting else { return };
        // Settling a promise runs no code of the application now: that comes with the next microtask.
        let _ = match answer {
            Ok(Reply::Outcome(outcome)) => {
                resolve.call1(&JsValue::UNDEFINED, &parsed(&outcome.members().object()))
            }
            Ok(Reply::Message(message)) => resolve.call1(&JsValue::UNDEFINED, &parsed(&message.json())),
            Err(error) => reject.call1(&JsValue::UNDEFINED, &error_to_js(&error)),
        };
    }

    /// Tells of an event and of those right behind it.
    fn tell_run(&self, first: Event) {
        let mut events = vec![first];
        while let Some(event) = self.next_event_of_run() {
            events.push(event);
        }
        self.prepare(&events);
        let mut rest = events.as_slice();
        while !rest.is_empty() {
            rest = self.tell(rest);
        }
    }

    /// The next output, if it is an event before which nothing but listeners need know of those before it.
    fn next_event_of_run(&self) -> Option<Event> {
        let mut outputs = self.outputs.borrow_mut();
        match outputs.pop_front()? {
            Output::Event(event) if !ends_run(&event) => Some(event),
            other => {
                outputs.push_front(other);
                None
            }
        }
    }

    /// What these events mean for the shell itself.
    fn prepare(&self, events: &[Event]) {
        match events.first() {
            Some(Event::ConversationRemoved { conversation_id, last }) => {
                let mut cache = self.cache.borrow_mut();
                let last = cache.snapshot(last, &self.host);
                cache.forget(conversation_id);
                drop(cache);
                self.host.removed(conversation_id.as_str(), &last);
            }
            Some(Event::Closed { .. }) => self.release(),
            _ => {}
        }
        if events.iter().any(|event| matches!(event, Event::ParticipantChanged { .. })) {
            self.voice.follow(self);
        }
    }

    /// Tells listeners of these events, and gives back those that were not told yet: by then others are listened to.
    fn tell<'e>(&self, events: &'e [Event]) -> &'e [Event] {
        let listened = self.listened.get();
        let wanted = |event: &Event| listened & (1 << telling::number(event)) != 0;
        let (mut text, mut places) = (String::new(), Vec::new());
        for (place, event) in events.iter().enumerate().filter(|(_, event)| wanted(event)) {
            text.push(if places.is_empty() { '[' } else { ',' });
            text = telling::write(event, |id| self.is_seen(event, id), text);
            places.push(place + 1);
        }
        if places.is_empty() {
            return &[];
        }
        text.push(']');
        let told = self.host.deliver(&text) as usize;
        match places.get(told.wrapping_sub(1)) {
            Some(next) if told < places.len() => &events[*next..],
            _ => &[],
        }
    }

    /// What is not known here may name a conversation that this user is not in: there is no object for that.
    fn is_seen(&self, event: &Event, id: &ConversationId) -> bool {
        !matches!(event, Event::Other { .. })
            || self.engine.borrow().view().is_some_and(|view| view.conversation(id).is_some())
    }

    /// A timer that rings early does no harm, so one that runs is only replaced by an earlier one: the deadline of a dead
    /// connection moves with every message.
    fn set_timer(&self, at: Option<Millis>) {
        let Some(at) = at else { return drop(self.timer.take()) };
        if self.timer.borrow().as_ref().is_some_and(|(set, _)| *set <= at) {
            return;
        }
        let me = self.me.clone();
        let pause = u32::try_from(at.saturating_sub(now())).unwrap_or(u32::MAX).min(i32::MAX as u32);
        let timeout = Timeout::new(pause, move || {
            if let Some(shell) = me.upgrade() {
                // Not `take` alone: the closure that runs now is the timer's own and must outlive this call.
                let used = shell.timer.take();
                shell.input(Input::Timeout);
                drop(used);
            }
        });
        *self.timer.borrow_mut() = Some((at, timeout));
    }

    fn keep(&self) {
        if let Some(stored) = self.stored.borrow().as_ref() {
            self.keeper.put(stored);
        }
    }

    fn page_event(&self, event: PageEvent) {
        match event {
            PageEvent::Visible => {
                self.keeper.forget();
                self.input(Input::Visible);
            }
            PageEvent::Hidden => self.keep(),
            PageEvent::Online => self.input(Input::Online),
            PageEvent::Left => {
                self.keep();
                self.input(Input::Suspend);
            }
            PageEvent::Back => {
                self.keeper.forget();
                self.input(Input::Wake);
            }
        }
    }

    /// Everything that would outlive the session.
    fn release(&self) {
        self.page.borrow_mut().clear();
        self.timer.take();
        self.socket.take();
        self.voice.release();
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.release();
    }
}

/// Whether an event begins a run of its own: the host is told of what it means before it is told, and after those before it.
fn ends_run(event: &Event) -> bool {
    matches!(event, Event::ConversationRemoved { .. } | Event::Closed { .. })
}

fn now() -> Millis {
    js_sys::Date::now() as Millis
}
