import { expect, test } from 'vitest';
import { run } from '../../src/cli/explain.ts';
import { fakeWorld } from './fake-world.ts';

async function explain(comment: string, json: boolean): Promise<string> {
  const { world, written } = fakeWorld();
  expect(await run({ words: [comment], options: {}, json }, world)).toBe(0);
  return written.stdout;
}

test('gives scripts the documented shape', async () => {
  expect(JSON.parse(await explain('/deploy production', true))).toEqual({
    schema: 1,
    ok: true,
    commands: [
      { name: 'deploy', environment: 'production', ref: null, sha: null, flags: {}, params: {} },
    ],
    errors: [],
  });
  expect(JSON.parse(await explain('/depoly production', true))).toEqual({
    schema: 1,
    ok: true,
    commands: [],
    errors: [
      {
        line: 1,
        code: 'unknown_command',
        message: 'There is no command `/depoly`. Did you mean `/deploy`?',
        did_you_mean: '/deploy',
      },
    ],
  });
});

test('tells people in the order of the comment', async () => {
  expect(
    await explain('/promote x y\n/deploy production v1 --force\n/rollback a @abcdef0', false),
  ).toBe(
    [
      'line 1: promote, environment y, from x',
      'line 2: deploy, environment production, ref v1, --force',
      'line 3: rollback, environment a, commit abcdef0',
      '',
    ].join('\n'),
  );
  expect(await explain('looks good', false)).toMatch(/^No command/);
});

test('tells people what digest, time and reason were read', async () => {
  const comment = '/approve production 1A2B3C4D\n/pause staging 2h an incident';
  expect(await explain(comment, false)).toBe(
    [
      'line 1: approve, environment production, digest 1a2b3c4d',
      'line 2: pause, environment staging, reason an incident, for 2h',
      '',
    ].join('\n'),
  );
});
