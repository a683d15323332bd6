import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ExecaPrograms } from '../../../../src/adapters/programs/execa/execa-programs.ts';
import { isAlive } from '../../../contract/init.ts';
import { programsContract } from '../../../contract/programs.ts';

const adapter = join(
  import.meta.dirname,
  '../../../../src/adapters/programs/execa/execa-programs.ts',
);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-programs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the contract of programs', () => {
  programsContract(() => ({ programs: new ExecaPrograms(), folder }));
});

test('what an agent that was killed left running is ended before the same is run again', async () => {
  const spec = (script: string) => ({
    command: [process.execPath, '-e', script] as const,
    directory: folder,
    env: {},
    secrets: [],
    log: join(folder, 'build.log'),
    timeoutMs: 10_000,
  });
  const forever = spec('console.log(process.pid); setInterval(() => {}, 1000)');
  const script = `
    const { ExecaPrograms } = await import(${JSON.stringify(adapter)});
    await new ExecaPrograms().run(${JSON.stringify(forever)});`;
  const agent = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const left = await vi.waitFor(
    () => {
      const text = readFileSync(forever.log, 'utf8');
      expect(text).toMatch(/\d+\n/);
      return Number(text);
    },
    { timeout: 10_000 },
  );
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  expect(isAlive(left)).toBe(true);
  await new ExecaPrograms().run(spec(''));
  expect(isAlive(left)).toBe(false);
});
