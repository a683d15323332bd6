import { SallyportError, asSallyportError } from '../model/errors.ts';
import { ruleComment } from '../report/rule-comment.ts';
import { readPolicy } from './configuration.ts';
import type { RuleEvent } from './events/protection-rule.ts';
import { judgeRunOf, type RunVerdict } from './judge-run.ts';
import type { WaitingRun } from './surfaces.ts';
import type { AppWorld } from './world.ts';

/** GitHub takes ten comments on a run; the last one is for the end of the waiting. */
const maxTold = 9;

/**
 * A job of a workflow waits for Sallyport: its gates are judged at once, and again at every sweep
 * while one is closed that opens again.
 */
export async function handleProtectionRule(
  event: RuleEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  const { run, sha, environment, actor } = event;
  if (run === null || sha === null) return;
  const world = await open();
  const { runs } = world.followUps.surfaces;
  const waiting = { run, environment, sha, actor, told: '', count: 0 };
  runs.set(keyOf(waiting), waiting);
  await answerRun(waiting, world);
}

/** Asks again for every run that waits. What goes wrong stands in the log, and is tried next time. */
export async function sweepRuns(world: AppWorld, signal?: AbortSignal): Promise<void> {
  // What is told is kept anew while this goes on.
  const all = [...world.followUps.surfaces.runs.values()];
  for (const waiting of all) {
    if (signal?.aborted) return;
    try {
      await answerRun(waiting, world);
    } catch (error) {
      const { code, message } = asSallyportError(error);
      world.log.warn('a workflow that waits could not be answered', {
        run: waiting.run,
        code,
        message,
      });
    }
  }
}

async function answerRun(waiting: WaitingRun, world: AppWorld): Promise<void> {
  const { github, followUps, log } = world;
  const { runs } = followUps.surfaces;
  const { run, environment, told, count } = waiting;
  const { state, gate } = await judge(waiting, world);
  const comment = gate
    ? ruleComment({ ...gate, opensAt: gate.opensAt ?? null })
    : `The gates of ${environment} are open.`;
  if (state === 'waiting' && (comment === told || count >= maxTold)) return;
  const isHeard = await github.answerRule({
    run,
    environment,
    state: state === 'waiting' ? null : state,
    comment,
  });
  log.info('a workflow was answered', { run, environment, state, gate: gate?.name ?? null });
  if (isHeard && state === 'waiting') {
    runs.set(keyOf(waiting), { ...waiting, told: comment, count: count + 1 });
  } else {
    runs.delete(keyOf(waiting));
  }
}

const mendable: readonly string[] = ['policy_missing', 'config_invalid'];

/** A policy that its people must mend closes, and says so; whatever passes by itself is thrown. */
async function judge(waiting: WaitingRun, world: AppWorld): Promise<RunVerdict> {
  const { github, reader, repository } = world;
  try {
    const [policy, reading] = await Promise.all([
      readPolicy(github, repository.defaultBranch),
      reader.refresh(),
    ]);
    return judgeRunOf(waiting.environment, waiting, policy, reading);
  } catch (error) {
    if (!(error instanceof SallyportError) || !mendable.includes(error.code)) throw error;
    const { code, message, hint = null } = error;
    return {
      state: 'rejected',
      gate: { name: 'policy', open: false, reason: code, message, hint },
    };
  }
}

function keyOf({ run, environment }: Pick<WaitingRun, 'run' | 'environment'>): string {
  return `${run} ${environment}`;
}
