import type { DeploymentView, UnitView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Direction } from '../deploy/journal-entries.ts';
import { whoseTurn } from '../deploy/whose-turn.ts';
import type { Reason } from '../model/reason.ts';
import { unitKey } from '../model/unit.ts';
import type { Notebook } from './notebook.ts';

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
  readonly memory: Pick<Notebook, 'past' | 'ranAs' | 'hasRefused'>;
}

/** What the agent does next. */
export type Decision =
  | {
      readonly kind: 'act';
      readonly deployment: DeploymentView;
      readonly unit: UnitView;
      readonly direction: Direction;
    }
  | {
      readonly kind: 'refuse';
      readonly deployment: DeploymentView;
      readonly unit: UnitView;
      readonly reason: Reason;
      readonly message: string;
    }
  | {
      readonly kind: 'wait';
      readonly deployment: number;
      readonly reason: Reason;
      readonly message: string;
    }
  | { readonly kind: 'idle' };

/** The first environment, in the order of `agent.yml`, in which there is something to do; else why it waits. */
export function decide(situation: Situation): Decision {
  const decisions = situation.rules.environments.map((name) => decideFor(name, situation));
  return (
    decisions.find(({ kind }) => kind === 'act' || kind === 'refuse') ??
    decisions.find(({ kind }) => kind === 'wait') ?? { kind: 'idle' }
  );
}

function decideFor(name: string, situation: Situation): Decision {
  const view = situation.environments.get(name);
  if (!view) return { kind: 'idle' };
  const { rules, memory } = situation;
  const turn = whoseTurn(view, rules.name);
  if (turn.kind === 'idle' || turn.kind === 'wait') return turn;
  const deployment = view.running!;
  const { unit } = turn;
  const wait = (reason: Reason, message: string): Decision => ({
    kind: 'wait',
    deployment: deployment.deployment,
    reason,
    message,
  });

  const isAgentOfIt = deployment.job.roster.some((host) => host.name === rules.name);
  if (!isAgentOfIt) return wait('not_my_turn', `${unitKey(unit)} is for other agents`);
  const direction = turn.kind === 'act' ? 'forward' : 'back';
  const past = memory.past(deployment.deployment, unit);
  const isUndone = past?.direction === 'back' || past?.outcome.state !== 'done';
  const isSaid = past !== undefined && (direction === 'forward' || isUndone);
  const mayRepeat = unit.host === null && past?.outcome.state === 'abandoned';
  if ((isSaid && !mayRepeat) || memory.hasRefused(deployment.deployment, unit)) {
    return wait('queued', `${unitKey(unit)} has ended here; the ledger does not show it yet`);
  }
  const refusal = unit.state === 'waiting' ? refusalOf(deployment, unit, situation) : null;
  return refusal
    ? { kind: 'refuse', deployment, unit, ...refusal }
    : { kind: 'act', deployment, unit, direction };
}

/** Why this host will not begin with the unit, as far as the job itself tells. */
function refusalOf(
  { deployment, job, units }: DeploymentView,
  unit: UnitView,
  { rules, now, memory }: Situation,
): { readonly reason: Reason; readonly message: string } | null {
  const { kind } = job.targets[unit.targetIndex]!;
  if (!rules.origins.includes('app')) {
    return {
      reason: 'not_allowed_here',
      message: `${rules.name} does not take jobs of the App (allow.origins)`,
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
  const hasBegun = units.some(({ state }) => state !== 'waiting');
  if (!hasBegun && now > Date.parse(job.start_by)) {
    return { reason: 'expired', message: `the job was to start by ${job.start_by}` };
  }
  return null;
}
