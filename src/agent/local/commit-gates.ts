import type { Environment } from '../../config/environment.ts';
import type { Job, Sha } from '../../model/job.ts';
import { judgeChecks } from '../../policy/checks.ts';
import { closedGate, openGate, type GateDecision } from '../../policy/gate.ts';
import type { Git } from '../../ports/git.ts';
import { admittedHere, isReachable } from '../reachable.ts';

export interface CommitFacts {
  readonly environment: string;
  readonly sha: Sha;
  readonly require: Environment['require'];
  /** The job that brings the commit; `null` where nobody has asked for it. */
  readonly job: Job | null;
}

/**
 * The gates before the commit itself. What the App found out about it stands in the job; the rest is
 * as this host can tell from its cache, and it asks nobody about checks.
 */
export async function commitGates(
  facts: CommitFacts,
  git: Pick<Git, 'refs' | 'has' | 'isAncestor'>,
  signal: AbortSignal,
): Promise<readonly GateDecision[]> {
  const { job } = facts;
  const judged = (job?.gates ?? []).map(judgedByApp);
  const hasCome = job?.operation === 'rollback' || job?.operation === 'switch';
  const own = hasCome ? ofRollback : [await refsGate(), checksGate(facts)];
  return [...judged, ...own.filter(({ name }) => !judged.some((gate) => gate.name === name))];

  async function refsGate(): Promise<GateDecision> {
    const { environment, sha, require } = facts;
    const admitted = admittedHere(require.refs);
    const among = admitted ? ` that ${environment} admits (${admitted.join(', ')})` : '';
    const leads = `leads to ${sha.slice(0, 7)}`;
    const cached = {
      refs: () => git.refs(),
      fetch: () => git.refs(),
      has: (commit: Sha) => git.has(commit),
      isAncestor: (older: Sha, newer: Sha) => git.isAncestor(older, newer),
    };
    return (await isReachable(cached, sha, admitted, signal))
      ? openGate('refs', 'reachable', `A branch or tag${among} ${leads}`)
      : closedGate('refs', 'not_reachable', `No branch or tag${among} ${leads}`, mergeHint);
  }
}

const mergeHint =
  'Merge or tag the commit first, or add its branch to `require.refs` of the environment.';

const ofRollback = ['refs', 'checks'].map((name) =>
  openGate(name, 'rollback', 'It goes back to what was accepted here'),
);

function judgedByApp({ name, open, reason }: Job['gates'][number]): GateDecision {
  return { name, open, reason, message: 'The App judged it when it was asked for', hint: null };
}

function checksGate({ require: { checks } }: CommitFacts): GateDecision {
  const gate = judgeChecks({ wanted: checks, required: null, found: null, total: 0 });
  const message =
    'This host asks nobody about checks; the App does when somebody types the command';
  return gate.open ? gate : { ...gate, message, hint: null };
}
