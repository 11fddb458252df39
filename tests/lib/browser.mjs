// Chromium, one process per fake microphone.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { installEar, keepSent } from './ear.mjs';
import { temporaryFolder } from './gateway.mjs';
import { writeSpeaker, writeTone } from './wav.mjs';

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Processing takes a steady tone for noise and removes it. */
const RAW_VOICE = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

function executablePath() {
  const path = process.env.CHROMIUM ?? USUAL_PLACES.find(existsSync);
  if (!path) {
    throw new Error('Chromium is missing: run `cargo xtask setup`, or set CHROMIUM to its path');
  }
  return path;
}

function flags(microphone) {
  const always = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection'];
  const fake = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  switch (microphone) {
    case 'none':
      return [...always, '--use-fake-ui-for-media-stream'];
    case 'refused':
      return [...always, '--use-fake-device-for-media-stream', '--deny-permission-prompts'];
    default:
      return [...always, ...fake, `--use-file-for-fake-audio-capture=${microphone}`];
  }
}

export class Browser {
  #folder;
  constructor(browser, folder) {
    this.browser = browser;
    this.#folder = folder;
  }

  /** @param {{ tone?: number, microphone?: 'none' | 'refused' | 'speaker', args?: string[] }} options */
  static async launch({ tone = 440, microphone, args = [] } = {}) {
    const folder = temporaryFolder('tone');
    const recorded = () => (microphone ? writeSpeaker(join(folder.path, 'speaker.wav')) : writeTone(join(folder.path, `${tone}.wav`), tone));
    const source = ['none', 'refused'].includes(microphone) ? microphone : recorded();
    const browser = await chromium.launch({ executablePath: executablePath(), args: [...flags(source), ...args] });
    return new Browser(browser, folder);
  }

  /**
   * Opens a page with an ear, in a context (cookies, storage) of its own.
   * @param {import('playwright-core').BrowserContextOptions & { kept?: Record<string, string> }} [options] `kept`: what lies in its local storage
   */
  async page({ kept = {}, ...options } = {}) {
    const context = await this.browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 }, ...options });
    await context.addInitScript(installEar);
    await context.addInitScript(keepSent);
    // about:blank has no storage.
    await context.addInitScript(values => location.origin !== 'null' && Object.entries(values).forEach(([key, value]) => localStorage.setItem(key, value)),
      { 'jackfield.voice': JSON.stringify(RAW_VOICE), ...kept });
    const page = await context.newPage();
    page.complaints = watchConsole(page);
    return page;
  }

  async close() {
    await this.browser.close();
    this.#folder.remove();
  }
}

/** Keeps what a healthy page never says: uncaught errors, violations of the content security policy, errors in the console. */
function watchConsole(page) {
  const complaints = [];
  page.on('pageerror', error => complaints.push(`uncaught: ${error.stack ?? error}`));
  page.on('console', message => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  return complaints;
}
