import { rm } from 'node:fs/promises';
import type { Reason } from '../../model/reason.ts';
import type { ReleaseFolder } from '../release.ts';
import { StepFailure, type Step } from '../target.ts';
import { assertSuccess, failingAs } from '../failures.ts';
import { prepareProgram } from './programs-of.ts';
import { releaseOf } from './release-of.ts';
import { shareFolders } from './share-folders.ts';
import { treesInUse } from './state-file.ts';
import { attemptOf } from './wanted.ts';
import type { World } from './world.ts';

/** A build or a test that runs longer has hung. */
const programTimeoutMs = 30 * 60_000;

/** From a commit to a release on the disk; all of it is passed over for what is in its slot already. */
export function releaseSteps(world: World): readonly Step[] {
  const step = (
    name: string,
    reason: Reason,
    act: (release: ReleaseFolder, signal: AbortSignal) => Promise<void>,
  ): Step => ({
    name,
    phase: 'applying',
    aside: true,
    run: (signal) =>
      failingAs(reason, signal, async () => {
        const { version, unchanged, warm } = attemptOf(world, await world.state.read());
        if (unchanged || warm) return;
        await act(releaseOf(world, version), signal);
      }).catch((failure: unknown) => makeRoom(world, failure)),
  });
  return [
    step('fetch', 'fetch_failed', (release, signal) => fetchCommit(world, release, signal)),
    step('lay-out', 'layout_failed', (release, signal) => layOut(world, release, signal)),
    step('build', 'build_failed', (release, signal) => build(world, release, signal)),
    step('test', 'test_failed', (release, signal) => runTest(world, release, signal)),
  ];
}

/** Where the disk is full, what is not finished goes at once: others need the room more. */
async function makeRoom(world: World, failure: unknown): Promise<never> {
  if (failure instanceof StepFailure && failure.reason === 'disk_full') {
    const state = await world.state.read();
    const { version } = attemptOf(world, state);
    await releaseOf(world, version).discard(treesInUse(state.slots));
  }
  throw failure;
}

async function fetchCommit(
  world: World,
  release: ReleaseFolder,
  signal: AbortSignal,
): Promise<void> {
  const { sha, ports } = world;
  const { git } = ports;
  if ((await release.making()) !== null || (await git.has(sha))) return;
  world.progress(`fetching ${sha.slice(0, 7)}`);
  await git.fetch(signal);
  if (await git.has(sha)) return;
  throw new StepFailure('fetch_failed', `no branch and no tag of the repository leads to ${sha}`);
}

async function layOut(world: World, release: ReleaseFolder, signal: AbortSignal): Promise<void> {
  if ((await release.making()) !== null) {
    world.progress(`release ${world.sha.slice(0, 7)} is on the disk already`);
    return;
  }
  await layOutAnew(world, release, signal);
}

async function build(world: World, release: ReleaseFolder, signal: AbortSignal): Promise<void> {
  const { build: command } = world.config;
  const making = await release.making();
  const before = making?.['build'] ?? null;
  if (command === undefined || before?.status === 0) return;
  // What an unfinished or failed build left behind is no part of a release.
  if (making === null || before !== null) await layOutAnew(world, release, signal);
  await runProgram(world, release, 'build', command, signal);
}

async function runTest(world: World, release: ReleaseFolder, signal: AbortSignal): Promise<void> {
  const { test: command } = world.config;
  if (command === undefined || (await release.making())?.['test']?.status === 0) return;
  await runProgram(world, release, 'test', command, signal);
}

async function layOutAnew(
  world: World,
  release: ReleaseFolder,
  signal: AbortSignal,
): Promise<void> {
  const { git } = world.ports;
  await release.replaceTree(async (destination) => {
    await git.layOut(world.sha, '.', destination, signal);
    await shareFolders(world, destination);
  });
}

async function runProgram(
  world: World,
  release: ReleaseFolder,
  name: 'build' | 'test',
  command: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<void> {
  const { version } = attemptOf(world, await world.state.read());
  const { sha, config, params, ports } = world;
  const program = await prepareProgram(
    world,
    { sha, version, tree: release.tree, config, params },
    command,
  );
  const log = release.log(name);
  world.progress(`${name}: ${command[0]}`);
  await rm(log, { force: true });
  await release.noteRun(name, { status: null, durationMs: 0 });
  const result = await ports.programs.run({ ...program, log, timeoutMs: programTimeoutMs }, signal);
  await release.noteRun(name, { status: result.status, durationMs: result.durationMs });
  assertSuccess(`${name} (${command.join(' ')})`, `${name}_failed`, result);
}
