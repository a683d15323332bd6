import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { listProcesses } from '../../../src/adapters/init/process/process-table.ts';
import { openCommandBench, type CommandBench, type Topics } from '../../support/command-bench.ts';
import { shaOf } from '../../support/service-bench.ts';
import type { CommandRun } from '../../support/run-command-steps.ts';

const program = join(import.meta.dirname, '../../support/run-command-steps.ts');
const isLong = process.env['SALLYPORT_LONG'] === '1';
/** Every moment takes minutes, so the usual run takes some of them, spread over all steps. */
const stride = isLong ? 1 : 31;
const timeout = isLong ? 1_800_000 : 180_000;

test('killed with -9 at any moment, a plan is applied by the next agent', { timeout }, async () => {
  await using bench = await openCommandBench();
  for (let deployment = 1, killAt = 1; ; deployment += 1, killAt += stride) {
    const before = await bench.topics();
    const { run, after } = await nextRun(bench, deployment, killAt);
    const { killed } = await runSteps(run);
    expect([before, after]).toContainEqual(await bench.topics());
    if (killed) expect((await runSteps({ ...run, killAt: 0 })).killed).toBe(false);
    expect(await bench.topics()).toEqual(after);
    if (!killed) return;
  }
});

test(
  'killed with -9 at any moment, it is undone by the next agent, which may be killed as well',
  { timeout },
  async () => {
    await using bench = await openCommandBench();
    await runSteps((await nextRun(bench, 1, 0)).run);
    const before = await bench.topics();
    for (let deployment = 2, killAt = 3; ; deployment += 1, killAt += stride) {
      const { run, after } = await nextRun(bench, deployment, killAt);
      const { killed } = await runSteps(run);
      const undo = { ...run, list: 'rollback' } as const;
      if ((await runSteps({ ...undo, killAt: 1 + (killAt % 6) })).killed) {
        expect([before, after]).toContainEqual(await bench.topics());
        expect((await runSteps({ ...undo, killAt: 0 })).killed).toBe(false);
      }
      expect(await bench.topics()).toEqual(before);
      if (!killed) return;
    }
  },
);

test('killed in the middle of its program, which is ended before it is run again', async () => {
  await using bench = await openCommandBench();
  const { run, after } = await nextRun(bench, 1, 0, 30_000);
  const agent = startSteps(run);
  const orphan = await applying(bench);
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  expect(await applying(bench)).toBe(orphan);

  const next = startSteps(run);
  const again = await applying(bench, orphan);
  expect(again).not.toBe(orphan);
  next.kill('SIGKILL');
  await once(next, 'exit');

  await runSteps({ ...run, list: 'rollback' });
  expect(await bench.topics()).toEqual({});
  expect(applyingNow(bench)).toEqual([]);
  expect(after).not.toEqual({});
});

/** A deployment of a new commit. */
async function nextRun(bench: CommandBench, deployment: number, killAt: number, applyAfterMs = 0) {
  const letters = deployment.toString(16).padStart(4, '0');
  const after: Topics = { orders: { partitions: deployment, keep: '7d' } };
  await bench.commitTopics(letters, after);
  const { folder } = bench;
  const run: CommandRun = {
    folder,
    sha: shaOf(letters),
    deployment,
    list: 'steps',
    applyAfterMs,
    killAt,
  };
  return { run, after };
}

function startSteps(run: CommandRun): ChildProcess {
  return spawn(process.execPath, [program, JSON.stringify(run)]);
}

async function runSteps(run: CommandRun): Promise<{ readonly killed: boolean }> {
  const child = startSteps(run);
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  const [errors, [code, signal]] = await Promise.all([text(child.stderr!), exit]);
  if (signal === 'SIGKILL') return { killed: true };
  if (code !== 0) throw new Error(`at ${run.killAt}: ${errors}${await logsOf(run)}`);
  return { killed: false };
}

async function logsOf({ folder, deployment }: CommandRun): Promise<string> {
  const path = join(folder, 'state/logs/production.topics', `${deployment}.log`);
  return readFile(path, 'utf8').catch(() => '');
}

/** The pid of the program that applies, once there is one besides this. */
async function applying(bench: CommandBench, besides = 0): Promise<number> {
  for (;;) {
    const pid = applyingNow(bench).find((it) => it !== besides);
    if (pid !== undefined) return pid;
    await sleep(20);
  }
}

function applyingNow({ folder }: CommandBench): readonly number[] {
  const inRelease = ({ pid }: { readonly pid: number }) =>
    directoryOf(pid).startsWith(folder) && wordsOf(pid).includes('apply');
  return listProcesses()
    .filter(inRelease)
    .map(({ pid }) => pid);
}

function directoryOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
