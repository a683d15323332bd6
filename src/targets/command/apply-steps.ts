import type { Reason } from '../../model/reason.ts';
import { failingAs } from '../failures.ts';
import { StepFailure, type Step } from '../target.ts';
import { attemptOf } from './attempt.ts';
import { makePlan, targetPlanOf } from './make-plan.ts';
import { makeRelease } from './make-release.ts';
import { placesOf } from './places.ts';
import { assertEnded, logOf, runProgram, type ProgramRun } from './run-program.ts';
import { PlanFolder } from './saved-plan.ts';
import type { World } from './world.ts';
import { verifySteps } from './verify-steps.ts';

/** From an approved plan to a world in which it is true. `planned` names the plan that this process made or took up. */
export function applySteps(world: World, planned: () => string): readonly Step[] {
  const step = (
    name: string,
    phase: Step['phase'],
    reason: Reason,
    act: (signal: AbortSignal) => Promise<void>,
  ): Step => ({ name, phase, run: (signal) => failingAs(reason, signal, () => act(signal)) });
  return [
    step('lay-out', 'backing-up', 'layout_failed', (signal) => makeRelease(world, signal)),
    step('remember', 'backing-up', 'backup_failed', (signal) => remember(world, planned(), signal)),
    {
      ...step('apply', 'applying', 'apply_failed', (signal) => apply(world, signal)),
      noReturn: true,
    },
    ...verifySteps(world),
  ];
}

/** Writes down which plan is applied and what was there before; refuses a plan that is not the one it was. */
async function remember(world: World, plan: string, signal: AbortSignal): Promise<void> {
  const { deployment, state } = world;
  const { applied: before, attempt } = await state.read();
  const folder = new PlanFolder(world.plans, plan);
  const saved = await folder.read();
  if (saved === null) throw planGone(folder.folder);
  await folder.assertUntouched(saved);
  const unchanged = saved.changes.length === 0;
  // A program without a plan file plans for itself when it applies: nothing may have moved since.
  if (!unchanged && saved.file === null) {
    const now = await makePlan(world, new PlanFolder(world.plans, 'left'), signal);
    if (targetPlanOf(now).digest !== targetPlanOf(saved).digest) throw movedOn();
  }
  const wasCutOff =
    attempt?.deployment === deployment && attempt.began && !attempt.ended && !attempt.undone;
  const began = wasCutOff && !unchanged;
  await state.change({
    attempt: { deployment, plan, unchanged, before, began, ended: false, undone: false },
  });
  const was = before === null ? 'nothing was applied yet' : `${before.version} was applied last`;
  world.progress(was);
}

/**
 * Applies the plan. Where an agent was killed in the middle, it is planned once more: where nothing
 * is left to change, the program had come to its end; otherwise it is run again with the same plan,
 * and one that has partly been applied is for the program to take up or to refuse.
 */
async function apply(world: World, signal: AbortSignal): Promise<void> {
  const { state } = world;
  const attempt = await attemptOf(world);
  if (attempt.ended) return;
  const isDone = attempt.unchanged || (attempt.began && (await isNothingLeft(world, signal)));
  if (!isDone) {
    const folder = new PlanFolder(world.plans, attempt.plan);
    const saved = await folder.read();
    if (saved === null) throw planGone(folder.folder);
    await folder.assertUntouched(saved);
    const { run, timeout: timeoutMs } = world.config.apply;
    const values = { plan_file: folder.file, ...placesOf(attempt.before) };
    const program: ProgramRun = { name: 'apply', run, timeoutMs, log: logOf(world), values };
    await state.change({ attempt: { ...attempt, began: true }, health: 'unknown' });
    assertEnded(program, 'apply_failed', await runProgram(world, program, signal));
  }
  const { deployment, sha, version, release } = world;
  const outputs = attempt.unchanged ? (attempt.before?.outputs ?? {}) : {};
  await state.change({
    attempt: { ...attempt, began: !attempt.unchanged, ended: true },
    applied: { deployment, sha, version, tree: release.tree, outputs },
    health: world.config.verify === undefined ? 'healthy' : 'unknown',
  });
}

async function isNothingLeft(world: World, signal: AbortSignal): Promise<boolean> {
  try {
    const { changes } = await makePlan(world, new PlanFolder(world.plans, 'left'), signal);
    world.progress(`interrupted earlier: ${changes.length} changes are left`);
    return changes.length === 0;
  } catch (error) {
    signal.throwIfAborted();
    world.progress(`interrupted earlier, and planning fails now: ${(error as Error).message}`);
    return false;
  }
}

function planGone(folder: string): StepFailure {
  return new StepFailure('plan_changed', `there is no plan in ${folder} any more`, [
    'deploy again: it is planned anew',
  ]);
}

function movedOn(): StepFailure {
  return new StepFailure('plan_changed', 'the plan program finds other changes than it planned', [
    'deploy again, or let it write {plan_file}, so that exactly this is applied',
  ]);
}
