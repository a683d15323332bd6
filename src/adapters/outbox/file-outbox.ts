import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeAtomically } from '../../disk/write-atomically.ts';
import { SallyportError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Memory, Outbox } from '../../ports/outbox.ts';
import type { Item, LeasedItem } from '../../ports/store.ts';

const StoredItem = z.strictObject({
  id: z.string(),
  kind: z.string(),
  lane: z.string().nullable(),
  body: z.string(),
  state: z.enum(['due', 'leased', 'done', 'failed']),
  attempts: z.int(),
  at: z.number(),
  nextAt: z.number(),
  endedAt: z.number().nullable(),
  error: z.string().nullable(),
});

const Contents = z.strictObject({
  schema: z.literal(1),
  items: z.array(StoredItem),
  memory: z.array(z.tuple([z.string(), z.string()])),
});

/** How much is remembered; the oldest is forgotten. */
const capacity = 500;

/**
 * The outbox of one process: all of it in memory, and written anew after each change, since it holds
 * some hundred notes at most. What was leased when the process ended is due at once. Rejects with
 * `outbox_unreadable`.
 */
export async function openFileOutbox(path: string, clock: Clock): Promise<Outbox & Memory> {
  const { items: stored, memory: known } = await readContents(path);
  const items = new Map<string, Item>(stored.map((item) => [item.id, freed(item)]));
  const leases = new Map<string, string>();
  const memory = new Map(known);
  let writing: Promise<unknown> = Promise.resolve();

  const save = (): Promise<void> => {
    const saved = writing.then(() =>
      writeAtomically(
        path,
        JSON.stringify({ schema: 1, items: [...items.values()], memory: [...memory] }),
      ),
    );
    writing = saved.catch(() => undefined);
    return saved;
  };
  /** Says something of an item, unless somebody else has it by now. */
  const settle = async (leased: LeasedItem, change: Partial<Item>): Promise<void> => {
    const item = items.get(leased.id);
    if (!item || leases.get(item.id) !== leased.lease) return;
    leases.delete(item.id);
    items.set(item.id, { ...item, ...change });
    await save();
  };
  const isFree = ({ state, nextAt }: Item): boolean =>
    (state === 'due' || state === 'leased') && nextAt <= clock.now();

  return {
    async put(item) {
      const there = items.get(item.id);
      if (there && there.state !== 'failed') return 'seen';
      const now = clock.now();
      const fresh = { state: 'due', attempts: 0, at: now, nextAt: now } as const;
      items.set(item.id, { ...item, ...fresh, endedAt: null, error: null });
      await save();
      return 'new';
    },
    async lease({ most, forMs }) {
      const now = clock.now();
      const busy = new Set<string>();
      const taken: LeasedItem[] = [];
      for (const item of items.values()) {
        const { lane, state, nextAt } = item;
        if (lane !== null && busy.has(lane)) continue;
        const isLeased = state === 'leased' && nextAt > now;
        const isTaken = taken.length < most && isFree(item);
        if (lane !== null && (isLeased || isFree(item))) busy.add(lane);
        if (!isTaken) continue;
        const lease = randomUUID();
        const held = { ...item, state: 'leased' as const, nextAt: now + forMs };
        const next = { ...held, attempts: item.attempts + 1 };
        leases.set(item.id, lease);
        items.set(item.id, next);
        taken.push({ ...next, lease });
      }
      if (taken.length > 0) await save();
      return taken;
    },
    done: (item) => settle(item, { state: 'done', body: '', endedAt: clock.now(), error: null }),
    failed: (item, error, retryInMs) => {
      const now = clock.now();
      return settle(
        item,
        retryInMs === null
          ? { state: 'failed', endedAt: now, error }
          : { state: 'due', nextAt: now + retryInMs, error },
      );
    },
    async prune(olderThanMs) {
      const now = clock.now();
      const old = [...items.values()].filter(
        ({ state, endedAt }) =>
          endedAt !== null &&
          (state === 'done' || state === 'failed') &&
          now - endedAt > olderThanMs[state],
      );
      for (const { id } of old) items.delete(id);
      if (old.length > 0) await save();
      return old.length;
    },
    recall: async (key) => memory.get(key) ?? null,
    async keep(key, value) {
      memory.delete(key);
      memory.set(key, value);
      const [oldest] = memory.keys();
      if (memory.size > capacity && oldest !== undefined) memory.delete(oldest);
      await save();
    },
  };
}

function freed(item: Item): Item {
  return item.state === 'leased' ? { ...item, state: 'due', nextAt: item.at } : item;
}

async function readContents(path: string): Promise<z.infer<typeof Contents>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw unreadable(path, error);
  });
  if (text === null) return { schema: 1, items: [], memory: [] };
  try {
    return Contents.parse(JSON.parse(text));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): SallyportError {
  return new SallyportError({
    code: 'outbox_unreadable',
    message: `${path} is no outbox that this version can read`,
    hint: `It only holds notifications that wait to be sent; move it away: mv ${path} ${path}.old`,
    cause,
  });
}
