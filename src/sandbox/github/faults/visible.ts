import type { Chance } from './chance.ts';
import type { Unkindness } from './unkindness.ts';

/** One read of a list. */
export interface Read {
  readonly template: string;
  /** Counts the reads of this server from 1. */
  readonly sequence: number;
  readonly now: number;
}

/**
 * The entries that a read gets to see, in their order. Two replicas answer: one that is up to
 * date but for entries which come late, and one that hangs behind. Content is always today's.
 */
export function visibleEntries<Entry extends { readonly id: number }>(
  unkindness: Unkindness,
  chance: Chance,
  read: Read,
  list: readonly Entry[],
): readonly Entry[] {
  const lag = lagOf(unkindness, chance, read);
  return list.filter((entry) => {
    const born = bornAt(entry);
    if (born === undefined) return true;
    return (
      born + latenessOf(unkindness, chance, read, entry.id) <= read.now && born <= read.now - lag
    );
  });
}

/** How far behind the answering replica is. */
function lagOf({ staleRead }: Unkindness, chance: Chance, { sequence }: Read): number {
  if (!staleRead || chance('stale', sequence) >= staleRead.rate) return 0;
  return chance('stale by', sequence) * staleRead.longestMs;
}

/** How long after its making an entry comes into lists; the same for every read of it. */
function latenessOf(
  { lateEntry }: Unkindness,
  chance: Chance,
  { template }: Read,
  id: number,
): number {
  if (!lateEntry || chance('late', template, id) >= lateEntry.rate) return 0;
  return chance('late by', template, id) * lateEntry.longestMs;
}

/** Entries without a time of birth (environments of a repository, installations) are never hidden. */
function bornAt(entry: object): number | undefined {
  const { createdAt, at } = entry as { readonly createdAt?: unknown; readonly at?: unknown };
  const born = createdAt ?? at;
  return typeof born === 'number' ? born : undefined;
}
