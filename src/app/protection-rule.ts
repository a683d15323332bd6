import { z } from 'zod';
import { SallyportError, asSallyportError } from '../model/errors.ts';
import type { Sha } from '../model/job.ts';
import type { Memory } from '../ports/outbox.ts';
import { ruleComment } from '../report/rule-comment.ts';
import { readPolicy } from './configuration.ts';
import type { RuleEvent } from './events/protection-rule.ts';
import { judgeRunOf, type RunVerdict } from './judge-run.ts';
import { notYet } from './retry-delivery.ts';
import type { AppWorld } from './world.ts';

/** GitHub takes ten comments on a run; the last one is for the end of the waiting. */
const maxTold = 9;
/** Between two looks, in ms: the longer it waits, the longer. */
const [shortestMs, longestMs] = [60_000, 600_000];
/** A job that waited for so long has failed on GitHub. */
const patienceMs = 30 * 24 * 3_600_000;

/** A workflow's run that wants an environment. */
interface Run {
  readonly run: number;
  readonly environment: string;
  readonly sha: Sha;
  readonly actor: string;
}

/** What must outlive the App: since when it waits, and what people were told. */
const Waiting = z.object({ since: z.number(), told: z.string(), count: z.int() });
type Waiting = z.infer<typeof Waiting>;

/**
 * A job of a workflow waits for Sallyport: its gates are judged at once. While one is closed that
 * opens again, the delivery is not done with: it is put off, and judged anew.
 */
export async function handleProtectionRule(
  { run, environment, sha, actor }: RuleEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  if (run === null || sha === null) return;
  try {
    await answerRun({ run, environment, sha, actor }, await open());
  } catch (error) {
    const { next, message, retryAfterMs = 0 } = asSallyportError(error);
    if (next !== 'retry') throw error;
    // However long GitHub is away: nobody else would let the workflow go on.
    throw notYet(message, Math.max(shortestMs, retryAfterMs));
  }
}

async function answerRun(wanted: Run, world: AppWorld): Promise<void> {
  const { github, clock, log, answers } = world;
  const { run, environment } = wanted;
  const place = `rule ${world.repository.id} ${run} ${environment}`;
  const now = clock.now();
  const known = await recall(place, answers);
  const { since, told, count } = known ?? { since: now, told: '', count: 0 };
  const { state, gate } = await judge(wanted, world);
  const comment = gate
    ? ruleComment({ ...gate, opensAt: gate.opensAt ?? null })
    : `The gates of ${environment} are open.`;
  const isWaiting = state === 'waiting';
  const isTold = isWaiting && (comment === told || count >= maxTold);
  if (!isTold) {
    const answer = { run, environment, state: isWaiting ? null : state, comment };
    const isHeard = await github.answerRule(answer);
    log.info('a workflow was answered', { run, environment, state, gate: gate?.name ?? null });
    if (!isHeard || !isWaiting) {
      // Run again, it has the same number.
      if (known) await answers?.keep(place, '');
      return;
    }
    const kept: Waiting = { since, told: comment, count: count + 1 };
    await answers?.keep(place, JSON.stringify(kept));
  }
  if (now - since > patienceMs) return;
  const againInMs = Math.min(longestMs, Math.max(shortestMs, (now - since) / 30));
  throw notYet(`waits: ${comment}`, againInMs);
}

async function recall(place: string, answers: Memory | undefined): Promise<Waiting | null> {
  const text = await answers?.recall(place);
  return text ? Waiting.parse(JSON.parse(text)) : null;
}

const mendable: readonly string[] = ['policy_missing', 'config_invalid'];

/** A policy that its people must mend closes, and says so; whatever passes by itself is thrown. */
async function judge(wanted: Run, world: AppWorld): Promise<RunVerdict> {
  const { github, reader, repository } = world;
  try {
    const [policy, reading] = await Promise.all([
      readPolicy(github, repository.defaultBranch),
      reader.refresh(),
    ]);
    return judgeRunOf(wanted.environment, wanted, policy, reading);
  } catch (error) {
    if (!(error instanceof SallyportError) || !mendable.includes(error.code)) throw error;
    const { code, message, hint = null } = error;
    return {
      state: 'rejected',
      gate: { name: 'policy', open: false, reason: code, message, hint },
    };
  }
}
