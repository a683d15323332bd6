import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveControl, socketPath } from '../../src/agent/control.ts';
import { unitLogPath } from '../../src/agent/unit-log.ts';
import { JumpingClock } from './jumping-clock.ts';

let state: string;
let woken: number;
let over: boolean;
let servers: { close(): Promise<void> }[];

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'sallyport-control-'));
  mkdirSync(join(state, 'logs'));
  woken = 0;
  over = true;
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

test('it tells status and history, and is woken', async () => {
  await serve();
  expect(await ask('/status')).toMatchObject({ status: 200, body: { ok: true, environments: [] } });
  expect(await ask('/history?environment=production')).toMatchObject({ status: 200 });
  expect(await ask('/wake', 'POST')).toMatchObject({ status: 202 });
  expect(woken).toBe(1);
});

test.each([
  ['GET', '/status?environment=elsewhere', 404],
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

async function serve(folder = state): Promise<void> {
  const server = await serveControl({
    state: folder,
    clock: new JumpingClock(0),
    wake: () => (woken += 1),
    view: {
      status: async (name) =>
        name === 'elsewhere' ? null : { schema: 1, ok: true, environments: [] },
      history: () => ({ schema: 1, ok: true, deployments: [] }),
      isOver: () => over,
    },
  });
  servers.push(server);
}

async function ask(path: string, method = 'GET') {
  const asking = request({ socketPath: socketPath(state), path, method }).end();
  const [answer] = await once(asking, 'response');
  const body = await text(answer);
  const isJson = answer.headers['content-type'] === 'application/json';
  return { status: answer.statusCode as number, body: isJson ? JSON.parse(body) : body };
}
