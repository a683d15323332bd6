import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { completionOf } from '../../src/cli/completion.ts';
import { runProgram } from '../../src/cli/program.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { fakeWorld } from './fake-world.ts';

const { run: complete } = completionOf(verbs);

test('no verb stands in the table twice', () => {
  expect(new Set(verbs.map(({ name }) => name)).size).toBe(verbs.length);
});

test.each(verbs.map((verb) => [verb.name, verb] as const))(
  '`%s` has help with examples, and code behind it',
  async (name, verb) => {
    const { world, written } = fakeWorld();
    expect(await runProgram([...name.split(' '), '--help'], verbs, world)).toBe(0);
    expect(written.stdout).toContain('--json');
    expect(verb.examples.length).toBeGreaterThan(0);
    for (const line of verb.examples) {
      expect(line).toContain(`sallyport ${name}`);
      expect(written.stdout).toContain(line);
    }
    expect(await verb.load()).toHaveProperty('run');
  },
);

test.each(['bash', 'zsh', 'fish'])(
  'completion for %s knows every verb and option',
  async (shell) => {
    const { world, written } = fakeWorld();
    expect(await complete({ words: [shell], options: {}, json: false }, world)).toBe(0);
    for (const word of verbs.flatMap(({ name }) => name.split(' '))) {
      expect(written.stdout).toContain(word);
    }
    expect(written.stdout).toContain('--help');
  },
);

test('there is no completion for a shell that nobody knows', async () => {
  const { world } = fakeWorld();
  const args = { words: ['csh'], options: {}, json: false };
  await expect(complete(args, world)).rejects.toMatchObject({ code: 'unknown_shell', exit: 2 });
});

test('before a verb is known, only small packages are loaded', () => {
  expect([...packagesOf('src/bin/cli.ts')].toSorted()).toEqual(['commander', 'picocolors']);
});

/** Packages that a file loads at once: its imports of values, and theirs; no `import()`. */
function packagesOf(path: string, seen = new Set<string>()): ReadonlySet<string> {
  const found = new Set<string>();
  if (seen.has(path)) return found;
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  for (const [, to] of text.matchAll(
    /^(?:import|export)\s(?!type)(?:[^;']*?from\s)?'([^']+)';/gm,
  )) {
    if (to!.startsWith('node:')) continue;
    if (!to!.startsWith('.')) found.add(to!);
    else for (const name of packagesOf(normalize(join(dirname(path), to!)), seen)) found.add(name);
  }
  return found;
}
