import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtinProxy } from '../../../../src/adapters/proxy/builtin/builtin-proxy.ts';
import { askProxy } from '../../../../src/adapters/proxy/builtin/control-client.ts';
import { PingValue } from '../../../../src/adapters/proxy/builtin/control-messages.ts';
import { until } from '../../../support/until.ts';
import { startUpstream, type TestUpstream } from '../../../support/upstream.ts';
import { openSocket, startLoad } from './client-load.ts';
import { entry, openBuiltin } from './open-builtin.ts';

let opened: ReturnType<typeof openBuiltin>;
let blue: TestUpstream;
let green: TestUpstream;
let port: number;

beforeEach(async () => {
  opened = openBuiltin();
  [blue, green] = await Promise.all([startUpstream('blue'), startUpstream('green')]);
  ({ port } = await opened.proxy.ensure({ name: 'web', listen: 0 }));
  await opened.proxy.switch('web', 'blue', blue.upstream);
});
afterEach(async () => {
  await opened.close();
  await Promise.all([blue.close(), green.close()]);
  expect(proxies()).toEqual([]);
});

const file = (name: string) => join(opened.state, 'proxy', name);
const get = async () => await (await fetch(`http://127.0.0.1:${port}`)).text();
const handOver = async (program: readonly [string, ...string[]] = entry) =>
  await askProxy(file('control.sock'), {
    op: 'hand-over',
    node: process.execPath,
    entry: [...program],
  });

async function serving(): Promise<number> {
  const answer = await askProxy(file('control.sock'), { op: 'ping' });
  return PingValue.parse(answer?.value).pid;
}

/** All processes of this test's proxy. */
function proxies(): readonly number[] {
  return readdirSync('/proc').flatMap((pid) => {
    const words = /^\d+$/.test(pid) ? commandOf(pid) : [];
    return words.includes(opened.state) ? [Number(pid)] : [];
  });
}

function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

test('three times in a row under load: no request fails, WebSockets stay, one process is left', async () => {
  const load = startLoad(port);
  const early = await openSocket(port);
  const pids = [await serving()];
  for (let round = 0; round < 3; round += 1) {
    await sleep(150);
    await handOver();
    pids.push(await serving());
    expect(await early.echo(`round ${round}`)).toBe(`blue: round ${round}`);
  }
  const { answers } = load;
  await until(() => load.answers > answers + 20);
  await load.end();
  expect(load.failures).toEqual([]);
  expect(new Set(pids).size).toBe(4);
  early.socket.terminate();
  await until(() => proxies().length === 1);
  expect(proxies()).toEqual([await serving()]);
}, 60_000);

test('connections from before follow a switch, are counted, and drained', async () => {
  const early = await openSocket(port);
  const long = fetch(`http://127.0.0.1:${port}/wait`);
  await until(() => blue.asked.includes('/wait'));
  await handOver();
  expect((await opened.proxy.current('web'))?.active).toEqual({ blue: 2 });
  await opened.proxy.switch('web', 'green', green.upstream);
  expect(await get()).toBe('green');
  const closed = once(early.socket, 'close');
  const drained = opened.proxy.drain('web', 'blue', 300);
  await sleep(50);
  blue.letGo();
  expect(await (await long).text()).toBe('blue');
  expect(await drained).toBe(1);
  expect((await closed)[0]).toBe(1001);
});

test('a kept connection of the process before asks the slot that has the traffic by now', async () => {
  const { Agent } = await import('undici');
  const dispatcher = new Agent({ connections: 1 });
  const url = `http://127.0.0.1:${port}`;
  expect(await (await fetch(url, { dispatcher })).text()).toBe('blue');
  await handOver();
  await opened.proxy.switch('web', 'green', green.upstream);
  await blue.close();
  const answer = await fetch(url, { dispatcher });
  expect([answer.headers.get('connection'), await answer.text()]).toEqual(['close', 'green']);
  await dispatcher.close();
});

test.each([
  ['ends at once', 'process.exit(3)'],
  ['is no program', 'this is ( no program'],
  [
    'dies when it has the sockets',
    `process.on('message', (m) => m.kind === 'take' && process.kill(process.pid, 'SIGKILL')); process.send({ kind: 'up' })`,
  ],
  [
    'dies when it has the lock',
    `process.on('message', (m) => m.kind === 'go' ? process.kill(process.pid, 'SIGKILL') : m.kind === 'take' && process.send({ kind: 'ready' })); process.send({ kind: 'up' })`,
  ],
  [
    'says that it cannot',
    `process.on('message', () => {}); process.send({ kind: 'up' }); process.send({ kind: 'failed', message: 'no' })`,
  ],
])('a successor that %s changes nothing', async (_what, source) => {
  const program = file('successor.cjs');
  writeFileSync(program, source);
  const before = await serving();
  const load = startLoad(port);
  await expect(handOver([program])).rejects.toThrow(
    expect.objectContaining({ code: 'proxy_not_handed_over' }),
  );
  await opened.proxy.switch('web', 'green', green.upstream);
  expect(await get()).toBe('green');
  await load.end();
  expect(load.failures).toEqual([]);
  expect([await serving(), ...proxies()]).toEqual([before, before]);
  expect(Number.parseInt(readFileSync(file('lock'), 'utf8'), 10)).toBe(before);
  expect(await opened.proxy.check()).toHaveLength(1);
  await handOver();
  expect(await serving()).not.toBe(before);
});

test('two that ask at once get one successor', async () => {
  const before = await serving();
  await Promise.all([handOver(), handOver()]);
  await until(() => !proxies().includes(before));
  expect(proxies()).toEqual([await serving()]);
});

test('what holds requests does not hand over', async () => {
  await opened.proxy.pause!('web', 5_000);
  await expect(handOver()).rejects.toThrow('requests are held for web');
  await opened.proxy.resume!('web');
});

test.each(
  [0, 60, 120, 180, 240, 320, 400].map((ms) => ms * (process.env['SALLYPORT_LONG'] ? 1 : 1)),
)('the process before is killed %i ms into it: one proxy serves in the end', async (ms) => {
  const before = await serving();
  const asking = handOver().catch(() => null);
  await sleep(ms);
  process.kill(before, 'SIGKILL');
  await asking;
  expect(await opened.proxy.current('web')).toMatchObject({ slot: 'blue' });
  await until(async () => (await get().catch(() => '')) === 'blue');
  await until(() => proxies().length === 1);
  expect(proxies()).toEqual([await serving()]);
});

test('an agent of another version has the proxy hand over, once', async () => {
  const before = await serving();
  const other = builtinProxy({ state: opened.state, entry, host: '127.0.0.1', version: '0.0.0' });
  expect(await other.current('web')).toMatchObject({ slot: 'blue' });
  const after = await serving();
  expect(after).not.toBe(before);
  await other.ensure({ name: 'web', listen: port });
  expect(await serving()).toBe(after);
});

test('an heir without anybody before it serves like any other', async () => {
  const before = await serving();
  process.kill(before, 'SIGKILL');
  await until(() => proxies().length === 0);
  const words = [entry[0], '--state', opened.state, '--heir'];
  spawn(process.execPath, words, { stdio: 'ignore', detached: true }).unref();
  await until(async () => (await get().catch(() => '')) === 'blue');
});
