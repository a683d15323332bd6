import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appendFileSync, readFileSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StepFailure } from '../../../src/targets/target.ts';
import { FilesBench, writeFiles } from '../../support/files-bench.ts';

let bench: FilesBench;
let server: Server | undefined;
const { signal } = new AbortController();

beforeEach(async () => {
  bench = await FilesBench.open();
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await bench[Symbol.asyncDispose]();
});

/** A program that reads `x` at the destination when it is told to, and refuses what is `bad`. */
async function serve(): Promise<{ readonly url: string; readonly read: string[] }> {
  const read: string[] = [];
  server = createServer((request, response) => {
    if (request.url === '/reload') {
      const now = readFileSync(join(bench.destination, 'x'), 'utf8');
      if (now.includes('bad')) return void response.writeHead(500).end(`x is ${now}\nsorry`);
      read.push(now);
      return void response.writeHead(204).end();
    }
    response.writeHead(read.at(-1)?.includes('ill') === true ? 503 : 200).end(read.at(-1));
  });
  await new Promise<void>((resolve) => void server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, read };
}

const hooks = (url: string) => ({
  reload: { http: { method: 'POST', url: `${url}/reload`, status: 204 } },
  verify: { http: { url: `${url}/health` }, deadline: '1s' },
});

test('a program reads its files again, and what it refuses is taken back', async () => {
  const { url, read } = await serve();
  for (const [letter, x] of [
    ['a', 'one'],
    ['b', 'bad'],
    ['c', 'ill'],
    ['d', 'two'],
  ] as const) {
    await bench.commit(letter, { x });
  }
  await bench.deploy('a', 1, hooks(url));
  expect(await bench.target('a', 1, hooks(url)).status()).toMatchObject({ health: 'healthy' });

  await expect(bench.deploy('b', 2, hooks(url))).rejects.toMatchObject({
    reason: 'reload_failed',
    message: `POST ${url}/reload answered 500, not 204`,
    details: ['x is bad', 'sorry'],
  });
  expect([await bench.files(), read]).toEqual([{ x: 'one' }, ['one', 'one']]);

  await expect(bench.deploy('c', 3, hooks(url))).rejects.toMatchObject({ reason: 'verify_failed' });
  expect([await bench.files(), read]).toEqual([{ x: 'one' }, ['one', 'one', 'ill', 'one']]);
  expect(await bench.target('a', 4, hooks(url)).status()).toMatchObject({
    health: 'healthy',
    sha: 'a'.repeat(40),
  });
  expect(await readdir(join(bench.folder, 'srv/.config.sallyport'))).toEqual([
    '1-aaaaaaa',
    'target',
  ]);

  await bench.deploy('d', 4, hooks(url));
  expect([await bench.files(), read.at(-1)]).toEqual([{ x: 'two' }, 'two']);
});

test('a program that never comes back makes the rollback fail, with the old files in place', async () => {
  const { url } = await serve();
  await bench.commit('a', { x: 'one' });
  await bench.commit('b', { x: 'two' });
  await bench.deploy('a', 1, hooks(url));
  server!.closeAllConnections();
  server!.close();
  await expect(bench.deploy('b', 2, hooks(url))).rejects.toMatchObject({
    reason: 'rollback_failed',
  });
  expect(await bench.files()).toEqual({ x: 'one' });
});

test('a backup that somebody changed is not restored', async () => {
  await bench.commit('a', { x: 'one' });
  await bench.commit('b', { x: 'two' });
  await bench.deploy('a', 1);
  await bench.deploy('b', 2);
  await writeFile(join(bench.folder, 'srv/.config.sallyport/1-aaaaaaa/x'), 'changed');
  const [restore] = bench.target('b', 2).rollback;
  await expect(restore!.run(signal)).rejects.toMatchObject({ reason: 'no_backup', details: ['x'] });
  expect(await bench.files()).toEqual({ x: 'two' });
});

test('what came into a backup after it was taken is told, and hinders no way back', async () => {
  await bench.commit('a', { x: 'one' });
  await bench.commit('b', { x: 'two' });
  await bench.deploy('a', 1);
  await bench.deploy('b', 2);
  await writeFile(join(bench.folder, 'srv/.config.sallyport/1-aaaaaaa/extra'), 'new');
  for (const step of bench.target('b', 2).rollback) await step.run(signal);
  expect(bench.said).toContainEqual('came into the backup after it was taken: extra');
  const { changes } = await bench.target('a', 1, {}, { heal: 1 }).plan(signal, true);
  expect(changes).toMatchObject([{ action: 'remove', resource: 'File/extra' }]);
});

