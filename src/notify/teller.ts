import type { Notify } from '../config/notify.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Note } from '../model/note.ts';
import type { Log } from '../ports/log.ts';
import type { Outbox } from '../ports/outbox.ts';
import { lettersFor } from './receivers.ts';

/** Hands a note to the outbox, for everyone whom the policy of its environment names. Never rejects. */
export type Tell = (note: Note) => Promise<void>;

export interface TellerWorld {
  readonly outbox: Pick<Outbox, 'put'>;
  /** Whom the policy names now, of an environment; rejects where it cannot be read. */
  readonly receiversOf: (environment: string) => Promise<readonly Notify[]>;
  readonly log: Log;
  /** Told when there is something to send. */
  readonly wake: () => void;
  /** By the ledger's clock, in ms since 1970. */
  readonly now: () => number;
}

/** What happened longer ago, in ms, nobody wants to hear any more: an outbox that was lost tells no old tales. */
const freshMs = 6 * 3_600_000;
/** How many ids are kept, so that the policy is not read again for what was told. */
const capacity = 2_000;

/** What cannot be handed over now is tried again with the next change of the same deployment. */
export function createTeller({ outbox, receiversOf, log, wake, now }: TellerWorld): Tell {
  const told = new Set<string>();
  return async (note) => {
    if (told.has(note.id) || now() - note.at > freshMs) return;
    try {
      for (const letter of lettersFor(note, await receiversOf(note.environment))) {
        if ((await outbox.put(letter)) === 'new') wake();
      }
      told.add(note.id);
      const [oldest] = told;
      if (told.size > capacity && oldest !== undefined) told.delete(oldest);
    } catch (error) {
      const { code, message } = asSallyportError(error);
      const { event, environment, deployment } = note;
      log.warn('nobody could be told', { event, environment, deployment, code, message });
    }
  };
}
