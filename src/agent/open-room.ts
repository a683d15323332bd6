import { mkdir } from 'node:fs/promises';
import type { DiskRoom } from './disk-room.ts';
import type { AgentListener } from './events.ts';
import type { AgentConfig } from '../config/agent.ts';
import { Reserve } from '../disk/reserve.ts';
import type { JournalBody } from '../deploy/journal-entries.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Journal } from '../ports/journal.ts';

/** Below that not even a lock or a socket is surely made, in bytes. */
const hardlyAnything = 2 ** 20;

/** What the agent does about the room on its disk. */
export interface AgentRoom {
  readonly room: () => Promise<DiskRoom>;
  /** Gives room back where a step, or what looks after a service, had none. */
  readonly listener: AgentListener;
  /** The journal, which finds room once more where there is none. */
  readonly journal: (journal: Journal<JournalBody>) => Journal<JournalBody>;
}

/** Opened before anything is written: an agent that starts on a full disk must be able to. */
export async function openRoom({
  state: path,
  free: needed,
}: Pick<AgentConfig, 'state' | 'free'>): Promise<AgentRoom> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const reserve = new Reserve(path);
  if ((await reserve.free()) < hardlyAnything) reserve.give();
  else await reserve.keep();
  return {
    async room() {
      const free = await reserve.free();
      if (free >= needed) await reserve.keep();
      return { path, free, needed };
    },
    listener(event) {
      const isFull =
        ((event.kind === 'step-ended' || event.kind === 'step-retried') &&
          event.failure?.reason === 'disk_full') ||
        (event.kind === 'kept' && event.found.reason === 'disk_full');
      if (isFull) reserve.give();
    },
    journal: (journal) => ({
      entries: () => journal.entries(),
      close: () => journal.close(),
      append: (body) =>
        journal.append(body).catch((error: unknown) => {
          if (asSallyportError(error).code !== 'disk_full' || !reserve.give()) throw error;
          return journal.append(body);
        }),
    }),
  };
}
