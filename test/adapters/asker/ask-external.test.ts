import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAsk } from '../../../src/adapters/asker/ask-external.ts';
import { HttpProbe } from '../../../src/adapters/probe/http/http-probe.ts';
import { ExecaPrograms } from '../../../src/adapters/programs/execa/execa-programs.ts';
import type { Ask } from '../../../src/ports/asker.ts';

let state: string;
let server: Server;
let asked: URL;
let answer: { status: number; body: string };
let ask: Ask;
const never = new AbortController().signal;
const facts = {
  environment: 'production',
  host: 'web-1',
  deployment: 7,
  operation: 'deploy',
  sha: 'a'.repeat(40),
  ref: 'main',
  actor: 'ada',
  auto: false,
};

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'sallyport-ask-'));
  server = createServer((request, response) => {
    asked = new URL(request.url!, 'http://x');
    response.writeHead(answer.status).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const parts = { programs: new ExecaPrograms(), probe: new HttpProbe(), state };
  ask = createAsk({ ...parts, inherited: { PATH: process.env['PATH'], SECRET: 'x' } });
});

afterAll(() => {
  server.close();
  rmSync(state, { recursive: true });
});

test.each([
  [['sh', '-c', 'echo "$SALLYPORT_ACTOR may"; exit 0'], { open: true, message: 'ada may' }],
  [
    ['sh', '-c', 'echo "not on a Friday$SECRET"; exit 3'],
    { open: false, message: 'not on a Friday' },
  ],
  [['sh', '-c', 'sleep 30'], null],
  [['/no/such/program'], null],
])('a program answers: %j', async (command, expected) => {
  const timeout = command.at(-1) === 'sleep 30' ? 200 : 10_000;
  expect(await ask({ name: 'change', command, timeout }, facts, never)).toEqual(expected);
});

test.each<[number, string, object | null]>([
  [200, 'come in', { open: true, message: 'come in' }],
  [204, '', { open: true, message: 'status 204' }],
  [200, '{"open":false,"message":"CAB meets at 3"}', { open: false, message: 'CAB meets at 3' }],
  [200, '{"open":"false"}', null],
  [200, `{"open":false,"message":"${'x'.repeat(70_000)}"}`, null],
  [200, '{"ticket":7}', { open: true, message: '{"ticket":7}' }],
  [403, '{"reason":', { open: false, message: '{"reason":' }],
  [403, 'no ticket', { open: false, message: 'no ticket' }],
  [500, 'oops', null],
  [302, '', null],
])('an address answers with %i %j', async (status, body, expected) => {
  answer = { status, body };
  expect(await ask({ name: 'cab', url: url(), timeout: 5_000 }, facts, never)).toEqual(expected);
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({ actor: 'ada', key: '1' });
});

test('an address where nobody is gives no answer, and aborting is passed on', async () => {
  const gate = { name: 'cab', url: 'http://127.0.0.1:9/', timeout: 5_000 };
  expect(await ask(gate, facts, never)).toBeNull();
  await expect(ask(gate, facts, AbortSignal.abort())).rejects.toThrow();
});

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/may?key=1`;
}
