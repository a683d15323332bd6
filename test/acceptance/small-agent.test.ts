import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const dist = resolve('dist');
const chunks = ['cli.js', ...readdirSync(join(dist, 'chunks')).map((name) => `chunks/${name}`)];

test('nothing of the App, of rehearsals or of a deployment is loaded when an agent starts', () => {
  const start = loadedWith(/async function openAgent\(/);
  const others = {
    probot: /\bProbot = class\b/,
    store: /class Kysely\b/,
    mail: /\bSMTPTransport = class\b/,
    git: /async function openIsomorphicGit\(/,
    rehearsal: /async function startGithub\(/,
    processes: /\bexeca = /,
  };
  for (const [name, mark] of Object.entries(others)) {
    expect(
      chunks.some((chunk) => mark.test(read(chunk))),
      name,
    ).toBe(true);
    expect(
      start.filter((chunk) => mark.test(read(chunk))),
      name,
    ).toEqual([]);
  }
});

test('no source takes two bytes a character, and no import of a module of Node loads more than is used', () => {
  for (const chunk of [...chunks, 'proxy.js']) {
    const code = read(chunk);
    expect(code, chunk).toMatch(/^[\0-\x7f]*$/);
    const imported = [...code.matchAll(/^import .* from "(node:[^"]+)";$/gm)].map(([, id]) => id);
    expect(new Set(imported), chunk).toEqual(new Set(['node:module']));
  }
});

/** The one that holds it, and all that are loaded with it. */
function loadedWith(mark: RegExp): readonly string[] {
  const found = chunks.filter((chunk) => mark.test(read(chunk)));
  expect(found).toHaveLength(1);
  const loaded = new Set(found);
  for (const chunk of loaded) {
    for (const [, name] of read(chunk).matchAll(/^import (?:.* from )?"\.\/(.+\.js)";$/gm)) {
      loaded.add(`chunks/${name!}`);
    }
  }
  return [...loaded];
}

function read(chunk: string): string {
  return readFileSync(join(dist, chunk), 'utf8');
}