test('the first deployment undone leaves nothing', async () => {
  await bench.commit('a', { x: 'one' });
  const target = bench.target('a', 1);
  for (const step of [...target.steps, ...target.rollback, ...target.rollback])
    await step.run(signal);
  await expect(lstat(bench.destination)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await target.status()).toMatchObject({ sha: null });
});

test('programs reload and verify in the directory, and know the commit', async () => {
  const script =
    'console.log(process.cwd(), process.env.SALLYPORT_SHA, process.env.SALLYPORT_PARAM_MAP, ...process.argv.slice(1))';
  const command = [process.execPath, '-e', script, '{environment}', '{release}'];
  await bench.commit('a', { x: 'one' });
  const how = { reload: { command }, verify: { command: [process.execPath, '-e', ''] } };
  await bench.deploy('a', 1, how, { params: { map: 'new' } });
  const log = readFileSync(join(bench.folder, 'state/logs/staging.map.reload.log'), 'utf8');
  const directory = join(bench.folder, 'srv/.config.sallyport/1-aaaaaaa');
  expect(log).toContain(`${directory} ${'a'.repeat(40)} new staging ${directory}`);
  const failing = {
    reload: { command: [process.execPath, '-e', 'console.log("no"); process.exit(3)'] },
  };
  await bench.commit('b', { x: 'two' });
  await expect(bench.deploy('b', 2, failing)).rejects.toMatchObject({
    reason: 'rollback_failed',
    details: ['no'],
  });
});

test('a signal goes to the live slot of a service', async () => {
  const config = { reload: { signal: { unit: 'web', name: 'SIGHUP' } } };
  await bench.commit('a', { x: 'one' });
  const { ports } = bench.context('a', 1, config, {});
  const sent: string[] = [];
  const proxy = {
    current: async (name: string) => ({ name, port: 1, slot: 'green', upstream: null, active: {} }),
  };
  const init = { signal: async (...words: string[]) => void sent.push(words.join(' ')) };
  await bench.deploy('a', 1, config, {
    ports: { ...ports, proxy, init } as unknown as typeof ports,
  });
  expect(sent).toEqual(['staging.web.green SIGHUP']);
  const idle = { ...proxy, current: async () => null };
  await bench.commit('b', { x: 'two' });
  await expect(
    bench.deploy('b', 2, config, {
      ports: { ...ports, proxy: idle, init } as unknown as typeof ports,
    }),
  ).rejects.toThrow(StepFailure);
});

test('what the program keeps survives every switch, also what it writes during one', async () => {
  const config = { keep: ['cache/**', '*.lock'] };
  await writeFiles(bench.destination, { x: 'by hand', 'cache/tile': 't', 'a.lock': '1' });
  await bench.commit('a', { x: 'one', 'cache/from-git': 'never' });
  await bench.commit('b', { x: 'two' });
  const tile = await open(join(bench.destination, 'cache/open'), 'a');
  expect((await bench.target('a', 1, config).plan(signal)).changes).toMatchObject([
    { resource: 'File/x' },
  ]);
  const steps = bench.target('a', 1, config).steps;
  for (const step of steps) {
    await tile.write(`${step.name} `);
    appendFileSync(join(bench.destination, 'a.lock'), step.name.slice(0, 1));
    await step.run(signal);
  }
  await tile.close();
  const kept = { 'cache/tile': 't', 'cache/open': 'back-up lay-out switch note reload verify ' };
  expect(await bench.files()).toEqual({ x: 'one', 'a.lock': '1blsnrv', ...kept });

  await writeFile(join(bench.destination, 'cache/new'), 'n');
  await writeFile(join(bench.destination, 'b.lock'), '2');
  await rename(join(bench.destination, 'b.lock'), join(bench.destination, 'a.lock'));
  expect((await bench.target('a', 2, config).plan(signal)).changes).toEqual([]);
  await bench.deploy('b', 2, config);
  const after = { 'a.lock': '2', 'cache/new': 'n', ...kept };
  expect(await bench.files()).toEqual({ x: 'two', ...after });

  await writeFile(join(bench.destination, 'c.lock'), '3');
  for (const step of bench.target('b', 2, config).rollback) await step.run(signal);
  expect(await bench.files()).toEqual({ x: 'one', 'c.lock': '3', ...after });
});

