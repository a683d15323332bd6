import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import {
  hasInEnvironment,
  listProcesses,
} from '../../../src/adapters/init/process/process-table.ts';
import { FileProxy } from '../../support/file-proxy.ts';
import type { StepsRun } from '../../support/run-service-steps.ts';
import { openBench, serverSource, shaOf, type Bench } from '../../support/service-bench.ts';

const program = join(import.meta.dirname, '../../support/run-service-steps.ts');
const isLong = process.env['SALLYPORT_LONG'] === '1';
/** Every moment takes minutes, so the usual run takes some of them, spread over all steps. */
const stride = isLong ? 1 : 83;
/** More than a switch has (78), fewer than staging (119), so that the long run takes each of them. */
const switchMoments = 101;

test(
  'killed with -9 at any moment, a deployment is finished by the next agent',
  { timeout: isLong ? 1_800_000 : 180_000 },
  async () => {
    await using bench = await openBench();
    let deployment = await deployFirst(bench);
    for (let killAt = 1; ; killAt += stride) {
      const before = await bench.get('/version');
      const run = await nextRun(bench, (deployment += 1), killAt);
      const { killed } = await runSteps(run);
      await expectTraffic(bench, [before.body, run.sha.slice(0, 7)]);
      if (killed) expect((await runSteps({ ...run, killAt: 0 })).killed).toBe(false);
      await expectTraffic(bench, [run.sha.slice(0, 7)]);
      expectNoCanary(bench);
      expectNothingElseRuns(bench, 2);
      if (!killed) return;
    }
  },
);

test(
  'killed with -9 at any moment, it is undone by the next agent, which may be killed as well',
  { timeout: isLong ? 1_800_000 : 180_000 },
  async () => {
    await using bench = await openBench();
    let deployment = await deployFirst(bench);
    const { body } = await bench.get('/version');
    for (let killAt = 2; ; killAt += stride) {
      const run = await nextRun(bench, (deployment += 1), killAt);
      const { killed } = await runSteps(run);
      const undo = { ...run, list: 'rollback' } as const;
      if ((await runSteps({ ...undo, killAt: 1 + (killAt % 40) })).killed) {
        await expectTraffic(bench, [body, run.sha.slice(0, 7)]);
        expect((await runSteps({ ...undo, killAt: 0 })).killed).toBe(false);
      }
      expectNoCanary(bench);
      await expectTraffic(bench, [body]);
      expectNothingElseRuns(bench, 1);
      if (!killed) return;
    }
  },
);

test(
  'killed with -9 at any moment, a release is staged, and switched to, by the next agent',
  { timeout: isLong ? 1_800_000 : 180_000 },
  async () => {
    await using bench = await openBench();
    let deployment = await deployFirst(bench);
    for (let killAt = 1; ; killAt += stride) {
      const before = await bench.get('/version');
      const stage = { ...(await nextRun(bench, (deployment += 1), killAt)), act: 'stage' } as const;
      const { killed } = await runSteps(stage);
      if (killed) expect((await runSteps({ ...stage, killAt: 0 })).killed).toBe(false);
      await expectTraffic(bench, [before.body]);
      const switchTo = { ...stage, deployment: (deployment += 1), act: 'switch' } as const;
      const wasCut = await runSteps({ ...switchTo, killAt: 1 + ((killAt * 5) % switchMoments) });
      await expectTraffic(bench, [before.body, stage.sha.slice(0, 7)]);
      if (wasCut.killed) expect((await runSteps({ ...switchTo, killAt: 0 })).killed).toBe(false);
      await expectTraffic(bench, [stage.sha.slice(0, 7)]);
      expectNothingElseRuns(bench, 2);
      if (!killed) return;
    }
  },
);

async function deployFirst(bench: Bench): Promise<number> {
  await runSteps(await nextRun(bench, 1, 0));
  await expectTraffic(bench, [shaOf('0001').slice(0, 7)]);
  return 1;
}

/** A deployment of a new commit. */
async function nextRun(bench: Bench, deployment: number, killAt: number): Promise<StepsRun> {
  const letters = deployment.toString(16).padStart(4, '0');
  await bench.commit(letters, { 'server.js': serverSource() });
  const { folder } = bench;
  const build = [process.execPath, '-e', ''] as const;
  return { folder, sha: shaOf(letters), deployment, list: 'steps', build, killAt };
}

async function runSteps(run: StepsRun): Promise<{ readonly killed: boolean }> {
  const child = spawn(process.execPath, [program, JSON.stringify(run)]);
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  const [errors, [code, signal]] = await Promise.all([text(child.stderr), exit]);
  if (signal === 'SIGKILL') return { killed: true };
  if (code !== 0) throw new Error(`at ${run.killAt}: ${errors}`);
  return { killed: false };
}

async function expectTraffic(bench: Bench, versions: readonly string[]): Promise<void> {
  const answer = await bench.get('/version');
  expect(answer.status).toBe(200);
  expect(versions).toContain(answer.body);
}

function expectNoCanary({ folder }: Bench): void {
  expect(new FileProxy(folder).read().canary ?? null).toBeNull();
}

/** No program of a slot was left behind, and no build. */
function expectNothingElseRuns(bench: Bench, most: number): void {
  const ours = listProcesses().filter(({ pid }) => directoryOf(pid).startsWith(bench.folder));
  expect(ours.length).toBeLessThanOrEqual(most);
  expect(
    ours.filter(({ pid }) => hasInEnvironment(pid, 'SALLYPORT_SLOT=blue')).length,
  ).toBeLessThan(2);
}

function directoryOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
