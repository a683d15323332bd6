import { isGood } from '../../deploy/completed.ts';
import type { DeploymentView } from '../../deploy/fold-deployment.ts';
import { emptyEnvironment, type EnvironmentView } from '../../deploy/fold-environment.ts';
import { foldStaged } from '../../deploy/fold-staged.ts';
import type { Operation } from '../../model/job.ts';
import type { EnvironmentFacts, HeldHost, Standing } from '../../policy/facts.ts';
import type { Hold } from './holds.ts';

/** This host, and who holds it in the environment as its journal tells; `undefined`: it knows of nothing. */
export interface OwnHold {
  readonly host: string;
  readonly hold: Hold | null | undefined;
}

type Facts = EnvironmentFacts;

/** What holds for a job of GitHub: people's word on the host counts too. */
export function factsBeside(
  github: Facts,
  local: EnvironmentView | undefined,
  own: OwnHold,
): Facts {
  const lifted = new Set(
    local?.deployments
      .filter(({ job }) => job.operation === 'release-quarantine')
      .map(({ job }) => job.sha),
  );
  const quarantined = new Map(
    [
      ...github.quarantined.filter(({ sha }) => !lifted.has(sha)),
      ...(local?.facts.quarantined ?? []),
    ].map((each) => [each.sha, each]),
  );
  return {
    name: github.name,
    lock: standing(github.lock, local, 'lock', 'unlock'),
    pause: standing(github.pause, local, 'pause', 'resume'),
    // People on the host let go of a pull request too.
    heldByPull: unlessUndone(github.heldByPull, local, 'unlock'),
    held: heldWith(github.held, own),
    quarantined: [...quarantined.values()],
  };
}

/**
 * An environment as people on the host see it: what both ledgers tell, in the order of time. A fold
 * of neither: no turn and no job may be made of it.
 */
export function mergeViews(
  name: string,
  github: EnvironmentView | undefined,
  local: EnvironmentView | undefined,
  own: OwnHold,
): EnvironmentView {
  const first = github ?? emptyEnvironment(name);
  const facts = factsBeside(first.facts, local, own);
  if (!local) return { ...first, facts };
  const deployments = [...first.deployments, ...local.deployments].toSorted((a, b) => a.at - b.at);
  const good = deployments.filter(isGood).toSorted(byEnd).reverse();
  return {
    ...first,
    deployments,
    running: local.running ?? first.running,
    queue: [...local.queue, ...first.queue],
    plans: [...local.plans, ...first.plans],
    lastGood: good[0] ?? null,
    previousGood: good.find(({ job }) => job.sha !== good[0]!.job.sha) ?? null,
    // Of this host its own ledger tells more than its word to GitHub.
    staged: foldStaged(
      deployments,
      first.hands.filter(({ host }) => host !== own.host),
    ),
    desired: own.hold ? local.desired : newest(first.desired, local.desired),
    facts,
  };
}

/** The host's own word counts until it is taken back here; GitHub's, until it is taken back anywhere. */
function standing(
  github: Standing | null,
  local: EnvironmentView | undefined,
  name: 'lock' | 'pause',
  undo: Operation,
): Standing | null {
  const own = local?.facts[name];
  if (own) return own;
  return unlessUndone(github, local, undo);
}

function unlessUndone<Said extends { readonly since: number }>(
  github: Said | null,
  local: EnvironmentView | undefined,
  undo: Operation,
): Said | null {
  const undone = local?.deployments.findLast(({ job }) => job.operation === undo);
  return github && undone && undone.at > github.since ? null : github;
}

/** Of this host its own journal tells; GitHub may not know yet, or know nothing but what was. */
function heldWith(held: readonly HeldHost[], { host, hold }: OwnHold): readonly HeldHost[] {
  if (hold === undefined) return held;
  const others = held.filter((each) => each.host !== host);
  return hold ? [...others, { host, since: hold.since, by: hold.by }] : others;
}

function byEnd(a: DeploymentView, b: DeploymentView): number {
  return (a.endedAt ?? a.at) - (b.endedAt ?? b.at);
}

function newest(a: DeploymentView | null, b: DeploymentView | null): DeploymentView | null {
  return a && b ? (a.at > b.at ? a : b) : (a ?? b);
}
