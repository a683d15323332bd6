import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetch } from 'undici';
import { WebSocket } from 'ws';
import { until } from '../../../support/until.ts';
import { openTable } from './open-table.ts';

let bench: Awaited<ReturnType<typeof openTable>>;

const preview = { header: 'X-Slot', cookie: 'slot' };
const never = new AbortController().signal;

beforeEach(async () => {
  bench = await openTable({ preview });
});
afterEach(() => bench.close());

const ask = async (headers: Record<string, string> = {}) =>
  await (await fetch(bench.url, { headers })).text();
const useGreen = () => bench.table.switch('web', 'green', bench.green.upstream);

test('a preview shows a slot before it has the traffic, and the old one after', async () => {
  expect(await ask({ 'X-Slot': 'green' })).toBe('blue');
  await bench.table.offer('web', 'green', bench.green.upstream);
  expect(await ask({ 'X-Slot': 'green' })).toBe('green');
  expect(await ask({ Cookie: 'slot=green' })).toBe('green');
  expect(await ask()).toBe('blue');
  await useGreen();
  expect(await ask({ 'X-Slot': 'blue' })).toBe('blue');
  await bench.table.offer('web', 'blue', null);
  expect(await ask({ 'X-Slot': 'blue' })).toBe('green');
});

test('a WebSocket can be previewed too', async () => {
  await bench.table.offer('web', 'green', bench.green.upstream);
  const socket = new WebSocket(`${bench.url.replace('http', 'ws')}/socket`, {
    headers: { 'X-Slot': 'green' },
  });
  const [hello] = (await once(socket, 'message')) as [Buffer];
  expect(hello.toString()).toBe('hello from green');
  socket.close();
});

test('maintenance is a page for people and JSON for programs, and requests under way finish', async () => {
  const asking = fetch(`${bench.url}/wait`);
  await until(() => bench.blue.asked.includes('/wait'));
  await bench.table.maintenance('web', 'Back at <b>9</b>');
  const page = await fetch(bench.url, { headers: { Accept: 'text/html' } });
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await page.text()).toContain('Back at &#60;b&#62;9&#60;/b&#62;');
  expect(await (await fetch(bench.url)).json()).toMatchObject({
    error: { code: 'maintenance', message: 'Back at <b>9</b>' },
  });
  bench.blue.letGo();
  expect(await (await asking).text()).toBe('blue');
});

test('a pause holds requests until it ends, and then none has failed', async () => {
  await bench.table.pause('web', 60_000);
  const asking = [ask(), ask(), ask()];
  const socket = new WebSocket(`${bench.url.replace('http', 'ws')}/socket`);
  const opened = once(socket, 'open');
  await useGreen();
  expect(bench.green.asked).toEqual([]);
  await bench.table.resume('web');
  expect(await Promise.all(asking)).toEqual(['green', 'green', 'green']);
  await opened;
  socket.close();
});

test('a pause that lasts too long answers 503, and the others are still held', async () => {
  await bench.table.pause('web', 50);
  const answer = await fetch(bench.url);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: { code: 'paused' } });
  expect(bench.blue.asked).toEqual([]);
  await bench.table.resume('web');
  expect(await ask()).toBe('blue');
});

test('counts what each slot answered: requests, failures, and how long it took', async () => {
  await ask();
  await fetch(`${bench.url}/nothing`);
  await fetch(`${bench.url}/crash`, { method: 'POST' });
  await fetch(`${bench.url}/cut`).then(
    (answer) => answer.text().catch(() => ''),
    () => '',
  );
  await useGreen();
  await ask();
  const counted = bench.table.counters('web');
  expect(counted).toMatchObject({
    blue: { requests: 4, errors: 2 },
    green: { requests: 1, errors: 0 },
  });
  expect(counted['blue']!.durationMs).toBeGreaterThan(0);
});

test('a canary must be another slot than the one that has the traffic', async () => {
  const canary = { slot: 'blue', upstream: bench.blue.upstream, share: 0.5, sticky: true };
  await expect(bench.table.weights('web', canary)).rejects.toMatchObject({ code: 'proxy_refused' });
});

