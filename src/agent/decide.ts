import type { Environment } from '../config/environment.ts';
import type { DeploymentView, UnitView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Direction } from '../deploy/journal-entries.ts';
import { hostsAtWork, silentHosts } from '../deploy/silent-hosts.ts';
import { whoseTurn } from '../deploy/whose-turn.ts';
import type { Job } from '../model/job.ts';
import type { Reason } from '../model/reason.ts';
import { unitKey } from '../model/unit.ts';
import { approvalsWanted } from '../policy/approvals.ts';
import type { Notebook } from './notebook.ts';
import { originOf, type Origin } from './origin.ts';

/** The host's own word, which is final (`agent.yml`). */
export interface HostRules {
  readonly name: string;
  readonly environments: readonly string[];
  readonly origins: readonly string[];
  readonly kinds: readonly string[];
}

export interface Situation {
  readonly rules: HostRules;
  readonly environments: ReadonlyMap<string, EnvironmentView>;
  /** The ledger's clock, in ms since 1970. */
  readonly now: number;
  /** The policy of now, by environment; nothing new begins where it is not known. */
  readonly policies: ReadonlyMap<string, Environment>;
  readonly memory: Pick<Notebook, 'past' | 'ranAs' | 'hasRefused'>;
}

interface OnUnit {
  readonly environment: string;
  readonly deployment: DeploymentView;
  readonly unit: UnitView;
}

/** What the agent does next in one environment. */
export type Decision =
  | (OnUnit & { readonly kind: 'act'; readonly direction: Direction })
  /** Finds out what would change, and says so. */
  | (OnUnit & { readonly kind: 'plan' })
  | (OnUnit & { readonly kind: 'refuse'; readonly reason: Reason; readonly message: string })
  | {
      readonly kind: 'wait';
      readonly environment: string;
      readonly deployment: number;
      readonly reason: Reason;
      readonly message: string;
      /** When it ends by itself, in ms of the ledger's clock. */
      readonly until?: number;
    };

/** One decision for each environment in which there is something to do or to wait for, in the order of `agent.yml`. */
export function decide(situation: Situation): readonly Decision[] {
  return situation.rules.environments.flatMap((name) => decideFor(name, situation) ?? []);
}

function decideFor(name: string, situation: Situation): Decision | null {
  const view = situation.environments.get(name);
  if (!view) return null;
  const { rules, memory } = situation;
  const policy = situation.policies.get(name);
  const planFirst = needsPlansFirst(view.running, policy);
  const turn = whoseTurn(view, rules.name, { planFirst, now: situation.now });
  if (turn.kind === 'idle') return null;
  if (turn.kind === 'wait') {
    return { environment: name, ...turn, ...unheardOf(view, planFirst, situation) };
  }
  const deployment = findDeployment(view, turn.deployment);
  if (!deployment) return null;
  const { unit } = turn;
  const wait = (reason: Reason, message: string): Decision => ({
    kind: 'wait',
    environment: name,
    deployment: deployment.deployment,
    reason,
    message,
  });

  const isAgentOfIt = deployment.job.roster.some((host) => host.name === rules.name);
  if (!isAgentOfIt) return wait('not_my_turn', `${unitKey(unit)} is for other agents`);
  const direction = turn.kind === 'roll-back' ? 'back' : 'forward';
  const past = memory.past(deployment.deployment, unit);
  const isUndone = past?.direction === 'back' || past?.outcome.state !== 'done';
  const isSaid = past !== undefined && (direction === 'forward' || isUndone);
  const mayRepeat = unit.host === null && past?.outcome.state === 'abandoned';
  if ((isSaid && !mayRepeat) || memory.hasRefused(deployment.deployment, unit)) {
    return wait('queued', `${unitKey(unit)} has ended here; the ledger does not show it yet`);
  }
  const isNew = isWaiting(unit) && direction === 'forward';
  const refusal = isNew ? refusalOf(deployment, unit, situation) : null;
  const on = { environment: name, deployment, unit };
  if (refusal) return { kind: 'refuse', ...on, ...refusal };
  if (turn.kind === 'plan') return { kind: 'plan', ...on };
  if (isNew && !policy) {
    return wait('config_invalid', `the policy of ${name} is not known, so nothing begins`);
  }
  return { kind: 'act', ...on, direction };
}

