import { SallyportError, exitCodes } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { firstClosed, type GateDecision } from '../policy/gate.ts';
import type { Environment } from '../config/environment.ts';
import type { Policy } from './configuration.ts';

/** Thrown by a closed gate: what is told is the gate's own message and hint. */
export function refuseWhereClosed(gates: readonly GateDecision[]): void {
  const closed = firstClosed(gates);
  if (!closed) return;
  throw new SallyportError({
    code: closed.reason,
    message: closed.message,
    hint: closed.hint ?? undefined,
    exit: exitCodes.refused,
  });
}

/** The environment's rules. Rejects where the default branch has none by this name. */
export function rulesOf(environment: string, { config }: Policy, command: string): Environment {
  const rules = config.environments[environment];
  if (rules) return rules;
  const known = Object.keys(config.environments);
  const meant = nearest(environment, known) ?? known[0];
  throw new SallyportError({
    code: 'environment_unknown',
    message: `There is no environment ${environment}; the default branch has ${known.join(', ') || 'none'}`,
    hint: meant ? `/${command} ${meant}` : 'Add it to .github/sallyport.yml on the default branch.',
    exit: exitCodes.notFound,
  });
}
