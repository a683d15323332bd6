import { join, relative } from 'node:path';
import type { Reason } from '../../model/reason.ts';
import type { ProgramResult } from '../../ports/programs.ts';
import { buildEnvironment } from '../environment.ts';
import { fillCommand, type PlaceholderValues } from '../fill-placeholders.ts';
import { outputVariables } from '../output-variables.ts';
import { paramVariables } from '../param-variables.ts';
import { programFolder } from '../program-folder.ts';
import { envRootOf, loadSecrets } from '../secrets.ts';
import { StepFailure } from '../target.ts';
import type { World } from './world.ts';

/** From SIGINT to harder means: what is cut off in the middle may leave a lock or half a change. */
const graceMs = 30_000;
/** So many lines of a program are shown to people as they come. */
const maxTold = 2_000;

/** A program of the target, and how it is run. */
export interface ProgramRun {
  /** `plan`, `apply`: for people. */
  readonly name: string;
  readonly run: readonly [string, ...string[]];
  readonly timeoutMs: number;
  readonly log: string;
  /** What `{plan_file}` and what was applied before stand for; absent ones are left empty. */
  readonly values?: Partial<PlaceholderValues>;
  /** So many bytes of its standard output are an answer. */
  readonly capture?: number;
  readonly unlogged?: boolean;
}

/** Runs a program in the release of this deployment. */
export async function runProgram(
  world: World,
  { name, run, timeoutMs, log, values, ...reading }: ProgramRun,
  signal: AbortSignal,
): Promise<ProgramResult> {
  const { config, paths, inherited, sha, version, environment, target, release, ports } = world;
  const directory = await programFolder(release.tree, config.path);
  const secrets = await loadSecrets(paths.envRoot, version, config.env.secret);
  const envRoot = await envRootOf(paths.envRoot, version);
  const filled = fillCommand(run, {
    version,
    sha,
    environment,
    release: release.tree,
    env_root: envRoot ?? '',
    plan_file: '',
    previous_sha: '',
    previous_release: '',
    ...values,
  });
  const env = buildEnvironment({
    inherited,
    clear: config.env.clear,
    secrets,
    version,
    sha,
    envRoot,
    own: {
      SALLYPORT_ENVIRONMENT: environment,
      SALLYPORT_TARGET: target,
      ...outputVariables(world.outputs),
      ...paramVariables(world.params),
    },
  });
  world.progress(`${name}: ${run[0]}`);
  const spec = { command: filled, directory, env, secrets: Object.values(secrets), log, timeoutMs };
  // An answer to read is no news for people.
  const tell = reading.capture === undefined ? { tell: tellerOf(world, log) } : {};
  return ports.programs.run({ ...spec, graceMs, ...reading, ...tell }, signal);
}

/** People follow what a program prints; one that prints without end is left to its own log. */
function tellerOf(world: World, log: string): (line: string) => void {
  let count = 0;
  return (line) => {
    count += 1;
    if (count <= maxTold) world.progress(`| ${line}`);
    else if (count === maxTold + 1)
      world.progress(`| … more in ${relative(world.paths.state, log)}`);
  };
}

/** What a program of this deployment prints goes here; so one that was left running is ended before the next begins. */
export function logOf({ logs, deployment }: World): string {
  return join(logs, `${deployment}.log`);
}

/** Refuses a program that did not end with 0. */
export function assertEnded(
  { name, run, timeoutMs }: ProgramRun,
  reason: Reason,
  { status, tail }: ProgramResult,
): void {
  if (status === 0) return;
  const what = `${name} (${run.join(' ')})`;
  if (status !== 'timeout') throw new StepFailure(reason, `${what} ended with ${status}`, tail);
  throw new StepFailure('timed_out', `${what} did not end within ${timeoutMs / 1_000} s`, tail);
}
