import { expect, test } from 'vitest';
import { verifyUnit } from '../../src/agent/verify.ts';
import type { GitRef } from '../../src/ports/git.ts';
import { hostKeys, jobOf } from '../support/jobs.ts';

const sha = 'a'.repeat(40);
const policy = 'b'.repeat(40);
const head = 'c'.repeat(40);
const main: GitRef = { name: 'refs/heads/main', sha: head };
const job = jobOf('a comment', null);
const web = { targetIndex: 0, host: 'web-1' };

const rules = `version: 1
agents:
${Object.entries(hostKeys)
  .map(([name, key]) => `  ${name}: { key: "${key.public.text}", environments: [production] }`)
  .join('\n')}
environments:
  production: { hosts: [web-1, web-2, web-3], targets: [{ name: web, kind: service }], override: { web: { drain: 7s } } }
`;
const declared = `version: 1
targets:
  web: { kind: service, run: [node, server.js], ports: { blue: 8001, green: 8002 }, proxy: { listen: 8000 } }
`;

test('a commit of the repository that the policy permits may begin, with the overrides in it', async () => {
  expect(await verify(gitOf({}))).toMatchObject({ ok: true, config: { drain: 7_000 } });
});

test('what the cache proves needs no network', async () => {
  const git = gitOf({ known: [main] });
  expect(await verify(git)).toMatchObject({ ok: true });
  expect(git.fetches).toBe(0);
});

test('the version is the tag that names the commit, first the one that people named', async () => {
  const tags = ['v1', 'v2', 'v3'].map((tag) => ({ name: `refs/tags/${tag}`, sha }));
  expect(await verify(gitOf({ refs: [main, ...tags] }))).toMatchObject({ version: 'v3' });
  const named = jobOf('a comment', null, { ref: 'v2' });
  expect(await verify(gitOf({ refs: [main, ...tags] }), named)).toMatchObject({ version: 'v2' });
});

test.each<[string, Parameters<typeof gitOf>[0], string]>([
  ['no branch leads to the commit', { lost: [sha] }, 'not_reachable'],
  ['no branch leads to the policy', { lost: [policy] }, 'not_reachable'],
  [
    'only a pull request leads to it',
    { refs: [{ name: 'refs/pull/1/head', sha }] },
    'not_reachable',
  ],
  ['the policy is no valid file', { rules: 'version: 2' }, 'config_invalid'],
  ['the commit has no configuration', { declared: null }, 'config_invalid'],
  ['the commit has no such target', { declared: 'version: 1' }, 'target_missing'],
  ['the policy has no such environment', { rules: 'version: 1' }, 'not_allowed_here'],
  [
    'the policy leaves this host out',
    { rules: rules.replace('[web-1, ', '[') },
    'not_allowed_here',
  ],
])('when %s it is refused', async (_when, changes, reason) => {
  expect(await verify(gitOf(changes))).toMatchObject({ ok: false, reason });
});

test.each<[string, string, readonly GitRef[], boolean]>([
  ['a tag that the policy admits', '["v*"]', [main, { name: 'refs/tags/v1', sha }], true],
  ['a branch that the policy admits', '[main]', [main], true],
  ['a branch that it does not name', '["v*"]', [main], false],
  ['any branch, where pull requests may come', '["v*", pull]', [main], true],
])('a commit on %s: %s', async (_where, refs, fetched, ok) => {
  const strict = rules.replace('{ hosts:', `{ require: { refs: ${refs} }, hosts:`);
  expect(await verify(gitOf({ rules: strict, refs: fetched }))).toMatchObject({ ok });
});

test('what a rollback goes back to is in the cache; its branch may be gone', async () => {
  const back = jobOf('a comment', null, { operation: 'rollback' });
  const git = gitOf({ lost: [sha], known: [main] });
  expect(await verify(git, back)).toMatchObject({ ok: true });
  expect(git.fetches).toBe(0);
});

test('what a rollback goes back to is looked for where it is not in the cache', async () => {
  const back = jobOf('a comment', null, { operation: 'rollback' });
  const git = { ...gitOf({ known: [main] }), has: async (of: string) => of !== sha };
  expect(await verify(git, back)).toMatchObject({ ok: false, reason: 'not_reachable' });
});

test('a job that calls the target another kind is refused', async () => {
  const targets = [{ name: 'web', kind: 'command', wave: 0, hosts: ['web-1'] }];
  const other = jobOf('a comment', null, { targets });
  expect(await verify(gitOf({}), other)).toMatchObject({ reason: 'kind_not_permitted' });
});

test('where Git cannot be asked nothing is decided', async () => {
  const git = { ...gitOf({}), fetch: () => Promise.reject(new Error('cut off')) };
  await expect(verify(git)).rejects.toThrow('cut off');
});

function verify(git: Parameters<typeof verifyUnit>[3], of = job) {
  return verifyUnit(of, web, new AbortController().signal, git);
}

function gitOf(changes: {
  refs?: readonly GitRef[];
  known?: readonly GitRef[];
  lost?: readonly string[];
  rules?: string;
  declared?: string | null;
}) {
  let refs = changes.known ?? [];
  const git = {
    fetches: 0,
    fetch: async () => {
      git.fetches += 1;
      return (refs = changes.refs ?? [main]);
    },
    refs: async () => refs,
    has: async () => true,
    isAncestor: async (ancestor: string) => !changes.lost?.includes(ancestor),
    readFile: async (at: string) =>
      at === policy
        ? (changes.rules ?? rules)
        : changes.declared === undefined
          ? declared
          : changes.declared,
  } satisfies Parameters<typeof verifyUnit>[3] & { fetches: number };
  return git;
}
