import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callerOf } from '../../src/cli/caller.ts';
import { runProgram } from '../../src/cli/program.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { fakeWorld } from './fake-world.ts';

let folder: string;
let server: Server;
let acts: Record<string, unknown>[];
let requests: string[];
let answers: Map<string, { status: number; body: object }>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-verbs-'));
  [acts, requests, answers] = [[], [], new Map()];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push(`${request.method} ${request.url}`);
      if (body !== '') acts.push(JSON.parse(body) as Record<string, unknown>);
      const known = answers.get(request.url!) ?? { status: 200, body: done };
      response.writeHead(known.status).end(JSON.stringify(known.body));
    });
  }).listen(join(folder, 'agent.sock'));
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const done = {
  schema: 1,
  ok: true,
  verb: 'deploy',
  environment: 'production',
  deployment: '7',
  commit: null,
  message: 'Deployment 7.',
  next: 'sallyport logs 7 --follow',
};

test.each<[string, object]>([
  ['sync staging', { verb: 'sync', environment: 'staging' }],
  [
    'deploy production --ref v1.2 --reason because --force-quarantined',
    {
      verb: 'deploy',
      environment: 'production',
      ref: 'v1.2',
      reason: 'because',
      force_quarantined: true,
    },
  ],
  ['rollback production --to 41', { verb: 'rollback', to: '41', reason: '' }],
  ['deploy production --stage', { verb: 'deploy', ref: null, stage: true }],
  ['switch production', { verb: 'switch', environment: 'production', target: null, to: null }],
  [
    'switch production web --to 41 --force-quarantined',
    { verb: 'switch', target: 'web', to: '41', force_quarantined: true },
  ],
  ['approve 7', { verb: 'approve', deployment: 7, digest: null }],
  ['approve #7 9f86d081', { verb: 'approve', deployment: 7, digest: '9f86d081' }],
  ['reject 7 --reason no', { verb: 'reject', deployment: 7, reason: 'no' }],
  ['cancel 7', { verb: 'cancel', deployment: 7 }],
  ['pause production --for 2h --reason x', { verb: 'pause', for: 7_200_000, reason: 'x' }],
  ['resume production', { verb: 'resume', environment: 'production' }],
  ['lock production --reason x', { verb: 'lock', environment: 'production', reason: 'x' }],
  ['unlock production', { verb: 'unlock', environment: 'production' }],
  [
    'maintenance production --on --message Later.',
    { verb: 'maintenance', environment: 'production', target: null, message: 'Later.' },
  ],
  ['maintenance production web --on', { target: 'web', message: expect.stringContaining('back') }],
  ['maintenance production web --off', { verb: 'maintenance', target: 'web', message: null }],
  ['hold production', { verb: 'hold', environment: 'production', target: null, for: 30_000 }],
  ['hold production web --for 5s', { verb: 'hold', target: 'web', for: 5_000 }],
  ['hold production web --off', { verb: 'hold', target: 'web', for: null }],
  ['release web-1', { verb: 'release', host: 'web-1' }],
  ['release-quarantine production @abcd', { verb: 'release-quarantine', commit: 'abcd' }],
])('`%s` asks the agent', async (words, act) => {
  const { code, stdout } = await typed(words);
  expect([code, stdout]).toEqual([0, 'Deployment 7.\nnext: sallyport logs 7 --follow\n']);
  const caller = { name: expect.any(String), uid: expect.any(Number) };
  expect(acts).toMatchObject([{ ...act, caller, request: expect.stringMatching(/^[\w-]{36}$/) }]);
});

test('with --json the answer is the document', async () => {
  expect(JSON.parse((await typed('lock production --json')).stdout)).toEqual(done);
});

test.each([
  [400, 2],
  [403, 3],
  [404, 4],
  [502, 5],
  [504, 6],
  [500, 1],
])('what the agent refuses with %i exits with %i', async (status, exit) => {
  const error = { code: 'frozen', message: 'production is frozen.', hint: 'wait' };
  answers.set('/acts', { status, body: { schema: 1, ok: false, error } });
  const { code, stderr } = await typed('deploy production');
  expect([code, stderr]).toEqual([exit, 'error: production is frozen.\nnext:  wait\n']);
});

