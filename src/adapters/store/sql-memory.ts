import { sql, type Kysely } from 'kysely';
import type { Store } from '../../ports/store.ts';
import type { Dialect, Tables } from './tables.ts';

/** After it nobody asks any more: 90 days. */
const keptMs = 90 * 24 * 3_600_000;

/** Keys and values in SQL. What is old is forgotten whenever something new is kept. */
export function sqlMemory(db: Kysely<Tables>, { now }: Dialect): Pick<Store, 'recall' | 'keep'> {
  return {
    async recall(key) {
      const row = await db
        .selectFrom('sallyport_memory')
        .select('value')
        .where('key', '=', key)
        .executeTakeFirst();
      return row?.value ?? null;
    },

    async keep(key, value) {
      await db
        .insertInto('sallyport_memory')
        .values({ key, value, at: now })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, at: now }))
        .execute();
      await db
        .deleteFrom('sallyport_memory')
        .where('at', '<', sql<number>`${now} - ${sql.lit(keptMs)}`)
        .execute();
    },
  };
}
