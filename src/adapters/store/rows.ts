import type { Selectable } from 'kysely';
import type { Item, ItemSummary } from '../../ports/store.ts';
import type { ItemTable } from './tables.ts';

type Row = Selectable<ItemTable>;

/** Bodies may be large, so a list goes without. */
export const summaryColumns = [
  'id',
  'kind',
  'lane',
  'state',
  'attempts',
  'at',
  'next_at',
  'ended_at',
  'error',
] as const;

export function summaryOf(row: Pick<Row, (typeof summaryColumns)[number]>): ItemSummary {
  const { id, kind, lane, state, attempts, at, next_at, ended_at, error } = row;
  return { id, kind, lane, state, attempts, at, nextAt: next_at, endedAt: ended_at, error };
}

export function itemOf(row: Row): Item {
  return { ...summaryOf(row), body: row.body };
}
