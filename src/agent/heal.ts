import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Work } from '../deploy/journal-entries.ts';
import { firstClosed, type GateDecision } from '../policy/gate.ts';
import { judgeGates } from '../policy/judge-gates.ts';
import type { Log } from '../ports/log.ts';
import type { Drift } from './drift.ts';
import { completedIn, factsOf } from './gates.ts';
import type { LedgerSource } from './ledger-source.ts';
import type { Notebook } from './notebook.ts';
import type { Beside } from './outage/beside.ts';
import type { CurrentPolicy, PolicyNow } from './policy-now.ts';
import type { Run } from './run.ts';

export interface HealWorld {
  readonly host: string;
  readonly policyNow: PolicyNow;
  readonly source: Pick<LedgerSource, 'last' | 'now' | 'refresh'>;
  readonly beside: Pick<Beside, 'of' | 'forPeople'>;
  readonly notebook: Notebook;
  readonly run: Run;
  readonly log: Log;
}

/** What became of drift: it is left alone, or was mended as far as that went. */
export type Healing =
  | { readonly kind: 'left' }
  | { readonly kind: 'ran' }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Runs the steps of what was accepted last once more, where the policy has `heal` and every gate lets
 * it through. Rejects with the signal's reason, and where the journal cannot be written.
 */
export async function heal(drift: Drift, world: HealWorld, signal: AbortSignal): Promise<Healing> {
  const { policyNow, beside, run, notebook } = world;
  const policy = await readPolicy(drift.environment, policyNow, signal);
  if (!policy?.environment.heal) return { kind: 'left' };
  await readAgain(world, signal);
  for (const { work, target } of drift.units) {
    if (firstClosed(gatesOf(work, policy, beside.forPeople(), world))) return { kind: 'left' };
    const { retry = null } = policy.environment;
    await run.begin({ work: { ...work, retry }, target }, 'forward', false, signal);
    const outcome = notebook.lastHealing(drift.environment);
    if (outcome?.state === 'failed') {
      return { kind: 'failed', message: `${work.target}: ${outcome.failure.message}` };
    }
  }
  return { kind: 'ran' };
}

/** A pause or a lock said since the last poll holds; while the ledger is away, what it said last does. */
async function readAgain({ source }: HealWorld, signal: AbortSignal): Promise<void> {
  await source.refresh(signal).catch(() => signal.throwIfAborted());
}

function gatesOf(
  { job }: Work,
  { environment: policy }: CurrentPolicy,
  environments: ReadonlyMap<string, EnvironmentView>,
  { source, host }: HealWorld,
): readonly GateDecision[] {
  const { sha, environment, authors } = job;
  const request = {
    operation: 'deploy',
    sha,
    auto: true,
    isRollback: false,
    isHealing: true,
    flags: {},
    authors,
    actor: host,
  } as const;
  const gates = judgeGates({
    at: source.now(),
    policy,
    environment: factsOf(environment, environments),
    request,
    plan: null,
    approvals: [],
    voidApprovals: 0,
    completedBefore: completedIn(policy.require.from, sha, environments),
    external: {},
    host,
  });
  // Whoever else is asked was asked when it came.
  return gates.filter(({ name }) => name !== 'external');
}

/** Where the policy cannot be read nothing is mended. */
async function readPolicy(
  environment: string,
  policyNow: PolicyNow,
  signal: AbortSignal,
): Promise<CurrentPolicy | null> {
  try {
    return await policyNow(environment, signal);
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
