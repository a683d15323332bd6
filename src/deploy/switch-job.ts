import { openGate, type GateDecision } from '../policy/gate.ts';
import type { Request } from '../policy/facts.ts';
import type { SwitchGoal } from './find-switch.ts';

/** Why a switch may come, as whoever signs its job found: it stands in the job for hosts that read less far back. */
export function gateOfSwitch({ view, isStaged }: SwitchGoal, environment: string): GateDecision {
  const commit = `Commit ${view.job.sha.slice(0, 7)}`;
  return isStaged
    ? openGate('staged', 'staged_here', `${commit} is staged in ${environment}`)
    : openGate('completed', 'completed_here', `${commit} completed on ${environment}`);
}

/** Flags of its job: the deployment that staged it, and the one target that it is for. */
export function flagsOfSwitch({
  view,
  targets,
  isStaged,
  isWhole,
}: SwitchGoal): Readonly<Record<string, string>> {
  return {
    ...(isStaged ? { from: String(view.deployment) } : {}),
    ...(isWhole ? {} : { only: targets.join(',').slice(0, 255) }),
  };
}

/** How gates see it. */
export function requestOfSwitch({
  isStaged,
}: SwitchGoal): Pick<Request, 'isRollback' | 'isStaged'> {
  return { isRollback: !isStaged, isStaged };
}
