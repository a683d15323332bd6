import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPrivateMounts } from '../../support/private-mounts.ts';
import type { SmallDiskResult } from '../../support/run-on-small-disk.ts';
import { openBench, serverSource, type Bench } from '../../support/service-bench.ts';

const program = join(import.meta.dirname, '../../support/run-on-small-disk.ts');
const way = findPrivateMounts();
let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
  await bench.commit('a', { 'server.js': serverSource(), VERSION: '1.0.0\n' });
  await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0\n' });
});
afterEach(() => bench[Symbol.asyncDispose]());

test.skipIf(way === null)(
  'a disk that gets full: the deployment says so and goes back, and a program that ends then is started again',
  async () => {
    const state = join(bench.folder, 'state');
    mkdirSync(state);
    const script = `mount -t tmpfs -o size=24m tmpfs '${state}' && '${process.execPath}' '${program}' '${bench.folder}'`;
    const { stdout, stderr } = await run([...way!, 'sh', '-c', script]);
    expect(stderr).toBe('');
    const told = JSON.parse(stdout) as SmallDiskResult;
    expect(told).toMatchObject({
      first: { state: 'done' },
      during: { state: 'rolled-back', failure: { reason: 'disk_full', step: 'build' } },
      afterwards: '1.0.0',
      health: 'healthy',
      served: '1.0.0',
    });
    // What the build left is gone, so that there is room again.
    expect(told.free).toBeGreaterThan(10 * 2 ** 20);
    expect(told.reasons).toContain('disk_full');
  },
  60_000,
);

async function run([file, ...words]: readonly string[]): Promise<{
  stdout: string;
  stderr: string;
}> {
  const child = spawn(file!, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { stdout, stderr };
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
