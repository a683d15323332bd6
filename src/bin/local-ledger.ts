import { join } from 'node:path';
import { openFileLedger } from '../adapters/ledger/file/open-ledger.ts';
import type { AgentWorld } from '../agent/agent.ts';
import { firstLocal } from '../agent/outage/local-number.ts';
import type { Trust } from '../deploy/admit.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Clock } from '../ports/clock.ts';

/** Where people on this host work beside GitHub: jobs and acts are signed with the host's own key. */
export function openLocalLedger(
  state: string,
  key: SigningKey,
  clock: Clock,
): NonNullable<AgentWorld['local']> {
  return {
    ledger: openFileLedger(join(state, 'ledger'), { clock, first: firstLocal }),
    trust: ownTrust(key),
  };
}

/** Where a host signs its jobs itself. */
export function ownTrust(key: SigningKey): Trust {
  return { repository: 0, app: [{ key: key.public, environments: 'all' }] };
}
