import type { Environment } from '../config/environment.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { AskedFacts } from '../ports/asker.ts';
import { firstClosed, type GateDecision } from '../policy/gate.ts';
import { judgeGates } from '../policy/judge-gates.ts';
import type { Answers, Asks } from './asks.ts';
import { gateFactsOf, type UnitGates } from './gates.ts';

/** Every gate before a unit. Whoever else is to be asked is asked only when nothing else is in the way. */
export async function judgeUnit(
  facts: Omit<UnitGates, 'external'>,
  asks: Asks,
  signal: AbortSignal,
): Promise<readonly GateDecision[]> {
  const { policy, deployment, host } = facts;
  const own = judgeGates(gateFactsOf({ ...facts, external: allOpen(policy) }));
  if (policy.require.external.length === 0 || firstClosed(own)) return own;
  const external = await asks.all(policy, askedFacts(deployment, host), signal);
  return judgeGates(gateFactsOf({ ...facts, external }));
}

function allOpen({ require }: Environment): Answers {
  return Object.fromEntries(
    require.external.map(({ name }) => [name, { open: true, message: '' }]),
  );
}

function askedFacts({ deployment, job }: DeploymentView, host: string): AskedFacts {
  const { environment, operation, sha, ref, actor, flags } = job;
  return {
    environment,
    host,
    deployment,
    operation,
    sha,
    ref,
    actor: actor.login,
    auto: flags['auto'] === true,
  };
}
