import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtinProxy } from '../../../../src/adapters/proxy/builtin/builtin-proxy.ts';
import { askProxy } from '../../../../src/adapters/proxy/builtin/control-client.ts';
import { PingValue } from '../../../../src/adapters/proxy/builtin/control-messages.ts';
import { writeCertificate } from '../../../support/certificate.ts';
import { until } from '../../../support/until.ts';
import { startUpstream, type TestUpstream } from '../../../support/upstream.ts';
import { openSocket, startLoad, startTlsLoad } from './client-load.ts';
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

/** The real program, which does something first when it is told a word, or says one. */
function wrapped(what: string): string {
  return `
    const at = (kind, act) => process.on('message', (m) => m.kind === kind && act());
    const on = (kind, act) => {
      const send = process.send;
      process.send = (m, ...more) => (m.kind === kind ? act() : send.call(process, m, ...more));
    };
    const die = () => process.kill(process.pid, 'SIGKILL');
    const killElder = () => process.kill(process.ppid, 'SIGKILL');
    ${what}
    import(${JSON.stringify(entry[0])});`;
}

function programOf(source: string): readonly [string] {
  writeFileSync(file('successor.cjs'), source);
  return [file('successor.cjs')];
}

test('a successor that fails, however far it came, changes nothing', async () => {
  const before = await serving();
  const load = startLoad(port);
  const failing = [
    'process.exit(3)',
    'this is ( no program',
    `process.send({ kind: 'up' }); process.send({ kind: 'failed', message: 'no' })`,
    wrapped(`at('door', die)`),
    wrapped(`on('ready', die)`),
    wrapped(`at('go', die)`),
  ];
  for (const [round, source] of failing.entries()) {
    const refused = expect.objectContaining({ code: 'proxy_not_handed_over' });
    await expect(handOver(programOf(source))).rejects.toThrow(refused);
    const next = round % 2 === 0 ? green : blue;
    await opened.proxy.switch('web', `slot-${round}`, next.upstream);
    expect(await get()).toBe(round % 2 === 0 ? 'green' : 'blue');
    expect([await serving(), ...proxies()]).toEqual([before, before]);
    expect(Number.parseInt(readFileSync(file('lock'), 'utf8'), 10)).toBe(before);
  }
  await load.end();
  expect(load.failures).toEqual([]);
  expect(await opened.proxy.check()).toHaveLength(1);
}, 60_000);

test('one that dies when it serves already, and has not said so, gives the agent back', async () => {
  const before = await serving();
  await expect(handOver(programOf(wrapped(`on('serving', die)`)))).rejects.toThrow();
  expect(await serving()).toBe(before);
  await opened.proxy.switch('web', 'green', green.upstream);
  expect(await get()).toBe('green');
  await handOver();
  expect(await serving()).not.toBe(before);
});

test.each(['door', 'take', 'go'])(
  'the process before is killed when its successor is told %s: one proxy serves in the end',
  async (word) => {
    const before = await serving();
    await handOver(programOf(wrapped(`at('${word}', killElder)`))).catch(() => null);
    await until(() => !proxies().includes(before));
    expect(await opened.proxy.current('web')).toMatchObject({ slot: 'blue' });
    await until(async () => (await get().catch(() => '')) === 'blue');
    await until(() => proxies().length === 1);
    expect(proxies()).toEqual([await serving()]);
  },
);

test('over TLS: HTTP/2 and HTTP/1.1 go on, and no request fails', async () => {
  const tls = writeCertificate(opened.state, 'localhost');
  const { port: own } = await opened.proxy.ensure({ name: 'tls', listen: 0, tls });
  await opened.proxy.switch('tls', 'blue', blue.upstream);
  const loads = [startTlsLoad(own, 2), startTlsLoad(own, 1)];
  const haveAnswered = (count: number) => loads.every(({ answers }) => answers > count);
  await until(() => haveAnswered(10));
  const before = await serving();
  await handOver();
  const then = Math.max(...loads.map(({ answers }) => answers));
  await until(() => haveAnswered(then + 10));
  await until(() => !proxies().includes(before));
  await Promise.all(loads.map((load) => load.end()));
  expect(loads.map(({ failures }) => failures)).toEqual([[], []]);
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
