// The package as npm would publish it, unpacked into the node_modules of a project of its own.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../lib/gateway.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What the repository's own tools resolve: bundlers are installed once, for the pages. */
export const fromPages = createRequire(join(ROOT, 'www/package.json'));

/** @returns {string[]} the paths within a folder, `/` between their parts. */
export function filesIn(folder, prefix = '') {
  return readdirSync(join(folder, prefix)).flatMap(name => {
    const path = prefix ? `${prefix}/${name}` : name;
    return statSync(join(folder, path)).isDirectory() ? filesIn(folder, path) : [path];
  });
}

/** A project with the packed package in its node_modules. */
export class Project {
  #folder = temporaryFolder('package');

  constructor(files = {}) {
    const modules = join(this.path, 'node_modules');
    mkdirSync(modules);
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', this.path], { cwd: join(ROOT, 'pkg'), encoding: 'utf8' });
    execFileSync('tar', ['-xzf', join(this.path, JSON.parse(packed)[0].filename), '-C', modules]);
    cpSync(join(modules, 'package'), join(modules, 'jackfield'), { recursive: true });
    writeFileSync(join(this.path, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.path, name), text);
    }
  }

  get path() {
    return this.#folder.path;
  }

  get packageFiles() {
    return filesIn(join(this.path, 'node_modules/jackfield'));
  }

  /** Runs a module of the project in plain Node. @returns its stdout */
  node(script) {
    return execFileSync('node', ['--input-type=module', '--eval', script], { cwd: this.path, encoding: 'utf8' });
  }

  remove() {
    this.#folder.remove();
  }
}
