import { setTimeout as sleep } from 'node:timers/promises';
import { openFilesScene } from './support/files-scene.ts';
import { residentMb } from './support/resident.ts';
import { flag, measureSizes, timeOf } from './support/sizes.ts';
import { median } from './support/wrk.ts';

// A plan over many files of which one is changed, beside git on the same trees.
// `node bench/plan-files.ts [--json] [--sizes 1000,10000,100000]`; about 3 min. Needs git.
const rounds = 9;
const goal = 2;

interface Result {
  readonly files: number;
  /** The first plan of all: every content is read and hashed. */
  readonly firstMs: number;
  /** Of a commit that was not seen before, and of the same one again. */
  readonly newMs: number;
  readonly againMs: number;
  /** `git diff --name-status COMMIT` in a work tree, and between two commits, which looks at no file. */
  readonly workTreeMs: number;
  readonly commitsMs: number;
  readonly rssMb: number;
}

const size = flag('--size');
if (size === null) compareSizes();
else console.log(JSON.stringify(await measure(Number(size))));

function compareSizes(): void {
  const results = measureSizes<Result>(import.meta.filename, '1000,10000,100000');
  if (process.argv.includes('--json')) console.log(JSON.stringify({ goal, results }));
  else console.table(results.map(rowOf));
}

async function measure(files: number): Promise<Result> {
  const scene = await openFilesScene(files);
  const { signal } = new AbortController();
  try {
    const deploy = scene.target(await scene.change(), 1);
    scene.git(['checkout', '--quiet', 'origin/main']);
    for (const step of deploy.steps) await step.run(signal);
    // What changed a moment ago is not remembered, by git neither.
    await sleep(3_000);
    scene.git(['update-index', '--refresh']);
    const base = scene.git(['rev-parse', 'HEAD']);
    const firstMs = await timeOf(() => deploy.plan(signal));
    const times = {
      new: [] as number[],
      again: [] as number[],
      tree: [] as number[],
      commits: [] as number[],
    };
    for (let round = 0; round < rounds; round += 1) {
      const sha = await scene.change();
      const target = scene.target(sha, 2);
      const plan = async () => {
        const { changes } = await target.plan(signal);
        if (changes.length !== round + 1) throw new Error(`${changes.length} changes were found`);
      };
      times.new.push(await timeOf(plan));
      times.again.push(await timeOf(plan));
      times.tree.push(await timeOf(() => scene.git(['diff', '--name-status', sha])));
      times.commits.push(await timeOf(() => scene.git(['diff', '--name-status', base, sha])));
    }
    return {
      files,
      firstMs,
      newMs: median(times.new),
      againMs: median(times.again),
      workTreeMs: median(times.tree),
      commitsMs: median(times.commits),
      rssMb: await residentMb(process.pid),
    };
  } finally {
    await scene.remove();
  }
}

function rowOf(result: Result) {
  const { files, firstMs, newMs, againMs, workTreeMs, commitsMs, rssMb } = result;
  return {
    files,
    'first, ms': firstMs.toFixed(0),
    'new commit, ms': newMs.toFixed(0),
    'again, ms': againMs.toFixed(0),
    'git, work tree, ms': workTreeMs.toFixed(0),
    'new ÷ git': (newMs / workTreeMs).toFixed(2),
    'again ÷ git': (againMs / workTreeMs).toFixed(2),
    'git, two commits, ms': commitsMs.toFixed(0),
    'RSS, MB': rssMb.toFixed(0),
  };
}