test('after a restart neither a slot nor a canary has traffic before it was seen to answer', async () => {
  const canary = { slot: 'green', upstream: bench.green.upstream, share: 0.5, sticky: false };
  await bench.table.weights('web', canary);
  const { port } = bench.green.upstream;
  await bench.green.close();
  await bench.restart(never);
  await until(async () => (await fetch(bench.url)).status === 200);
  expect(await bench.table.status('web')).toMatchObject({ slot: 'blue', canary });
  for (let count = 0; count < 10; count += 1) expect(await ask()).toBe('blue');
  const back = createServer((_, response) => response.end('back')).listen(port, '127.0.0.1');
  await until(async () => (await ask()) === 'back');
  back.closeAllConnections();
  back.close();
});

test('a WebSocket whose slot is drained is told that it goes away, and not cut', async () => {
  const socket = new WebSocket(`${bench.url.replace('http', 'ws')}/socket`);
  await once(socket, 'message');
  await useGreen();
  const closed = once(socket, 'close');
  expect(await bench.table.drain('web', 'blue', 20, never)).toBe(1);
  expect((await closed)[0]).toBe(1001);
  await until(async () => (await bench.table.status('web'))?.active['blue'] === 0);
});

test('a long answer whose slot is drained does not look whole', async () => {
  const asking = fetch(`${bench.url}/wait`);
  await until(() => bench.blue.asked.includes('/wait'));
  await useGreen();
  expect(await bench.table.drain('web', 'blue', 20, never)).toBe(1);
  await expect(asking).rejects.toThrow();
});

test('what was removed lets requests under way finish', async () => {
  const asking = fetch(`${bench.url}/wait`);
  await until(() => bench.blue.asked.includes('/wait'));
  await bench.table.remove('web');
  await expect(fetch(bench.url)).rejects.toThrow();
  bench.blue.letGo();
  expect(await (await asking).text()).toBe('blue');
});

test('a port that somebody else has is a problem until it is free, and the hint finds them', async () => {
  expect(bench.table.check()).toEqual([]);
  const stop = new AbortController();
  const other = createServer();
  await bench.table.close(0);
  other.listen(bench.port, '127.0.0.1');
  await once(other, 'listening');
  await bench.restart(stop.signal);
  expect(bench.table.check()).toMatchObject([{ hint: expect.stringContaining('ss -ltnp') }]);
  other.close();
  await until(() => bench.table.check().length === 0);
  stop.abort();
});

test('the settings of the process come with a route, and outlive a restart', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port: metrics } = free.address() as AddressInfo;
  const settings = { accessLog: true, metrics };
  await bench.table.ensure({ ...bench.web, settings });
  expect(bench.table.check().map(({ message }) => message)[0]).toContain(
    `port ${metrics} is in use`,
  );
  free.close();
  await bench.table.ensure({ ...bench.web, settings });
  await bench.restart(never);
  await until(async () => (await fetch(bench.url)).status === 200);
  await ask();
  const figures = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
  expect(figures).toMatch(/requests_total\{route="web",slot="blue",code="200"\} \d+/);
  expect((await fetch(`http://127.0.0.1:${metrics}/`)).status).toBe(404);
  await bench.table.ensure({ ...bench.web, settings: { accessLog: false, metrics: null } });
  await expect(fetch(`http://127.0.0.1:${metrics}/metrics`)).rejects.toThrow();
  const lines = readFileSync(join(bench.folder, 'access.log'), 'utf8').trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ route: 'web', slot: 'blue', status: 200 });
});

test('a state that an older program wrote is read', async () => {
  const older = `{"schema":1,"checksum":"SUM","routes":[{"name":"old","listen":0,"host":"127.0.0.1","port":4001,"target":{"slot":"blue","host":"127.0.0.1","port":8001}}]}`;
  const { createHash } = await import('node:crypto');
  const routes = older.slice(older.indexOf('['), -1);
  const sum = createHash('sha256').update(routes).digest('hex');
  writeFileSync(join(bench.folder, 'state.json'), older.replace('SUM', sum));
  const { loadState } = await import('../../../../src/adapters/proxy/builtin/state.ts');
  const target = { slot: 'blue', host: '127.0.0.1', port: 8001 };
  expect(loadState(bench.folder)).toMatchObject({ fault: null, routes: [{ name: 'old', target }] });
});
