import { randomUUID } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { ItemState, LeasedItem, WorkQueue } from '../../ports/store.ts';
import { itemOf, summaryColumns, summaryOf } from './rows.ts';
import type { Dialect, Tables } from './tables.ts';

/** Errors are for people to read, in a list. */
const longestError = 2_000;

/** A queue in SQL. Every method is one statement, so that nothing but a lease is ever held. */
export function sqlQueue(db: Kysely<Tables>, dialect: Dialect, queue: string): WorkQueue {
  const { now } = dialect;
  const fromNow = (ms: number) => sql<number>`${now} + ${sql.lit(Math.trunc(ms))}`;
  const mine = () => db.selectFrom('sallyport_items').where('queue', '=', queue);
  const change = () => db.updateTable('sallyport_items').where('queue', '=', queue);
  const changeLeased = ({ id, lease }: LeasedItem) =>
    change().where('id', '=', id).where('lease', '=', lease);
  const again = { state: 'due', attempts: 0, next_at: now, ended_at: null, lease: null } as const;

  return {
    async put({ id, kind, lane, body }) {
      const written = await db
        .insertInto('sallyport_items')
        .values({ id, kind, lane, body, queue, ...again, at: now, error: null })
        .onConflict((conflict) =>
          conflict
            .columns(['queue', 'id'])
            .doUpdateSet(again)
            .where('sallyport_items.state', '=', 'failed'),
        )
        .returning('seq')
        .executeTakeFirst();
      return written ? 'new' : 'seen';
    },

    async lease({ most, forMs }) {
      const rows = await db
        .with(
          (cte) => cte('next').materialized(),
          (query) =>
            query
              .selectFrom('sallyport_items as item')
              .select('item.seq')
              .where('item.queue', '=', queue)
              .where('item.state', 'in', ['due', 'leased'])
              .where('item.next_at', '<=', now)
              .where((item) =>
                item.not(
                  item.exists(
                    item
                      .selectFrom('sallyport_items as earlier')
                      .select('earlier.seq')
                      .where('earlier.queue', '=', queue)
                      .whereRef('earlier.lane', '=', 'item.lane')
                      .where('earlier.state', 'in', ['due', 'leased'])
                      .whereRef('earlier.seq', '<', 'item.seq')
                      .where((earlier) =>
                        earlier.or([
                          earlier('earlier.state', '=', 'leased'),
                          earlier('earlier.next_at', '<=', now),
                        ]),
                      ),
                  ),
                ),
              )
              .orderBy('item.seq')
              .limit(most)
              .$if(dialect.skipsLocked, (select) => select.forUpdate().skipLocked()),
        )
        .updateTable('sallyport_items')
        .set((item) => ({
          state: 'leased',
          attempts: item('attempts', '+', 1),
          next_at: fromNow(forMs),
          lease: randomUUID(),
        }))
        .where('seq', 'in', (any) => any.selectFrom('next').select('next.seq'))
        .returningAll()
        .execute();
      return rows
        .toSorted((a, b) => a.seq - b.seq)
        .map((row) => ({ ...itemOf(row), lease: row.lease ?? '' }));
    },

    async renew(item, forMs) {
      const renewed = await changeLeased(item)
        .set({ next_at: fromNow(forMs) })
        .returning('seq')
        .executeTakeFirst();
      return renewed !== undefined;
    },

    async done(item) {
      await changeLeased(item)
        .set({ state: 'done', ended_at: now, lease: null, error: null })
        .execute();
    },

    async failed(item, error, retryInMs) {
      const next =
        retryInMs === null
          ? { state: 'failed' as const, ended_at: now }
          : { state: 'due' as const, next_at: fromNow(retryInMs) };
      await changeLeased(item)
        .set({ ...next, lease: null, error: forPeople(error) })
        .execute();
    },

    async putOff(item, why, againInMs) {
      await changeLeased(item)
        .set({ ...again, next_at: fromNow(againInMs), error: forPeople(why) })
        .execute();
    },

    async list({ state, most }) {
      const found = () => (state === null ? mine() : mine().where('state', '=', state));
      const [items, counted] = await Promise.all([
        found().select(summaryColumns).orderBy('seq', 'desc').limit(most).execute(),
        found()
          .select(({ fn }) => fn.countAll<number>().as('total'))
          .executeTakeFirstOrThrow(),
      ]);
      return { items: items.map(summaryOf), total: Number(counted.total) };
    },

    async show(id) {
      const row = await mine().selectAll().where('id', '=', id).executeTakeFirst();
      return row ? itemOf(row) : null;
    },

    async replay(id) {
      const replayed = await change()
        .set(again)
        .where('id', '=', id)
        .where((item) => item.or([item('state', '!=', 'leased'), item('next_at', '<=', now)]))
        .returning('seq')
        .executeTakeFirst();
      return replayed !== undefined;
    },

    async newestAt() {
      const row = await mine()
        .select(({ fn }) => fn.max('at').as('at'))
        .executeTakeFirst();
      return row?.at ?? null;
    },

    async prune(olderThanMs) {
      const endedBefore = async (state: ItemState, ms: number): Promise<number> => {
        const gone = await db
          .deleteFrom('sallyport_items')
          .where('queue', '=', queue)
          .where('state', '=', state)
          .where('ended_at', '<', fromNow(-ms))
          .executeTakeFirst();
        return Number(gone.numDeletedRows);
      };
      const done = await endedBefore('done', olderThanMs.done);
      return done + (await endedBefore('failed', olderThanMs.failed));
    },
  };
}

/** PostgreSQL takes no zero bytes in text. */
function forPeople(error: string): string {
  return error.replaceAll('\0', '').slice(0, longestError);
}
