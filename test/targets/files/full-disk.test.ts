import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FilesBench } from '../../support/files-bench.ts';
import type { FilesRun } from '../../support/run-files-steps.ts';

const program = join(import.meta.dirname, '../../support/run-files-steps.ts');
let bench: FilesBench;

beforeEach(async () => {
  bench = await FilesBench.open();
  await bench.commit('a', { x: 'one', y: 'same' });
  await bench.commit('b', { x: 'two'.repeat(100_000), y: 'same', ...manyFiles() });
});
afterEach(() => bench[Symbol.asyncDispose]());

function manyFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`many/${at}`, `${at}`.repeat(5000)]),
  );
}

/** Deploys twice where the destination's disk is a small one of its own; prints what happened and what is there. */
function inSmallDisk(between: string): {
  readonly outputs: readonly string[];
  readonly rest: string;
} {
  const srv = join(bench.folder, 'srv');
  const stepsOf = (letter: string, deployment: number, list: FilesRun['list']) => {
    const run: FilesRun = { folder: bench.folder, letter, deployment, list, config: {}, killAt: 0 };
    return `'${process.execPath}' '${program}' '${JSON.stringify(run)}'; echo`;
  };
  const script = [
    'set -e',
    `mount -t tmpfs -o size=512k tmpfs '${srv}'`,
    stepsOf('a', 1, 'steps'),
    between.replaceAll('{srv}', srv),
    stepsOf('b', 2, 'steps'),
    `cat '${srv}/config/x'; echo`,
    stepsOf('b', 2, 'rollback'),
    `cat '${srv}/config/x'; echo`,
    `ls '${srv}/.config.sallyport'`,
  ].join('\n');
  const { stdout, stderr, status } = runPrivately(script);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const [, first = '', second = '', third = '', fourth = '', ...rest] = ['', ...stdout.split('\n')];
  return { outputs: [first, second, third, fourth], rest: rest.join(' ').trim() };
}

/** As root in namespaces of its own, where a disk can be mounted that nobody else sees. */
function runPrivately(script: string) {
  const ways = [
    ['unshare', '-m'],
    ['unshare', '-rm'],
    ['sudo', '-n', 'unshare', '-m'],
  ] as const;
  const way = ways.find(
    ([file, ...words]) =>
      spawnSync(file, [...words, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
  );
  if (way === undefined)
    throw new Error('no way to mount a small disk: be root, or allow user namespaces');
  const [file, ...words] = way;
  return spawnSync(file, [...words, 'sh', '-c', script], { encoding: 'utf8' });
}

test('a disk that gets full in the middle: said so, the old files in place, nothing left over', () => {
  const { outputs, rest } = inSmallDisk('');
  expect(outputs[1]).toContain('"reason":"disk_full"');
  expect([outputs[2], outputs[3]]).toEqual(['one', expect.stringContaining('passed')]);
  expect(rest).toBe('one 1-aaaaaaa target');
  expect(readdirSync(join(bench.folder, 'srv'))).toEqual([]);
});

test('a destination that is read-only: said so, the old files in place', () => {
  const { outputs, rest } = inSmallDisk("mount -o remount,ro '{srv}'");
  expect(outputs[1]).toContain('"reason":"not_writable"');
  expect([outputs[2], outputs[3]]).toEqual(['one', expect.stringContaining('passed')]);
  expect(rest).toBe('one 1-aaaaaaa target');
});
