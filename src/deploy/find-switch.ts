import { SallyportError, exitCodes } from '../model/errors.ts';
import { changesTargets, isWhole } from '../model/job.ts';
import { nearest } from '../model/nearest.ts';
import { findAmong, isNamedBy, type RollbackHints } from './find-completed.ts';
import { hasBegun, type DeploymentView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';
import { isWholeWith, type Staged } from './fold-staged.ts';

/** What people asked for: which target, and what is to have its traffic; `null` where they said nothing. */
export interface SwitchAsk {
  readonly target: string | null;
  readonly to: string | null;
}

/** Where the traffic is to go. */
export interface SwitchGoal {
  /** The deployment whose release gets the traffic. */
  readonly view: DeploymentView;
  readonly targets: readonly string[];
  /** It was staged, and never had the traffic; else it is a way back. */
  readonly isStaged: boolean;
  /** With it the whole environment is at the commit. */
  readonly isWhole: boolean;
}

type Known = Pick<EnvironmentView, 'deployments' | 'staged' | 'running' | 'queue'>;

/**
 * What a switch moves the traffic to: what is staged; where nothing is, what had the traffic before;
 * or what `to` names of all that is staged or completed here. Throws where there is no such thing, or
 * where the target is to be named.
 */
export function findSwitch(
  name: string,
  view: Known | undefined,
  ask: SwitchAsk,
  hints: RollbackHints,
): SwitchGoal {
  const known = view ?? { deployments: [], staged: [], running: null, queue: [] };
  const { target, to } = readAsk(name, known, ask);
  if (to === null) refuseUnderWay(name, known, target);
  const fitting = known.staged
    .map(({ view: of, targets }) => ({
      view: of,
      targets: targets.filter((one) => isFor(one, target)),
    }))
    .filter(({ targets }) => targets.length > 0);
  const meant = fitting.filter((each) => to === null || isNamedBy(to, each.view));
  // With a target and a commit, what completed with it is meant as well.
  const isClear = to === null || target === null;
  if (isClear && meant.length > 0) return stagedGoal(oneOf(name, meant), known);
  const service = target ?? onlyService(name, known);
  const lived = livedOn(service, known);
  if (to === null) return backGoal(beforeLast(name, service, lived, hints), service);
  const found = findAmong(to, name, [...lived, ...fitting.map(({ view: of }) => of)], hints);
  const waits = fitting.find(({ view: of }) => of === found);
  return waits ? stagedGoal(waits, known) : backGoal(found, service);
}

/** A single word that names no target names what is to have the traffic. */
function readAsk(name: string, known: Known, { target, to }: SwitchAsk): SwitchAsk {
  if (target === null) return { target, to };
  const kinds = kindsOf(known);
  const kind = kinds.get(target);
  if (kind === 'service') return { target, to };
  if (kind !== undefined) {
    throw refusal(
      'no_slots',
      `${target} is of kind ${kind}, which is applied at once and has no traffic to move`,
      `/deploy ${name} --only ${target}`,
      exitCodes.usage,
    );
  }
  if (to === null) return { target: null, to: target };
  const services = servicesOf(known);
  const meant = nearest(target, services);
  throw refusal(
    'target_unknown',
    `${name} has no service ${target}; it has ${services.join(', ') || 'none'}`,
    meant === undefined ? `/status ${name}` : `Did you mean ${meant}?`,
  );
}

/**
 * Typed twice, a switch would go there and back again; and what a deployment under way leaves in the
 * slots, nobody knows yet.
 */
function refuseUnderWay(name: string, { running, queue }: Known, target: string | null): void {
  const open = [running, ...queue].find((view) => view !== null && takesSlot(view, target));
  if (!open) return;
  const { deployment, job } = open;
  const short = job.sha.slice(0, 7);
  const what =
    job.operation === 'switch'
      ? `moves the traffic of ${name} to ${short} already`
      : `brings ${short} to ${name} and is not over`;
  const message = `Deployment ${deployment} ${what}`;
  throw refusal('deployment_running', message, `/status ${name}`, exitCodes.refused);
}

function takesSlot({ job, units }: DeploymentView, target: string | null): boolean {
  const own = units.filter((unit) => isFor(unit.target, target));
  return job.operation === 'switch' ? own.length > 0 : own.some(hasBegun);
}

function stagedGoal(staged: Staged, { deployments, staged: all }: Known): SwitchGoal {
  const { view, targets } = staged;
  const whole = all.find((one) => one.view === view) ?? staged;
  return { view, targets, isStaged: true, isWhole: isWholeWith(whole, targets, deployments) };
}

function backGoal(view: DeploymentView, target: string): SwitchGoal {
  const isOnlyTarget = view.job.targets.every(({ name }) => name === target);
  return { view, targets: [target], isStaged: false, isWhole: isWhole(view.job) && isOnlyTarget };
}

function oneOf(name: string, staged: readonly Staged[]): Staged {
  const [first, ...others] = staged;
  if (first && others.length === 0) return first;
  const what = staged.map(
    ({ view, targets }) => `${targets.join(', ')} at ${view.job.sha.slice(0, 7)}`,
  );
  throw refusal(
    'target_missing',
    `Different commits are staged in ${name}: ${what.join('; ')}`,
    `Name the target: /switch ${name} ${staged.at(-1)?.targets[0] ?? ''}`,
    exitCodes.usage,
  );
}

function onlyService(name: string, known: Known): string {
  const [first, ...others] = servicesOf(known);
  if (first !== undefined && others.length === 0) return first;
  if (first === undefined) {
    throw refusal(
      'nothing_to_switch_to',
      `No service has been deployed to ${name} yet`,
      `/deploy ${name}`,
    );
  }
  throw refusal(
    'target_missing',
    `${name} has several services: ${[first, ...others].join(', ')}`,
    `Name one: /switch ${name} ${first}`,
    exitCodes.usage,
  );
}

/** The deployments whose release of the target had the traffic, oldest first. */
function livedOn(target: string, { deployments }: Known): readonly DeploymentView[] {
  return deployments.filter(({ job, state, units }) => {
    const own = units.filter((unit) => unit.target === target);
    const isInForce = own.length > 0 && own.every(({ reason }) => reason !== 'staged');
    return state === 'completed' && changesTargets(job.operation) && isInForce;
  });
}

function beforeLast(
  name: string,
  target: string,
  lived: readonly DeploymentView[],
  { nothing }: RollbackHints,
): DeploymentView {
  const last = lived.at(-1);
  const before = lived.findLast(({ job }) => job.sha !== last?.job.sha);
  if (before) return before;
  const short = last
    ? `only ${last.job.sha.slice(0, 7)} has had its traffic`
    : 'it had no traffic yet';
  throw refusal(
    'nothing_to_switch_to',
    `Nothing of ${target} is staged in ${name}, and ${short}`,
    nothing,
  );
}

function servicesOf(known: Known): readonly string[] {
  return [...kindsOf(known)].flatMap(([name, kind]) => (kind === 'service' ? [name] : []));
}

/** The targets that were deployed here, with the kind that each had last. */
function kindsOf({ deployments }: Known): ReadonlyMap<string, string> {
  const changing = deployments.filter(({ job }) => changesTargets(job.operation));
  return new Map(changing.flatMap(({ job }) => job.targets.map(({ name, kind }) => [name, kind])));
}

function isFor(name: string, target: string | null): boolean {
  return target === null || target === name;
}

function refusal(
  code: string,
  message: string,
  hint: string,
  exit: SallyportError['exit'] = exitCodes.notFound,
): SallyportError {
  return new SallyportError({ code, message, hint, exit });
}
