import type { ActWorld } from '../deploy/act.ts';
import type { Reading } from '../deploy/reader.ts';
import type { AppWorld } from './world.ts';

/** What people's acts are written with: the App's key, and the ledger's time of this reading. */
export function actWorld({ ledger, reader, key }: AppWorld, { now }: Reading): ActWorld {
  return { ledger, reader, key, now: () => now };
}
