import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { standingInWords, stands } from './standing.ts';

/** A pause holds back what comes by itself; people go on. It may end by itself. */
export function judgePause({ environment, request, at }: GateFacts): GateDecision {
  const { name, pause } = environment;
  if (!stands(pause, at)) return openGate('pause', 'not_paused', `Nobody has paused ${name}`);
  if (!request.auto) {
    return openGate('pause', 'asked_by_person', 'A pause stops only what comes by itself');
  }
  return closedGate(
    'pause',
    'paused',
    `${name} is paused ${standingInWords(pause)}`,
    `To end the pause, type: /resume ${name}`,
    pause.until ?? undefined,
  );
}
