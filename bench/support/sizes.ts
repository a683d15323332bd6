import { spawnSync } from 'node:child_process';

/**
 * Measures each of `--sizes` in a process of its own, whose memory is then its own too: `program`
 * is run again with `--size`, and prints what came out as JSON.
 */
export function measureSizes<Result>(program: string, usual: string): readonly Result[] {
  const sizes = (flag('--sizes') ?? usual).split(',');
  return sizes.map((each) => {
    const { stdout, status } = spawnSync(process.execPath, [program, '--size', each], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`${each} files ended with ${status}`);
    return JSON.parse(stdout) as Result;
  });
}

/** What stands behind a flag; `null` where it was not given. */
export function flag(name: string): string | null {
  const at = process.argv.indexOf(name);
  return at === -1 ? null : (process.argv[at + 1] ?? null);
}

/** How long it takes, in ms. */
export async function timeOf(act: () => unknown): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}
