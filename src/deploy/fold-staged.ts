import { changesTargets, isWhole } from '../model/job.ts';
import { isStaged } from './completed.ts';
import { hasBegun, type DeploymentView, type UnitView } from './fold-deployment.ts';
import type { ByHand } from './fold-hosts.ts';

/** What of a deployment is healthy in its idle slots and waits for a person who moves the traffic. */
export interface Staged {
  readonly view: DeploymentView;
  /** Those of its targets that still wait, in the order of its job. */
  readonly targets: readonly string[];
}

/**
 * What is staged, oldest first; `deployments` are those that stand. A slot holds one release: whatever
 * was begun for the target since took its place, and so did what people did on the host itself. A
 * switch to it that failed left it where it was.
 */
export function foldStaged(
  deployments: readonly DeploymentView[],
  hands: readonly ByHand[],
): readonly Staged[] {
  const waiting = new Map<string, DeploymentView>();
  for (const view of deployments) {
    if (!changesTargets(view.job.operation)) continue;
    for (const target of reachedBy(view)) {
      if (!isSwitchTo(waiting.get(target), view)) waiting.delete(target);
    }
    if (!isStaged(view)) continue;
    const left = stagedUnits(view).filter((unit) => !hands.some((hand) => hasTaken(hand, unit)));
    for (const { target } of left) waiting.set(target, view);
  }
  return deployments.flatMap((view) => {
    const targets = view.job.targets.map(({ name }) => name);
    const left = targets.filter((target) => waiting.get(target) === view);
    return left.length === 0 ? [] : [{ view, targets: left }];
  });
}

/**
 * Whether all targets of a staged deployment are at its commit once these were switched: the others
 * were applied with it or switched since, and nothing else came there.
 */
export function isWholeWith(
  { view, targets: waiting }: Staged,
  switched: readonly string[],
  deployments: readonly DeploymentView[],
): boolean {
  if (!isWhole(view.job)) return false;
  const place = deployments.findIndex(({ deployment }) => deployment === view.deployment);
  const since = deployments.slice(place + 1);
  return view.job.targets.every(({ name }) => {
    if (switched.includes(name)) return true;
    if (waiting.includes(name)) return false;
    const newest = since.findLast((later) => reachedBy(later).includes(name));
    if (newest === undefined) return !stagedIn(view).includes(name);
    return newest.state === 'completed' && newest.job.sha === view.job.sha && !isStaged(newest);
  });
}

/** A switch to what waits moves it only when it is done. */
function isSwitchTo(staged: DeploymentView | undefined, { job, state }: DeploymentView): boolean {
  return job.operation === 'switch' && job.sha === staged?.job.sha && state !== 'completed';
}

/** The targets for which something was begun; of a switch that is done, all: they may have been there already. */
function reachedBy({ job, state, units }: DeploymentView): readonly string[] {
  const isSwitched = job.operation === 'switch' && state === 'completed';
  return units.filter((unit) => isSwitched || hasBegun(unit)).map(({ target }) => target);
}

function stagedIn(view: DeploymentView): readonly string[] {
  return stagedUnits(view).map(({ target }) => target);
}

function stagedUnits({ units }: DeploymentView): readonly UnitView[] {
  return units.filter(({ reason }) => reason === 'staged');
}

/** Nothing of GitHub begins on a host from when people act there until they give it back. */
function hasTaken({ host, target, at }: ByHand, unit: UnitView): boolean {
  return unit.host === host && (target === null || unit.target === target) && unit.at <= at;
}
