// A stand-in for the socket that plays a recorded shift: a welcome, an answer to every command that needs one, and the events once somebody
// asks to be available. One text message a task, as a socket delivers them.

let shift;

export class Line extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  readyState = Line.CONNECTING;
  bufferedAmount = 0;
  protocol = 'jackfield.v1';
  binaryType = 'arraybuffer';

  /** Fetches the shift and takes the place of the page's WebSocket. */
  static async install() {
    shift = await (await fetch('/bench/shift.json')).json();
    globalThis.WebSocket = Line;
  }

  constructor() {
    super();
    setTimeout(() => {
      this.readyState = Line.OPEN;
      this.dispatchEvent(new Event('open'));
    });
  }

  send(text) {
    for (const frame of [JSON.parse(text)].flat()) {
      if (frame.type === 'hello') {
        this.#later(shift.welcome);
      } else if (frame.type === 'command') {
        this.#answer(frame);
      }
    }
  }

  close() {
    this.readyState = Line.CLOSED;
  }

  #answer({ id, command }) {
    switch (command.type) {
      case 'watchPresence':
        return this.#later({ type: 'result', id, ok: { type: 'presence', presence: shift.presence } });
      case 'setPresence':
        this.#later({ type: 'result', id, ok: { type: 'done' } });
        return this.#play();
      default:
        // What the SDK says by itself (delivered, acknowledged) is answered as the gateway would, and not in the way of the events.
        return this.#later({ type: 'result', id, ok: { type: 'done' } });
    }
  }

  #later(frame) {
    setTimeout(() => this.#deliver(JSON.stringify(frame)));
  }

  #play() {
    const tasks = new MessageChannel();
    let next = 0;
    tasks.port1.onmessage = () => {
      this.#deliver(shift.batches[next]);
      next += 1;
      if (next < shift.batches.length) tasks.port2.postMessage(0);
    };
    tasks.port2.postMessage(0);
  }

  #deliver(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
