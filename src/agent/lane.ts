import type { Asks } from './asks.ts';
import { LedgerSource, type SourceWorld } from './ledger-source.ts';
import { Poll } from './poll.ts';
import { Preparations } from './preparations.ts';
import { Report, type ReportWorld } from './report.ts';
import { Turns, type TurnsWorld } from './turns.ts';
import { Waits } from './waits.ts';

/** One ledger, and all that reads it and writes to it. */
export interface Lane {
  readonly source: LedgerSource;
  readonly poll: Poll;
  readonly report: Report;
  readonly waits: Waits;
}

export type LaneWorld = SourceWorld & Omit<ReportWorld, 'source'>;

export function openLane(world: LaneWorld): Lane {
  const source = new LedgerSource(world);
  return {
    source,
    poll: new Poll({ ...world, source }),
    report: new Report({ ...world, source }),
    waits: new Waits(),
  };
}

/** The loop that takes the turns of a ledger. */
export function turnsOf(
  lane: Lane,
  world: Omit<TurnsWorld, keyof Lane | 'preparations'> & { readonly asks: Asks },
): Turns {
  return new Turns({ ...world, ...lane, preparations: new Preparations() });
}
