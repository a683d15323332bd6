import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fetch } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtinProxy } from '../../../../src/adapters/proxy/builtin/builtin-proxy.ts';
import { stopProxy } from '../../../../src/adapters/proxy/builtin/stop-proxy.ts';
import { until } from '../../../support/until.ts';
import { startUpstream, type TestUpstream } from '../../../support/upstream.ts';
import { entry, openBuiltin } from './open-builtin.ts';

let opened: ReturnType<typeof openBuiltin>;
let blue: TestUpstream;
let url: string;

beforeEach(async () => {
  opened = openBuiltin();
  blue = await startUpstream('blue');
  const { port } = await opened.proxy.ensure({ name: 'web', listen: 0 });
  url = `http://127.0.0.1:${port}`;
  await opened.proxy.switch('web', 'blue', blue.upstream);
});
afterEach(async () => {
  await opened.close();
  await blue.close();
});

const file = (name: string) => join(opened.state, 'proxy', name);
const pidOf = () => Number.parseInt(readFileSync(file('lock'), 'utf8'), 10);
const answers = async (status: number) => (await fetch(url).catch(() => null))?.status === status;

async function killProxy(): Promise<void> {
  process.kill(pidOf(), 'SIGKILL');
  await until(async () => !(await fetch(url).catch(() => null)));
}

test('an agent that is killed takes nothing with it, and the next one finds the same proxy', async () => {
  const adapter = join(import.meta.dirname, '../../../../src/adapters/proxy/builtin');
  const other = openBuiltin();
  const script = `
    import { builtinProxy } from '${adapter}/builtin-proxy.ts';
    const options = { state: '${other.state}', entry: ['${entry[0]}'], host: '127.0.0.1' };
    const proxy = builtinProxy(options);
    const { port } = await proxy.ensure({ name: 'web', listen: 0 });
    await proxy.switch('web', 'blue', ${JSON.stringify(blue.upstream)});
    console.log(port);
    await proxy.drain('web', 'blue', 600_000);
    setInterval(() => {}, 1000);`;
  const args = ['--input-type=module-typescript', '--eval', script];
  const agent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(agent.stdout, 'data')) as [Buffer];
  const base = `http://127.0.0.1:${port.toString().trim()}`;
  const asking = fetch(`${base}/wait`);
  await until(() => blue.asked.includes('/wait'));
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  blue.letGo();
  expect(await (await asking).text()).toBe('blue');
  expect(await other.proxy.current('web')).toMatchObject({ slot: 'blue' });
  await other.close();
});

test('a proxy that is killed comes back on the same port when it is asked, with the same slot', async () => {
  await killProxy();
  expect(await opened.proxy.current('web')).toMatchObject({ slot: 'blue' });
  await until(() => answers(200));
  expect(await (await fetch(url)).text()).toBe('blue');
});

test('after a restart a slot that does not answer gets no traffic until it does', async () => {
  const { port } = blue.upstream;
  await blue.close();
  await killProxy();
  await opened.proxy.current('web');
  await until(() => answers(503));
  expect(await (await fetch(url)).json()).toMatchObject({ error: { code: 'no_healthy_slot' } });
  const { createServer } = await import('node:http');
  const back = createServer((_, response) => response.end('back')).listen(port, '127.0.0.1');
  await until(() => answers(200));
  back.closeAllConnections();
  back.close();
});

test('a damaged state is said, answered with 503, and repaired by the next switch', async () => {
  await opened.proxy.ensure({ name: 'web', listen: 0 });
  await opened.proxy.switch('web', 'green', blue.upstream);
  await killProxy();
  writeFileSync(
    file('state.json'),
    readFileSync(file('state.json'), 'utf8').replace('green', 'grey'),
  );
  expect(await opened.proxy.current('web')).toMatchObject({ slot: null, upstream: null });
  await until(() => answers(503));
  const { error } = (await (await fetch(url)).json()) as { error: { message: string } };
  expect(error.message).toContain('damaged');
  expect(readFileSync(file('proxy.log'), 'utf8')).toContain('damaged');
  await opened.proxy.switch('web', 'blue', blue.upstream);
  expect(await (await fetch(url)).text()).toBe('blue');
  await killProxy();
  expect(await opened.proxy.current('web')).toMatchObject({ slot: 'blue' });
});

test('two agents that start it at once share one process', async () => {
  await stopProxy(opened.state);
  const second = builtinProxy({ state: opened.state, entry, host: '127.0.0.1' });
  const statuses = await Promise.all([opened.proxy.current('web'), second.current('web')]);
  expect(statuses.map((status) => status?.slot)).toEqual(['blue', 'blue']);
});

test('stopping lets requests under way finish, is idempotent, and never signals a stranger', async () => {
  const asking = fetch(`${url}/wait`);
  await until(() => blue.asked.includes('/wait'));
  const stopping = stopProxy(opened.state);
  await setTimeout(50);
  blue.letGo();
  expect((await asking).status).toBe(200);
  await stopping;
  await stopProxy(opened.state);
  writeFileSync(file('lock'), `${process.pid} 1 another-boot\n`);
  await stopProxy(opened.state);
});

test('only this user can reach the control socket and read the state', () => {
  expect(statSync(file('control.sock')).mode & 0o077).toBe(0);
  expect(statSync(file('state.json')).mode & 0o077).toBe(0);
});

test('a state folder too deep for a socket is an error that says so', () => {
  const state = `/tmp/${'deep/'.repeat(30)}`;
  expect(() => builtinProxy({ state, entry })).toThrow(
    expect.objectContaining({ code: 'state_path_too_long' }),
  );
});

test('a process that cannot serve ends, and does not linger', async () => {
  await stopProxy(opened.state);
  mkdirSync(file('control.sock'));
  const child = spawn(process.execPath, [entry[0], '--state', opened.state], { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).not.toBe(0);
});

test('a leftover of a write that was cut off is no state', async () => {
  copyFileSync(file('state.json'), file('state.next.json'));
  writeFileSync(file('state.next.json'), '{"schema":1,');
  await killProxy();
  expect(await opened.proxy.current('web')).toMatchObject({ slot: 'blue' });
});