/** Where the wait is for hosts that say nothing: which they are. */
function unheardOf(
  view: EnvironmentView,
  planFirst: boolean,
  { now, environments }: Pick<Situation, 'now' | 'environments'>,
): { readonly reason: Reason; readonly message: string } | null {
  const silent = silentHosts(view, planFirst, now, hostsAtWork(environments.values()));
  if (silent.length === 0) return null;
  const hosts = silent.map(({ host, since }) => `${host} since ${new Date(since).toISOString()}`);
  const message = `deployment ${view.running!.deployment} waits for what was not heard of: ${hosts.join(', ')}`;
  return { reason: 'host_unknown', message };
}

/** Whether nothing of it has begun to be changed. */
export function isWaiting({ state }: UnitView): boolean {
  return state === 'waiting' || state === 'planned' || state === 'approved';
}

/** Where people must approve, every host says first what it would change: they approve all of it at once. */
function needsPlansFirst(running: DeploymentView | null, policy: Environment | undefined): boolean {
  if (running?.job.operation !== 'deploy' || !policy) return false;
  return approvalsWanted(policy, running.job.flags) > 0;
}

function findDeployment(view: EnvironmentView, deployment: number): DeploymentView | undefined {
  return view.deployments.find((each) => each.deployment === deployment);
}

/** Why this host will not begin with the unit, as far as the job itself tells. */
function refusalOf(
  { deployment, job, units }: DeploymentView,
  unit: UnitView,
  { rules, now, memory, environments }: Situation,
): { readonly reason: Reason; readonly message: string } | null {
  const { kind } = job.targets[unit.targetIndex]!;
  const origin = originOf(job);
  if (!rules.origins.includes(origin) && job.operation !== 'plan') {
    return {
      reason: 'not_allowed_here',
      message: `${rules.name} does not take ${jobsOf[origin]} (allow.origins)`,
    };
  }
  if (!rules.kinds.includes(kind)) {
    return {
      reason: 'not_allowed_here',
      message: `${rules.name} does not allow targets of kind ${kind} (allow.kinds)`,
    };
  }
  const ranAs = memory.ranAs(job.id, unit);
  if (ranAs !== undefined && ranAs !== deployment) {
    return { reason: 'superseded', message: `this job has run here already, as ${ranAs}` };
  }
  const lost = whyNotStaged(job, environments);
  if (lost !== null) return { reason: 'superseded', message: lost };
  // What a host has taken up may wait for people and for windows as long as it takes.
  const hasBegun = units.some(({ state, attempt }) => state !== 'waiting' || attempt > 1);
  if (!hasBegun && now > Date.parse(job.start_by)) {
    return { reason: 'expired', message: `the job was to start by ${job.start_by}` };
  }
  return null;
}

/** Why what a switch was to bring is staged no more; `null` where it is, or where this ledger never knew of it. */
function whyNotStaged(
  { operation, flags, environment, targets }: Job,
  environments: Situation['environments'],
): string | null {
  const { from } = flags;
  if (operation !== 'switch' || from === undefined) return null;
  const { deployments = [], staged = [] } = environments.get(environment) ?? {};
  if (!deployments.some(({ deployment }) => String(deployment) === from)) return null;
  const waiting = staged.find(({ view }) => String(view.deployment) === from)?.targets ?? [];
  const gone = targets.filter(({ name }) => !waiting.includes(name)).map(({ name }) => name);
  if (gone.length === 0) return null;
  return `deployment ${from} is staged no more: another one, or people on a host, took the idle slot of ${gone.join(', ')}`;
}

const jobsOf: Readonly<Record<Origin, string>> = {
  app: 'jobs of the App',
  git: 'what is pushed',
  operator: 'what people on the host ask for',
};
