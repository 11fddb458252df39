// A real gateway in a process of its own, on a free port, with a data folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_LIMIT_MS = 30_000;

/** The gateway's binary: `JACKFIELD_GATEWAY`, or what cargo built last in the default folder: that of the tests, or the one that ships. */
export function gatewayBinary() {
  const [latest] = ['release', 'debug']
    .map(profile => join(ROOT, 'target', profile, 'jackfield-gateway'))
    .sort((one, other) => builtAt(other) - builtAt(one));
  return fromEnvironment('JACKFIELD_GATEWAY', latest, 'cargo xtask build');
}

const builtAt = path => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The built pages: `JACKFIELD_PAGES`, or the default folder. */
export function pagesFolder() {
  return fromEnvironment('JACKFIELD_PAGES', join(ROOT, 'www/dist'), 'cargo xtask build');
}

function fromEnvironment(name, usual, remedy) {
  const path = process.env[name] ?? usual;
  if (!existsSync(path)) {
    throw new Error(`${path} is missing (${name}): run \`${remedy}\` first`);
  }
  return path;
}

/** A temporary folder, and how to be rid of it. */
export function temporaryFolder(name) {
  const path = mkdtempSync(join(tmpdir(), `jackfield-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export class Gateway {
  #child;
  #ended;
  #own;
  /** @param {{ data: string, pages: string, args?: string[] }} options */
  constructor(options) {
    this.options = options;
    this.port = 0;
    this.log = [];
  }

  /**
   * Starts a demo gateway and waits until it serves.
   * @param {{ data?: string, pages?: string, args?: string[] }} [options] the data folder is a new one if left out
   */
  static async start(options = {}) {
    const own = options.data ? undefined : temporaryFolder('data');
    const pages = options.args?.includes('serve') ? undefined : (options.pages ?? pagesFolder());
    const gateway = new Gateway({ args: [], ...options, data: options.data ?? own.path, pages });
    gateway.#own = own;
    await gateway.start();
    return gateway;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Starts the process; a second time on the same port and data. */
  async start() {
    const { data, pages, args } = this.options;
    const all = args.includes('serve') ? args : ['demo', '--port', String(this.port), '--data', data, '--pages', pages, ...args];
    const begun = performance.now();
    this.#child = spawn(gatewayBinary(), all, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'exit');
    createInterface({ input: this.#child.stderr }).on('line', line => this.log.push(line));
    const ready = await this.#readyLine();
    this.port = Number(new URL(ready.split(/\s+/)[1]).port);
    /** From the start of the process to its ready line. */
    this.startedInMs = performance.now() - begun;
  }

  async #readyLine() {
    const lines = createInterface({ input: this.#child.stdout });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), START_LIMIT_MS);
    try {
      for await (const line of lines) {
        if (line.startsWith('ready ')) {
          return line;
        }
      }
    } finally {
      clearTimeout(timer);
      this.#child.stdout.resume();
    }
    throw new Error(`the gateway never said that it was ready:\n${this.log.join('\n')}`);
  }

  /** Ends the process as the machine's failure would: no farewell. */
  async kill() {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks the process to end. @returns its exit code */
  async terminate() {
    this.#child.kill('SIGTERM');
    const [code] = await this.#ended;
    return code;
  }

  /** Halts the process, or lets it go on. */
  signal(name) {
    this.#child.kill(name);
  }

  /** Ends everything and removes the data. */
  async dispose() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await this.kill();
    }
    this.#own?.remove();
  }

  /** A token of the demo's sign-in. @param {{ user?: string, name?: string }} who */
  async token(who) {
    const headers = { 'content-type': 'application/json', origin: this.url, 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${this.url}/demo/token`, { method: 'POST', headers, body: JSON.stringify(who) });
    if (!answer.ok) {
      throw new Error(`POST /demo/token: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()).token;
  }
}
