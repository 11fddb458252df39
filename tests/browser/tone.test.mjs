// The measuring itself: a microphone's tone is heard, another's is not, and silence is silence.
import { test } from 'node:test';
import { Browser } from '../lib/browser.mjs';
import { hears, hearsNothing } from '../lib/ear.mjs';

test('the ear tells its tone from others and from silence', { timeout: 60_000 }, async t => {
  const browser = await Browser.launch({ tone: 880 });
  t.after(() => browser.close());
  const page = await browser.page();
  await page.route('**/*', route => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>ear</title>' }));
  await page.goto('https://ear.test/');
  await page.evaluate(async () => {
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const microphone = await navigator.mediaDevices.getUserMedia({ audio });
    globalThis.jackfield = { session: { voice: { streams: [microphone] } } };
  });
  await hears(page, { tones: [880], not: [440] });
  await t.test('a muted track is silence', async () => {
    await page.evaluate(() => {
      globalThis.jackfield.session.voice.streams[0].getAudioTracks()[0].enabled = false;
    });
    await hearsNothing(page);
  });
});