test('a kept folder that the program made anew is brought together with the one that is kept', async () => {
  const config = { keep: ['cache/**'] };
  await bench.commit('a', { x: 'one' });
  await bench.commit('b', { x: 'two' });
  await bench.deploy('a', 1, config);
  await writeFile(join(bench.destination, 'cache/old'), 'o');
  await rm(join(bench.destination, 'cache'));
  await writeFiles(bench.destination, { 'cache/deep/new': 'n' });
  await bench.deploy('b', 2, config);
  expect(await bench.files()).toEqual({ x: 'two', 'cache/old': 'o', 'cache/deep/new': 'n' });
});

test('without prune, what Git does not know stays and is named', async () => {
  await writeFiles(bench.destination, { x: 'by hand', own: 'mine', 'deep/own': 'mine' });
  await bench.commit('a', { x: 'one' });
  const config = { prune: false };
  expect(await bench.target('a', 1, config).plan(signal)).toMatchObject({
    changes: [{ resource: 'File/x', action: 'modify' }],
    unmanaged: ['deep/own', 'own'],
  });
  await bench.deploy('a', 1, config);
  expect(await bench.files()).toEqual({ x: 'one', own: 'mine', 'deep/own': 'mine' });
});

test('owners and modes stay as they were', async () => {
  await writeFiles(bench.destination, { 'secret/x': 'old', tool: 'old' });
  await chmod(join(bench.destination, 'secret'), 0o750);
  await chmod(join(bench.destination, 'secret/x'), 0o4640);
  await mkdir(join(bench.folder, 'remote'));
  await bench.commit('a', { 'secret/x': 'new', tool: '#!new' });
  await bench.deploy('a', 1);
  const mode = async (path: string) => (await lstat(join(bench.destination, path))).mode & 0o7777;
  expect([await mode('secret'), await mode('secret/x'), await mode('tool')]).toEqual([
    0o750, 0o640, 0o755,
  ]);
});

test('folders of what stays keep their owners and modes, also through a rollback', async () => {
  const config = { prune: false, keep: ['run/**/*.db'] };
  const files = { x: 'by hand', 'private/key': 'k', 'run/db/a.db': '1', a: 'file' };
  await writeFiles(bench.destination, files);
  await mkdir(join(bench.destination, 'spool/in'), { recursive: true });
  const modes = { private: 0o700, 'run/db': 0o2770, 'spool/in': 0o1777 };
  for (const [path, mode] of Object.entries(modes)) {
    await chmod(join(bench.destination, path), mode);
    if (process.getuid?.() === 0) await chown(join(bench.destination, path), 1000, 1000);
  }
  const found = async () => {
    const facts = Object.keys(modes).map((path) => lstat(join(bench.destination, path)));
    return (await Promise.all(facts)).map(({ mode, uid, gid }) => [mode & 0o7777, uid, gid]);
  };
  const before = await found();
  expect(before.map(([mode]) => mode)).toEqual(Object.values(modes));
  await bench.commit('a', { x: 'one', b: 'two' });
  await bench.commit('b', { x: 'two', 'private/new': 'from Git' });
  await bench.deploy('a', 1, config);
  expect(await found()).toEqual(before);
  await bench.deploy('b', 2, config);
  for (const step of bench.target('b', 2, config).rollback) await step.run(signal);
  expect([await found(), await bench.files()]).toEqual([before, { ...files, x: 'one', b: 'two' }]);
});

test('drift is found, and mended by the same commit', async () => {
  await bench.commit('a', { x: 'one', y: 'two' });
  await bench.deploy('a', 1);
  await writeFile(join(bench.destination, 'x'), 'edited');
  await writeFile(join(bench.destination, 'z'), 'extra');
  expect((await bench.target('a', 2).plan(signal)).changes).toMatchObject([
    { action: 'modify', resource: 'File/x' },
    { action: 'remove', resource: 'File/z' },
  ]);
  await bench.deploy('a', 2);
  expect(await bench.files()).toEqual({ x: 'one', y: 'two' });
});

test('what somebody changed in the live directory is mended in a new one, under the same deployment', async () => {
  await bench.commit('a', { x: 'one', y: 'two' });
  await bench.deploy('a', 1);
  await writeFile(join(bench.destination, 'x'), 'mine');
  await bench.deploy('a', 1, {}, { heal: 1 });
  expect(readFileSync(join(bench.destination, 'x'), 'utf8')).toBe('one');
  await rm(join(bench.destination, 'y'));
  await bench.deploy('a', 1, {}, { heal: 2 });
  expect(readFileSync(join(bench.destination, 'y'), 'utf8')).toBe('two');
  const plan = await bench.target('a', 1, {}, { heal: 3 }).plan(signal, true);
  expect(plan.changes).toEqual([]);
});
