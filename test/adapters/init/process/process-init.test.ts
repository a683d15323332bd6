import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProcessInit } from '../../../../src/adapters/init/process/process-init.ts';
import { initContract, isAlive } from '../../../contract/init.ts';

const name = 'staging.web.blue';
const adapter = join(import.meta.dirname, '../../../../src/adapters/init/process/process-init.ts');
const folders: string[] = [];
let folder = '';

const make = async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-init-'));
  folders.push(folder);
};
const initOf = () => new ProcessInit(join(folder, 'run'));
vi.setConfig({ testTimeout: 15_000 });

afterEach(async () => {
  for (const made of folders.splice(0)) {
    await new ProcessInit(join(made, 'run')).stop(name, 0);
    await rm(made, { recursive: true, force: true });
  }
});

describe('the contract of an init', () => {
  beforeEach(make);
  initContract(() => ({
    init: initOf(),
    folder,
    elsewhere: {
      imports: `import { ProcessInit } from ${JSON.stringify(adapter)}`,
      expression: `new ProcessInit(${JSON.stringify(join(folder, 'run'))})`,
    },
  }));
});

test('an agent killed between the start and writing the pid leaves nothing that is not found again', async () => {
  await make();
  const killAtSecondWrite = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const rename = fs.renameSync;
    let writes = 0;
    fs.renameSync = (from, to) => {
      writes += 1;
      if (writes === 2) process.kill(process.pid, 'SIGKILL');
      rename(from, to);
    };
    syncBuiltinESMExports();`;
  expect(await runAgent('', killAtSecondWrite)).toBe('SIGKILL');
  expect(JSON.parse(readFileSync(join(folder, 'run', `${name}.json`), 'utf8'))).toMatchObject({
    pid: null,
  });
  const { running, pid } = await initOf().status(name);
  expect(running).toBe(true);
  await initOf().start(idleSpec());
  expect(isAlive(pid)).toBe(false);
});

test.each([
  ['whose pid now belongs to another process', { start: 1 }],
  ['of an earlier boot', { boot: 'another' }],
])('never signals the process of a file %s', async (_case, change) => {
  await make();
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    detached: true,
  });
  await initOf().start(idleSpec());
  const path = join(folder, 'run', `${name}.json`);
  const run = JSON.parse(readFileSync(path, 'utf8')) as object;
  const own = (await initOf().status(name)).pid;
  writeFileSync(path, JSON.stringify({ ...run, pid: bystander.pid, ...change }));
  expect((await initOf().status(name)).running).toBe(false);
  await initOf().stop(name, 0);
  expect(isAlive(bystander.pid!)).toBe(true);
  bystander.kill('SIGKILL');
  if (isAlive(own)) process.kill(own!, 'SIGKILL');
});

test('a damaged file is no file', async () => {
  await make();
  await initOf().start(idleSpec());
  const { pid } = await initOf().status(name);
  writeFileSync(join(folder, 'run', `${name}.json`), '{"pid":');
  expect(await initOf().status(name)).toEqual({ running: false, pid: null, ended: null });
  process.kill(pid!, 'SIGKILL');
});

function idleSpec() {
  return {
    name,
    command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const,
    directory: folder,
    env: {},
    log: join(folder, 'web.log'),
  } as const;
}

/** Another process that starts the program and does something; gives how it ended. */
async function runAgent(after: string, before = ''): Promise<number | string> {
  const script = `${before}
    const { ProcessInit } = await import(${JSON.stringify(adapter)});
    await new ProcessInit(${JSON.stringify(join(folder, 'run'))}).start(${JSON.stringify(idleSpec())});
    ${after}`;
  const agent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal] = (await once(agent, 'exit')) as [number | null, string | null];
  return code ?? signal!;
}
