import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import { clearSocket, socketOf } from '../../../src/targets/service/slot-socket.ts';
import { openState } from '../../../src/targets/service/state-file.ts';
import { worldOf } from '../../../src/targets/service/world.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
} from '../../support/service-bench.ts';

const signal = new AbortController().signal;

test('a program may listen on a socket: it is probed, smoked and switched to over that', async () => {
  await using bench = await openBench();
  await bench.commit('a', { 'server.js': serverSource(), VERSION: '1.0.0' });
  const script = `
    const { SALLYPORT_URL, SALLYPORT_SOCKET: socketPath, PORT } = process.env;
    if (PORT !== undefined) process.exit(4);
    require('node:http').get(SALLYPORT_URL + '/version', { socketPath }, (answer) => {
      process.exit(answer.statusCode === 200 ? 0 : 5);
    });`;
  const config = configOf({ socket: true, smoke: [process.execPath, '-e', script] });
  const made = contextOf(bench.folder, { sha: shaOf('a'), config });
  const world = worldOf(made.context);
  const socket = socketOf(world, 'blue');
  // An older program that was killed leaves its socket there.
  await clearSocket(socket);
  await writeFile(socket, '');
  for (const step of createServiceTarget(made.context).steps) await step.run(signal);
  expect((await lstat(socket)).isSocket()).toBe(true);
  expect(made.proxy.read().upstream).toEqual({ socket });
  expect(made.said).toContain(`slot blue: starting 1.0.0 on unix:${socket}`);
  expect((await bench.get('/version')).body).toBe('1.0.0');
  const told = JSON.parse((await bench.get('/env')).body) as Record<string, string>;
  expect([told['SALLYPORT_SOCKET'], told['PORT']]).toEqual([socket, undefined]);
});

test('a socket has a place of its own, short enough for the kernel, or is refused', () => {
  const worldIn = (state: string, environment = 'staging') => {
    const { context } = contextOf('/nowhere', { environment });
    return worldOf({ ...context, paths: { ...context.paths, state } });
  };
  expect(socketOf(worldIn('/s'), 'blue')).toBe('/s/sockets/staging.web.blue.sock');
  const long = worldIn('/s', 'e'.repeat(120));
  const paths = [socketOf(long, 'blue'), socketOf(long, 'green')];
  expect(new Set(paths).size).toBe(2);
  expect(paths.map((path) => Buffer.byteLength(path) <= 107)).toEqual([true, true]);
  expect(() => socketOf(worldIn(`/${'s'.repeat(100)}`), 'blue')).toThrow(/more than 107 bytes/);
});

test('what an older version wrote down of its slots is read still', async () => {
  await using bench = await openBench();
  const { path, run, env, health } = configOf();
  const slot = { sha: shaOf('a'), version: '1.0.0', port: 8001, tree: '/t', params: {} };
  const upstream = { host: '127.0.0.1', port: 8001 };
  const attempt = { deployment: 1, sha: shaOf('a'), version: '1.0.0', slot: 'blue' };
  const old = {
    schema: 1,
    ports: {},
    slots: { blue: { ...slot, config: { path, run, env, health } }, green: null },
    attempt: { ...attempt, unchanged: false, before: { slot: 'green', upstream }, undone: false },
  };
  await mkdir(bench.folder, { recursive: true });
  const file = join(bench.folder, 'old.json');
  await writeFile(file, JSON.stringify(old));
  expect(await openState(file).read()).toMatchObject({
    live: null,
    staged: null,
    slots: { blue: { port: 8001, socket: null } },
    attempt: { warm: false, watched: null },
  });
});
