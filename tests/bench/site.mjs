// The demo pages plus a page of the benches, which uses the npm package as it is shipped, without a bundler.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pagesFolder, temporaryFolder } from '../lib/gateway.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGE = join(HERE, '../../pkg');

/** A folder for a gateway's `--pages`. Call `remove` at the end. */
export function benchSite() {
  const folder = temporaryFolder('bench');
  cpSync(pagesFolder(), folder.path, { recursive: true });
  const bench = join(folder.path, 'bench');
  mkdirSync(bench);
  cpSync(join(HERE, 'page'), bench, { recursive: true });
  for (const file of ['index.js', 'lib', 'dist']) {
    cpSync(join(PACKAGE, file), join(bench, 'jackfield', file), { recursive: true });
  }
  return folder;
}
