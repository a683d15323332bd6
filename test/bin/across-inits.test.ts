import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProcessInit } from '../../src/adapters/init/process/process-init.ts';
import { acrossInits } from '../../src/bin/across-inits.ts';
import { otherInits } from '../../src/bin/init-drivers.ts';
import { AgentConfig } from '../../src/config/agent.ts';

const name = 'staging.web.blue';
let folder: string;
let agent: AgentConfig;
let before: ProcessInit;
let own: ProcessInit;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-inits-'));
  agent = AgentConfig.parse({
    name: 'web-1',
    environments: ['staging'],
    source: { directory: folder },
    state: folder,
  });
  before = new ProcessInit(join(folder, 'slots'));
  own = new ProcessInit(join(folder, 'own'));
});
afterEach(async () => {
  await before.stop(name, 0);
  await own.stop(name, 0);
  rmSync(folder, { recursive: true, force: true });
});

const init = () =>
  acrossInits(own, async (program) =>
    (await otherInits('systemd-user', program, agent)).length > 0 ? [before] : [],
  );
const spec = () => ({
  name,
  command: [process.execPath, '-e', 'console.log("up"); setInterval(() => {}, 1000)'] as const,
  directory: folder,
  env: {},
  log: join(folder, 'web.log'),
});

test('a program that the init of before started is seen, and goes on', async () => {
  expect(await init().status(name)).toMatchObject({ running: false });
  await before.start(spec());
  const { pid } = await before.status(name);
  expect(await init().status(name)).toEqual({ running: true, pid, ended: null });
  await expect.poll(() => init().lines(name, spec().log, 5)).toEqual(['up']);
});

test('started anew it runs in the init of now, and nowhere else', async () => {
  await before.start(spec());
  await init().start(spec());
  expect((await before.status(name)).running).toBe(false);
  expect((await own.status(name)).running).toBe(true);
  expect(await otherInits('systemd-user', name, agent)).toEqual([]);
  expect(await init().status(name)).toEqual(await own.status(name));
});

test('stopped it runs nowhere', async () => {
  await before.start(spec());
  await init().stop(name, 1000);
  expect((await before.status(name)).running).toBe(false);
});
