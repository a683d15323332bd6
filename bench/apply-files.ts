import { rm } from 'node:fs/promises';
import { openFilesScene } from './support/files-scene.ts';
import { residentMb } from './support/resident.ts';
import { flag, measureSizes, timeOf } from './support/sizes.ts';

// Deploying many files, every one synced to the disk, beside a checkout by git, which syncs none.
// `node bench/apply-files.ts [--json] [--sizes 1000,10000]`; about 1 min. Needs git.
interface Result {
  readonly files: number;
  /** Of a first deployment: all steps, and of them the laying out. */
  readonly stepsMs: number;
  readonly layOutMs: number;
  readonly checkoutMs: number;
  /** A second deployment, which changes one file: backed up, laid out, switched. */
  readonly secondMs: number;
  readonly rssMb: number;
}

const size = flag('--size');
if (size === null) compareSizes();
else console.log(JSON.stringify(await measure(Number(size))));

function compareSizes(): void {
  const results = measureSizes<Result>(import.meta.filename, '1000,10000');
  if (process.argv.includes('--json')) console.log(JSON.stringify({ results }));
  else console.table(results.map(rowOf));
}

async function measure(files: number): Promise<Result> {
  const scene = await openFilesScene(files);
  try {
    const sha = await scene.change();
    await rm(`${scene.clone}/maps`, { recursive: true });
    const checkoutMs = await timeOf(() => scene.git(['checkout', '--quiet', '--', '.']));
    const first = await timesOf(scene.target(sha, 1).steps);
    const second = await timesOf(scene.target(await scene.change(), 2).steps);
    return {
      files,
      stepsMs: sum(first),
      layOutMs: first.get('lay-out') ?? 0,
      checkoutMs,
      secondMs: sum(second),
      rssMb: await residentMb(process.pid),
    };
  } finally {
    await scene.remove();
  }
}

async function timesOf(
  steps: readonly { readonly name: string; run(signal: AbortSignal): Promise<void> }[],
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  const { signal } = new AbortController();
  for (const step of steps) times.set(step.name, await timeOf(() => step.run(signal)));
  return times;
}

function sum(times: ReadonlyMap<string, number>): number {
  return [...times.values()].reduce((all, each) => all + each, 0);
}

function rowOf({ files, stepsMs, layOutMs, checkoutMs, secondMs, rssMb }: Result) {
  return {
    files,
    'all steps, ms': stepsMs.toFixed(0),
    'lay out, ms': layOutMs.toFixed(0),
    'git checkout, ms': checkoutMs.toFixed(0),
    'steps ÷ git': (stepsMs / checkoutMs).toFixed(2),
    'one changed, ms': secondMs.toFixed(0),
    'RSS, MB': rssMb.toFixed(0),
  };
}
