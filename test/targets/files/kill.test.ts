import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { FilesBench, readFiles, writeFiles, type Files } from '../../support/files-bench.ts';
import type { FilesRun } from '../../support/run-files-steps.ts';

const program = join(import.meta.dirname, '../../support/run-files-steps.ts');
const isLong = process.env['SALLYPORT_LONG'] === '1';
/** Every moment takes a process of its own, so the usual run takes some of them, spread over all steps. */
const stride = isLong ? 1 : 31;
const timeout = isLong ? 900_000 : 120_000;

const config = {
  keep: ['cache/**', '*.lock'],
  backups: 2,
  reload: { command: [process.execPath, '-e', ''] },
};
const kept = { 'cache/tile': 't', 'a.lock': '1' };

test(
  'killed with -9 at any moment, the destination is wholly old or wholly new, and the next agent finishes',
  { timeout },
  async () => {
    await using bench = await openBench();
    for (let deployment = 2, killAt = 1; ; deployment += 1, killAt += stride) {
      const [old, run] = [await bench.files(), await nextRun(bench, deployment, killAt)];
      const wanted = { ...contentOf(deployment), ...kept };
      const { killed } = await runSteps(run);
      expect([old, wanted]).toContainEqual(await bench.files());
      if (killed) await runSteps({ ...run, killAt: 0 });
      expect(await bench.files()).toEqual(wanted);
      expectNoLeftovers(bench, 3);
      if (!killed) return;
    }
  },
);

test(
  'killed with -9 at any moment, it is undone by the next agent, which may be killed as well',
  { timeout },
  async () => {
    await using bench = await openBench();
    const old = await bench.files();
    for (let deployment = 2, killAt = 2; ; deployment += 1, killAt += stride) {
      const run = await nextRun(bench, deployment, killAt);
      const { killed } = await runSteps(run);
      const undo = { ...run, list: 'rollback' } as const;
      if ((await runSteps({ ...undo, killAt: 1 + (killAt % 40) })).killed) {
        expect([old, { ...contentOf(deployment), ...kept }]).toContainEqual(await bench.files());
        await runSteps({ ...undo, killAt: 0 });
      }
      expect(await bench.files()).toEqual(old);
      expectNoLeftovers(bench, 2);
      if (!killed) return;
    }
  },
);

test(
  'killed while a directory is adopted, it is there as a whole after the next agent',
  { timeout },
  async () => {
    for (let killAt = 1; ; killAt += isLong ? 1 : 23) {
      await using bench = await FilesBench.open();
      await writeFiles(bench.destination, { x: 'by hand', own: 'mine', ...kept });
      const run = await nextRun(bench, 1, killAt);
      const { killed } = await runSteps(run);
      const found = await filesIfAny(bench);
      const wanted = { ...contentOf(1), ...kept };
      // Linux cannot put a link in the place of a directory: between two renames nothing is there.
      const home = join(bench.folder, 'srv/.config.sallyport/kept/cache/tile');
      const moved = existsSync(home) ? { 'cache/tile': 't' } : {};
      const old = { x: 'by hand', own: 'mine', ...kept };
      if (found !== null) expect([old, wanted]).toContainEqual({ ...found, ...moved });
      if (killed && killAt % 2 === 1) {
        await runSteps({ ...run, list: 'rollback', killAt: 0 });
        expect(await bench.files()).toEqual({ x: 'by hand', own: 'mine', ...kept });
      } else {
        if (killed) await runSteps({ ...run, killAt: 0 });
        expect(await bench.files()).toEqual(wanted);
      }
      if (!killed) return;
    }
  },
);

async function openBench(): Promise<FilesBench> {
  const bench = await FilesBench.open();
  await runSteps(await nextRun(bench, 1, 0));
  await writeFiles(bench.destination, { 'a.lock': '1' });
  await writeFile(join(bench.destination, 'cache/tile'), 't');
  return bench;
}

function contentOf(deployment: number): Files {
  return { x: `${deployment}`, [`only/${deployment}`]: 'o', same: 's', y: `${deployment}` };
}

/** A deployment of a new commit. */
async function nextRun(bench: FilesBench, deployment: number, killAt: number): Promise<FilesRun> {
  const letter = deployment.toString(16).padStart(4, '0');
  await bench.commit(letter, contentOf(deployment));
  return { folder: bench.folder, letter, deployment, list: 'steps', config, killAt };
}

async function runSteps(run: FilesRun): Promise<{ readonly killed: boolean }> {
  const child = spawn(process.execPath, [program, JSON.stringify(run)]);
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exit,
  ]);
  if (signal === 'SIGKILL') return { killed: true };
  if (code !== 0 || output.includes('"reason"'))
    throw new Error(`at ${run.killAt}: ${output}${errors}`);
  return { killed: false };
}

async function filesIfAny(bench: FilesBench): Promise<Files | null> {
  return existsSync(bench.destination) ? readFiles(bench.destination) : null;
}

function expectNoLeftovers(bench: FilesBench, directories: number): void {
  const names = readdirSync(join(bench.folder, 'srv/.config.sallyport'));
  const others = names.filter((name) => !/^\d+-[0-9a-f]{7}$/.test(name));
  expect(others.toSorted()).toEqual(['kept', 'target']);
  expect(names.length - others.length).toBeLessThanOrEqual(directories);
}
