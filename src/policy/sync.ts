import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** In a manual environment nothing comes by itself, but for mending what was accepted already. */
export function judgeSync({ policy, environment, request }: GateFacts): GateDecision {
  if (!request.auto)
    return openGate('sync', 'asked_by_person', `${request.actor || 'A person'} asked for it`);
  if (request.isHealing) {
    return openGate('sync', 'healing', `It restores what ${environment.name} was told to run`);
  }
  if (policy.sync === 'auto') {
    return openGate('sync', 'sync_auto', `${environment.name} takes what comes by itself`);
  }
  return closedGate(
    'sync',
    'sync_manual',
    `${environment.name} takes nothing that comes by itself; a person says so`,
    `Type: /deploy ${environment.name} @${request.sha}`,
  );
}
