// The examples, built from the package with Vite and opened against a real gateway under its strict policy.
import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Browser } from '../lib/browser.mjs';
import { Gateway, temporaryFolder } from '../lib/gateway.mjs';
import { fromPages, ROOT } from './pack.mjs';

/** Builds an example as the customer's page of a gateway's pages folder. */
async function build(name, pages) {
  const vite = await import(pathToFileURL(fromPages.resolve('vite')));
  await vite.build({
    root: join(ROOT, 'examples', name),
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { jackfield: join(ROOT, 'pkg/index.js') } },
    build: { outDir: pages, emptyOutDir: true, target: 'es2022' },
  });
  mkdirSync(join(pages, 'customer'));
  renameSync(join(pages, 'index.html'), join(pages, 'customer/index.html'));
}

test('click to call: a visitor calls, waits in line and hangs up', async t => {
  const pages = temporaryFolder('example');
  t.after(pages.remove);
  await build('click-to-call', pages.path);
  const gateway = await Gateway.start({ pages: pages.path });
  t.after(() => gateway.dispose());
  const browser = await Browser.launch();
  t.after(() => browser.close());
  const page = await browser.page();
  await page.goto(gateway.url);
  const status = page.getByRole('status');
  await page.getByRole('button', { name: 'Call us' }).click();
  await status.filter({ hasText: /Calling|number 1 in line/ }).waitFor();
  await page.getByRole('button', { name: 'Hang up' }).click();
  await status.filter({ hasText: 'Thank you for calling.' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Call us' }).isEnabled(), true);
});
