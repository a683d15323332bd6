import type { LedgerReader } from '../deploy/reader.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { Memory } from '../ports/outbox.ts';
import type { Tell } from '../notify/teller.ts';
import type { FollowUps } from './follow-ups.ts';
import type { Github, Repository } from './ports.ts';

/** All that a handler acts with, for one repository. */
export interface AppWorld {
  readonly repository: Repository;
  readonly github: Github;
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  readonly followUps: FollowUps;
  /** Hands a note to the outbox for everyone whom the policy names. Never rejects. */
  readonly tell: Tell;
  /** Which comments answer which; absent where a delivery is never tried again. */
  readonly answers?: Memory;
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly log: Log;
}
