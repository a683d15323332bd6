import { SallyportError, exitCodes } from '../model/errors.ts';
import { firstClosed, type GateDecision } from '../policy/gate.ts';
import { toBeUpdated } from '../policy/outdated.ts';
import type { Pull, PullUpdater } from './ports.ts';

/**
 * Merges the base branch into the pull request where that is what keeps the command out, and nothing
 * else does. The command is refused all the same: it meant the commit before.
 */
export async function updateOutdated(
  gates: readonly GateDecision[],
  pull: Pull | null,
  github: PullUpdater,
): Promise<void> {
  const others = gates.filter(({ reason }) => reason !== toBeUpdated);
  if (!pull || others.length === gates.length || firstClosed(others)) return;
  if (await github.updateBranch(pull.number, pull.head.sha)) return;
  throw new SallyportError({
    code: 'not_updated',
    message: `The pull request lacks commits of ${pull.base.branch}, and GitHub did not let the App merge them into it`,
    hint: `Merge ${pull.base.branch} into it yourself (the App needs \`contents: write\` to do it), then type the command again.`,
    exit: exitCodes.refused,
  });
}
