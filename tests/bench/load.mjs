// A process that a bench drives: it says how far it is in JSON lines, goes on at a line on its stdin, and ends with it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = process.env.JACKFIELD_LOAD ?? fileURLToPath(new URL('../../target/release/jackfield-load', import.meta.url));

/** A helper process, `jackfield-load` unless another program is named. */
export class Load {
  #child;
  #lines;
  constructor(args, program = PROGRAM) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  get pid() {
    return this.#child.pid;
  }

  async next() {
    const { value, done } = await this.#lines.next();
    if (done) {
      throw new Error('a helper process ended early; its message stands above');
    }
    return JSON.parse(value);
  }

  go() {
    this.#child.stdin.write('go\n');
  }

  async end() {
    const ended = new Promise(resolve => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    if (this.#child.exitCode === null) {
      await ended;
    }
  }
}
