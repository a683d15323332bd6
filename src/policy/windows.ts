import { isoIn } from '../model/timezone.ts';
import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { windowsAt, type WindowsAnswer } from './windows/windows-at.ts';

/** Changes come within the policy's windows; one with `manual` lets people through. */
export function judgeWindows({ policy, environment, request, at }: GateFacts): GateDecision {
  const { name } = environment;
  if (policy.windows.length === 0) {
    return openGate('windows', 'always', `${name} has no windows`);
  }
  if (request.isRollback) {
    return openGate('windows', 'rollback', 'A rollback waits for no window');
  }
  const answer = windowsAt(policy.windows, at);
  if (answer.open) return openGate('windows', 'in_window', openInWords(name, answer));
  if (answer.manual && !request.auto) {
    return openGate('windows', 'manual', `${name} is closed now, but lets people through`);
  }
  const decision = closedGate(
    'windows',
    'window_closed',
    `${closedInWords(name, answer)}${untilInWords(answer.opensAt, answer)}`,
    hintOf(name, answer),
    answer.opensAt ?? undefined,
  );
  return answer.timezone === null ? decision : { ...decision, timezone: answer.timezone };
}

function openInWords(name: string, answer: WindowsAnswer): string {
  return `${name} is open${untilInWords(answer.closesAt, answer)}`;
}

function closedInWords(name: string, { reason }: WindowsAnswer): string {
  return reason === 'denied'
    ? `A window denies changes to ${name} now`
    : `${name} is outside of its windows`;
}

function untilInWords(at: number | null, { timezone }: WindowsAnswer): string {
  return at === null ? '' : ` until ${isoIn(timezone ?? 'UTC', at)}`;
}

function hintOf(name: string, { opensAt, manual }: WindowsAnswer): string {
  if (manual) return `People may come through now; type: /deploy ${name}`;
  return opensAt === null
    ? `No opening is near; change environments.${name}.windows on the default branch.`
    : 'It goes on by itself when the window opens.';
}
