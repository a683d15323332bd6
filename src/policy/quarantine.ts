import type { GateFacts, Request } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** A commit that was rolled back here does not come again, but for a person who insists. */
export function judgeQuarantine({ environment, request }: GateFacts): GateDecision {
  const { name } = environment;
  const found = environment.quarantined.find(({ sha }) => sha === request.sha);
  const commit = `Commit ${request.sha.slice(0, 7)}`;
  if (!found) return openGate('quarantine', 'not_quarantined', `${commit} is not quarantined`);
  if (request.isRollback) {
    return openGate('quarantine', 'rollback', `${commit} completed in ${name} before`);
  }
  if (!request.auto && request.flags['force-quarantined'] === true) {
    return openGate('quarantine', 'forced', `${request.actor} lifts the quarantine of ${commit}`);
  }
  return closedGate(
    'quarantine',
    'quarantined',
    `${commit} is quarantined in ${name} since deployment ${found.deployment}: ${found.why}`,
    `Deploy another commit, or insist with: ${insisting(name, request)} --force-quarantined`,
  );
}

function insisting(name: string, { sha, isStaged }: Request): string {
  return isStaged ? `/switch ${name}` : `/deploy ${name} @${sha}`;
}
