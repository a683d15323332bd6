import type { Environment } from '../config/environment.ts';
import { judgeChecks } from '../policy/checks.ts';
import type { GateDecision } from '../policy/gate.ts';
import type { Sha } from '../model/job.ts';
import type { AppWorld } from './world.ts';

/** Asks GitHub for the checks of the commit, where the policy wants any, and judges them. */
export async function judgeChecksOf(
  sha: Sha,
  { require }: Environment,
  { github, repository }: Pick<AppWorld, 'github' | 'repository'>,
): Promise<GateDecision> {
  const wanted = require.checks;
  if (wanted === 'none') return judgeChecks({ wanted, required: null, found: null, total: 0 });
  const [required, { found, total }] = await Promise.all([
    wanted === 'required' ? github.requiredChecks(repository.defaultBranch) : null,
    github.checksOf(sha),
  ]);
  return judgeChecks({ wanted, required, found, total });
}
