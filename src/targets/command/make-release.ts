import { StepFailure } from '../target.ts';
import { failingAs } from '../failures.ts';
import { assertEnded, runProgram, type ProgramRun } from './run-program.ts';
import type { World } from './world.ts';

/** The commit is laid out on this host, and ready for its programs. Nothing else is touched. */
export async function makeRelease(world: World, signal: AbortSignal): Promise<void> {
  await failingAs('fetch_failed', signal, () => fetchCommit(world, signal));
  await failingAs('layout_failed', signal, async () => {
    if ((await world.release.making()) === null) await layOutAnew(world, signal);
  });
  await failingAs('build_failed', signal, () => prepare(world, signal));
  await world.release.noteUse(world.ports.clock.now());
}

async function fetchCommit({ sha, ports, release, progress }: World, signal: AbortSignal) {
  const { git } = ports;
  if ((await release.making()) !== null || (await git.has(sha))) return;
  progress(`fetching ${sha.slice(0, 7)}`);
  await git.fetch(signal);
  if (await git.has(sha)) return;
  throw new StepFailure('fetch_failed', `no branch and no tag of the repository leads to ${sha}`);
}

async function layOutAnew({ sha, ports, release }: World, signal: AbortSignal): Promise<void> {
  await release.replaceTree((destination) => ports.git.layOut(sha, '.', destination, signal));
}

/** Once in a tree; what an unfinished or failed one left behind is no part of a release. */
async function prepare(world: World, signal: AbortSignal): Promise<void> {
  const { config, release } = world;
  if (config.prepare === undefined) return;
  const before = (await release.making())?.['prepare'] ?? null;
  if (before?.status === 0) return;
  if (before !== null) await layOutAnew(world, signal);
  const { run, timeout: timeoutMs } = config.prepare;
  const program: ProgramRun = { name: 'prepare', run, timeoutMs, log: release.log('prepare') };
  await release.noteRun('prepare', { status: null, durationMs: 0 });
  const result = await runProgram(world, program, signal);
  const { status, durationMs } = result;
  await release.noteRun('prepare', { status, durationMs });
  assertEnded(program, 'build_failed', result);
}
