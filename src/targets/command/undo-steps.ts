import { failingAs } from '../failures.ts';
import { StepFailure, type Step } from '../target.ts';
import { needsPrevious, placesOf } from './places.ts';
import { assertEnded, logOf, runProgram, type ProgramRun } from './run-program.ts';
import { PlanFolder } from './saved-plan.ts';
import type { Attempt } from './state-file.ts';
import type { World } from './world.ts';

/** Back to what was applied before the deployment, as far as a program of the target can do that. */
export function undoSteps(world: World): readonly Step[] {
  return [
    {
      name: 'rollback',
      phase: 'rolling-back',
      run: (signal) => failingAs('rollback_failed', signal, () => undo(world, signal)),
    },
  ];
}

async function undo(world: World, signal: AbortSignal): Promise<void> {
  const { attempt } = await world.state.read();
  if (attempt === null || attempt.deployment < world.deployment) return;
  if (attempt.deployment > world.deployment) throw changedSince(attempt, world.deployment);
  if (attempt.undone) return;
  // What changed nothing needs no program to undo it.
  if (attempt.began) await runRollback(world, attempt, signal);
  const health = attempt.began ? { health: 'unknown' as const } : {};
  await world.state.change({
    attempt: { ...attempt, undone: true },
    ...((attempt.began || attempt.ended) && { applied: attempt.before, ...health }),
  });
}

async function runRollback(world: World, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const { rollback } = world.config;
  if (rollback === undefined) throw nobodyCan(world);
  if (attempt.before === null && needsPrevious(rollback.run)) throw nothingBefore();
  const { run, timeout: timeoutMs } = rollback;
  const planFile = new PlanFolder(world.plans, attempt.plan).file;
  const values = { plan_file: planFile, ...placesOf(attempt.before) };
  const program: ProgramRun = { name: 'rollback', run, timeoutMs, log: logOf(world), values };
  assertEnded(program, 'rollback_failed', await runProgram(world, program, signal));
}

function nobodyCan({ target, deployment }: World): StepFailure {
  return new StepFailure(
    'no_backup',
    `deployment ${deployment} has changed what ${target} manages, and ${target} declares no rollback program: a person must look at it`,
    ['put it right and deploy again, or declare `rollback`'],
  );
}

function nothingBefore(): StepFailure {
  return new StepFailure(
    'no_backup',
    'nothing was applied here before, so there is nothing for the rollback program to go back to: a person must look at it',
    ['put it right and deploy again'],
  );
}

function changedSince(attempt: Attempt, deployment: number): StepFailure {
  return new StepFailure(
    'no_backup',
    `deployment ${attempt.deployment} has changed this target since, so ${deployment} cannot be undone`,
  );
}
