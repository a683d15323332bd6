import { canonicalJson, digestOf, type Digest } from '../../model/digest.ts';
import { planOf, type TargetPlan } from '../../model/plan.ts';
import type { ProgramResult } from '../../ports/programs.ts';
import { failingAs } from '../failures.ts';
import { StepFailure } from '../target.ts';
import { makeRelease } from './make-release.ts';
import { readPlan, verdictOf, type Verdict } from './read-plan.ts';
import { assertEnded, runProgram, type ProgramRun } from './run-program.ts';
import type { PlanFolder, SavedPlan } from './saved-plan.ts';
import type { World } from './world.ts';

/** A plan that is larger than this is for no person to read. */
const maxPlanBytes = 32 * 1024 * 1024;

/** Runs the plan program and keeps what it found out in this folder. Nothing that it manages is touched. */
export async function makePlan(
  world: World,
  folder: PlanFolder,
  signal: AbortSignal,
): Promise<SavedPlan> {
  await makeRelease(world, signal);
  return failingAs('plan_failed', signal, async () => {
    await folder.clear();
    const { verdict, printed } = await runPlan(world, folder, signal);
    const file = await folder.seal();
    const text = await planText(world, folder, { verdict, printed, file }, signal);
    const { changes, risks } = readPlan(world.target, world.config.plan.format, verdict, text);
    if (changes.length > 0 && file === null) assertNeedsNoFile(world);
    const plan: SavedPlan = { schema: 1, wanted: wantedOf(world), changes, risks, file };
    await folder.save(plan);
    return plan;
  });
}

/** As people see it: the same for the same commit, configuration and changes, whatever the file's bytes are. */
export function targetPlanOf({ changes, wanted, risks }: SavedPlan): TargetPlan {
  return planOf({ changes, wanted, risks });
}

/** What a plan is a plan for. */
export function wantedOf({ sha, config, params }: World): Digest {
  return digestOf(canonicalJson({ sha, config, params }));
}

interface Planned {
  readonly verdict: Exclude<Verdict, 'failed'>;
  /** Standard output, where that is the plan. */
  readonly printed: string | null;
}

async function runPlan(world: World, folder: PlanFolder, signal: AbortSignal): Promise<Planned> {
  const { plan } = world.config;
  const program: ProgramRun = { ...planning(folder, 'plan', plan.run, plan.timeout) };
  const isRead = plan.show === undefined;
  const result = await runProgram(
    world,
    isRead ? { ...program, capture: maxPlanBytes } : program,
    signal,
  );
  const verdict = verdictOf(plan, result.status);
  if (verdict !== 'failed') return { verdict, printed: isRead ? printedBy(program, result) : null };
  assertEnded(program, 'plan_failed', result);
  throw new StepFailure('plan_failed', `plan ended with 0, which is in neither list`, result.tail);
}

/** The JSON of the plan; `null` where there is no plan to show. */
async function planText(
  world: World,
  folder: PlanFolder,
  { verdict, printed, file }: Planned & { readonly file: Digest | null },
  signal: AbortSignal,
): Promise<string | null> {
  const { show, timeout } = world.config.plan;
  if (show === undefined) return verdict === 'unchanged' && printed?.trim() === '' ? null : printed;
  if (verdict === 'unchanged' && file === null) return null;
  const program: ProgramRun = {
    ...planning(folder, 'show', show, timeout),
    capture: maxPlanBytes,
    unlogged: true,
  };
  const result = await runProgram(world, program, signal);
  assertEnded(program, 'plan_failed', result);
  return printedBy(program, result);
}

function planning(
  folder: PlanFolder,
  name: string,
  run: ProgramRun['run'],
  timeoutMs: number,
): ProgramRun {
  return { name, run, timeoutMs, log: folder.log, values: { plan_file: folder.file } };
}

function printedBy({ name }: ProgramRun, { stdout, tail }: ProgramResult): string {
  if (stdout !== undefined) return stdout;
  const most = `${maxPlanBytes / 1024 / 1024} MiB`;
  throw new StepFailure('too_large', `${name} printed a plan of more than ${most}`, tail.slice(-5));
}

/** Without the file it would apply something else than what was planned. */
function assertNeedsNoFile({ config }: World): void {
  if (!config.apply.run.some((word) => word.includes('{plan_file}'))) return;
  throw new StepFailure('plan_failed', 'the plan program wrote no {plan_file} for apply to apply', [
    'give {plan_file} to `plan.run`',
  ]);
}
