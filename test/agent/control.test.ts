import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveControl, socketPath } from '../../src/agent/control.ts';
import { answerOf } from '../../src/agent/local/answer-of.ts';
import type { ActRequest } from '../../src/agent/local/act-request.ts';
import { SallyportError, exitCodes } from '../../src/model/errors.ts';
import type { GatesJson } from '../../src/report/gates-json.ts';
import type { HistoryEntry } from '../../src/report/history-json.ts';
import type { AgentJson } from '../../src/report/status-json.ts';
import { unitLogPath } from '../../src/agent/unit-log.ts';
import { JumpingClock } from './jumping-clock.ts';

const refusal = new SallyportError({ code: 'frozen', message: 'frozen', exit: exitCodes.refused });

let state: string;
let woken: number;
let over: boolean;
let asked: ActRequest[];
let servers: { close(): Promise<void> }[];

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'sallyport-control-'));
  mkdirSync(join(state, 'logs'));
  woken = 0;
  over = true;
  asked = [];
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.close();
  rmSync(state, { recursive: true });
});

test('only its own user may open the socket', async () => {
  await serve();
  expect(statSync(socketPath(state)).mode & 0o777).toBe(0o600);
});

test('folders that are made meanwhile get the rights that they were made with', async () => {
  const made: string[] = [];
  let isServed = false;
  const makeFolders = async () => {
    while (!isServed) {
      const path = join(state, 'logs', String(made.length));
      made.push(path);
      await mkdir(path, { mode: 0o700 });
    }
  };
  const making = Array.from({ length: 8 }, makeFolders);
  for (let at = 0; at < 10; at += 1) await (await serve()).close();
  isServed = true;
  await Promise.all(making);
  expect(made.filter((path) => (statSync(path).mode & 0o777) !== 0o700)).toEqual([]);
});

test('nothing but the socket is left of how it was made, and nothing of it once it is closed', async () => {
  const server = await serve();
  expect(readdirSync(state).toSorted()).toEqual(['agent.sock', 'logs']);
  await server.close();
  expect(readdirSync(state)).toEqual(['logs']);
});

test('it tells status and history, and is woken', async () => {
  await serve();
  expect(await ask('/status')).toMatchObject({
    status: 200,
    body: { ok: true, environments: [], agent: { host: 'web-1' } },
  });
  expect(await ask('/history?environment=production')).toMatchObject({ status: 200 });
  expect(await ask('/wake', 'POST')).toMatchObject({ status: 202 });
  expect(woken).toBe(1);
});

const caller = { name: 'ada', uid: 1000 };
const lock = { verb: 'lock', environment: 'production', request: 'request-1', caller };

test('what people ask for is done, with whoever asked', async () => {
  await serve();
  expect(await ask('/acts', 'POST', JSON.stringify(lock))).toMatchObject({
    status: 200,
    body: { ok: true, verb: 'lock', deployment: '7' },
  });
  expect(asked).toEqual([{ ...lock, reason: '', for: null }]);
});

test.each([
  ['no JSON', '{'],
  ['an unknown verb', JSON.stringify({ ...lock, verb: 'format' })],
  ['nobody', JSON.stringify({ ...lock, caller: undefined })],
  ['something more', JSON.stringify({ ...lock, sudo: true })],
  ['a name with a path in it', JSON.stringify({ ...lock, environment: '../x' })],
  ['a ref like an option', JSON.stringify({ ...lock, verb: 'deploy', ref: '--upload-pack=x' })],
  ['far too much', JSON.stringify({ ...lock, reason: 'x'.repeat(20_000) })],
])('a request with %s is refused', async (_what, content) => {
  await serve();
  expect(await ask('/acts', 'POST', content)).toMatchObject({
    status: 400,
    body: { ok: false, error: { code: 'request_invalid' } },
  });
  expect(asked).toEqual([]);
});

test('plans, gates and where a deployment stands are told', async () => {
  await serve();
  expect(await ask('/plans/7')).toMatchObject({ status: 403, body: { error: { code: 'frozen' } } });
  expect(await ask('/gates?environment=production&at=x')).toMatchObject({ body: { at: 'x' } });
  expect(await ask('/deployments/7')).toMatchObject({
    body: { over: true, deployment: { id: '7' } },
  });
  over = false;
  expect(await ask('/deployments/7')).toMatchObject({ body: { over: false } });
});

test.each([
  ['GET', '/status?environment=elsewhere', 404],
  ['GET', '/deployments/8', 404],
  ['GET', '/gates', 404],
  ['GET', '/history', 404],
  ['GET', '/logs/7', 404],
  ['GET', '/logs/..%2fkey', 404],
  ['GET', '/key', 404],
  ['DELETE', '/status', 405],
])('%s %s is refused', async (method, path, status) => {
  await serve();
  expect(await ask(path, method)).toMatchObject({ status, body: { schema: 1, ok: false } });
});

test('a log is given whole, and followed until the deployment is over', async () => {
  await serve();
  writeFileSync(unitLogPath(state, 7), 'one\n');
  expect((await ask('/logs/7')).body).toBe('one\n');
  over = false;
  const following = ask('/logs/7?follow=1');
  writeFileSync(unitLogPath(state, 7), 'one\ntwo\n');
  over = true;
  expect((await following).body).toBe('one\ntwo\n');
});

test('a socket that nobody serves any more is replaced; one that somebody serves is not', async () => {
  const path = socketPath(state);
  const dead = createServer().listen(path);
  await once(dead, 'listening');
  // What a kill -9 leaves: the file, and nobody behind it.
  rmSync(`${path}.kept`, { force: true });
  dead.close();
  await once(dead, 'close');
  if (!existsSync(path)) writeFileSync(path, '');
  await serve();
  await expect(serve()).rejects.toMatchObject({ code: 'agent_running' });
  expect(await ask('/status')).toMatchObject({ status: 200 });
});

test('a state folder too deep for a socket is said so', async () => {
  const deep = join(state, 'x'.repeat(120));
  await expect(serve(deep)).rejects.toMatchObject({ code: 'socket_path_too_long' });
});

const agent = { host: 'web-1' } as AgentJson;

async function serve(folder = state): Promise<{ close(): Promise<void> }> {
  const server = await serveControl({
    state: folder,
    clock: new JumpingClock(0),
    wake: () => (woken += 1),
    reconcile: async () => [
      { environment: 'production', state: 'mended', message: 'web was not what was deployed' },
    ],
    about: () => agent,
    environments: ['production'],
    act: async (request) => {
      asked.push(request);
      return answerOf({
        verb: request.verb,
        environment: 'production',
        deployment: 7,
        message: 'ok',
      });
    },
    planOf: () => Promise.reject(refusal),
    releasesOf: async () => ({ schema: 1, ok: true, releases: [] }),
    gatesAt: async ({ at }) => ({ at }) as unknown as GatesJson,
    view: {
      status: async (name) =>
        name === 'elsewhere' ? null : { schema: 1, ok: true, environments: [] },
      history: () => ({ schema: 1, ok: true, deployments: [{ id: '7' } as HistoryEntry] }),
      isOver: () => over,
    },
  });
  servers.push(server);
  return server;
}

async function ask(path: string, method = 'GET', content?: string) {
  const asking = request({ socketPath: socketPath(state), path, method }).end(content);
  const [answer] = await once(asking, 'response');
  const body = await text(answer);
  const isJson = answer.headers['content-type'] === 'application/json';
  return { status: answer.statusCode as number, body: isJson ? JSON.parse(body) : body };
}