test.each([
  ['completed', 0],
  ['skipped', 0],
  ['rolled-back', 1],
  ['rejected', 1],
])('with --wait a deployment that is %s exits with %i', async (state, exit) => {
  answers.set('/deployments/7', standing(state, true));
  expect((await typed('deploy production --wait')).code).toBe(exit);
});

test('when the wait runs out it is told so, and what it waits for', async () => {
  answers.set('/deployments/7', standing('pending', false));
  const { code, stderr } = await typed('sync production --wait --timeout 1ms --json');
  expect(code).toBe(6);
  expect(stderr).toContain('deployment 7: pending (window closed)');
});

test('a plan is waited for and shown; --exit-code says whether there is one', async () => {
  const plan = planOf([{ action: 'add', resource: 'File/a', breaking: false, fields: [] }]);
  answers.set('/plans/7', { status: 200, body: { ...plan, complete: true, failure: null } });
  const shown = await typed('plan production');
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('File/a');
  expect((await typed('plan production --exit-code')).code).toBe(2);
  const { stdout } = await typed('plan production --json');
  expect(JSON.parse(stdout)).toEqual({ ...plan, deployment: '7' });
  answers.set('/plans/7', { status: 200, body: { ...planOf([]), complete: true, failure: null } });
  expect((await typed('plan production --exit-code')).code).toBe(0);
  const failed = { ...planOf([]), complete: false, failure: 'plan_failed' };
  answers.set('/plans/7', { status: 200, body: failed });
  expect((await typed('plan production --exit-code')).code).toBe(1);
});

test('gates are asked for a time and a commit', async () => {
  const body = { schema: 1, ok: true, environment: 'production', at: 'x', open: true, gates: [] };
  const path = '/gates?environment=production&at=2026-12-24T18%3A00%3A00Z&ref=v1';
  answers.set(path, { status: 200, body });
  const { code, stdout } = await typed(
    'gates production --at 2026-12-24T18:00:00Z --ref v1 --json',
  );
  expect([code, JSON.parse(stdout), requests]).toEqual([0, body, [`GET ${path}`]]);
});

test.each([
  'approve seven',
  'cancel 0',
  'pause production --for soon',
  'approve',
  'plan',
  'maintenance production',
  'maintenance production --on --off',
  'maintenance production --off --message x',
  'hold production --off --for 5s',
])('`%s` is a mistake that asks nobody', async (words) => {
  expect((await typed(words)).code).toBe(2);
  expect(requests).toEqual([]);
});

test('behind sudo the one who typed it is named; nobody else can say who they are', () => {
  const env = { SUDO_USER: 'ada', SUDO_UID: '1000' };
  expect(callerOf(env, { name: 'root', uid: 0 })).toEqual({ name: 'ada', uid: 1000 });
  expect(callerOf(env, { name: 'bob', uid: 1001 })).toEqual({ name: 'bob', uid: 1001 });
  expect(callerOf({}, { name: 'root', uid: 0 })).toEqual({ name: 'root', uid: 0 });
});

function standing(state: string, over: boolean) {
  const deployment = { id: '7', state, reason: over ? 'none' : 'window_closed' };
  return { status: 200, body: { schema: 1, ok: true, over, deployment } };
}

function planOf(changes: readonly object[]) {
  const target = { name: 'tiles', kind: 'files', host: 'web-1', risk: 'low', reasons: [] };
  const targets = [{ ...target, unmanaged: [], changes }];
  const [commit, digest] = ['a'.repeat(40), null];
  const head = { schema: 1, ok: true, environment: 'production', commit, digest };
  return { ...head, risk: 'low', breaking: 0, targets };
}

async function typed(words: string) {
  const { world, written } = fakeWorld();
  const env = { SALLYPORT_STATE: folder };
  const code = await runProgram(words.split(' '), verbs, { ...world, env });
  return { code, ...written };
}
