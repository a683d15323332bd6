import { Kysely } from 'kysely';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { Store, StorePlace, WorkQueue } from '../../ports/store.ts';
import { migrate } from './migrate.ts';
import { postgres, postgresDialect } from './postgres.ts';
import { sqlMemory } from './sql-memory.ts';
import { sqlQueue } from './sql-queue.ts';
import { holdFile, sqlite, sqliteDialect } from './sqlite.ts';
import type { Tables } from './tables.ts';

/** Opens a store and brings its tables up to date. Rejects with `store_unreachable`, `store_newer`. */
export async function openStore(place: StorePlace): Promise<Store> {
  const dialect = place.kind === 'postgres' ? postgres : sqlite;
  const db = new Kysely<Tables>({ dialect: driverOf(place) });
  const explained = <Found>(work: Promise<Found>): Promise<Found> =>
    work.catch((error: unknown) => {
      throw error instanceof SallyportError ? error : unreachable(place, error);
    });
  try {
    await explained(migrate(db, dialect));
  } catch (error) {
    await db.destroy().catch(() => {});
    throw error;
  }
  const memory = sqlMemory(db, dialect);
  let held: ReturnType<typeof holdFile> = null;
  return {
    inbox: explaining(sqlQueue(db, dialect, 'inbox'), explained),
    outbox: explaining(sqlQueue(db, dialect, 'outbox'), explained),
    recall: (key) => explained(memory.recall(key)),
    keep: (key, value) => explained(memory.keep(key, value)),
    async claim() {
      if (place.kind !== 'file') return;
      held = holdFile(`${place.path}.lock`);
      if (!held) throw inUse(place.path);
      const freed = { state: 'due', lease: null, next_at: dialect.now } as const;
      await explained(
        db.updateTable('sallyport_items').set(freed).where('state', '=', 'leased').execute(),
      );
    },
    async ping() {
      await explained(db.selectFrom('sallyport_schema').select('version').execute());
    },
    async close() {
      await db.destroy();
      held?.release();
    },
  };
}

function driverOf(place: StorePlace) {
  switch (place.kind) {
    case 'memory':
      return sqliteDialect(':memory:');
    case 'file':
      return sqliteDialect(place.path);
    case 'postgres':
      return postgresDialect(place.url);
  }
}

function explaining(
  queue: WorkQueue,
  explained: <Found>(work: Promise<Found>) => Promise<Found>,
): WorkQueue {
  return {
    put: (item) => explained(queue.put(item)),
    lease: (options) => explained(queue.lease(options)),
    renew: (item, forMs) => explained(queue.renew(item, forMs)),
    done: (item) => explained(queue.done(item)),
    failed: (item, error, retryInMs) => explained(queue.failed(item, error, retryInMs)),
    putOff: (item, why, againInMs) => explained(queue.putOff(item, why, againInMs)),
    list: (options) => explained(queue.list(options)),
    show: (id) => explained(queue.show(id)),
    replay: (id) => explained(queue.replay(id)),
    newestAt: () => explained(queue.newestAt()),
    prune: (olderThanMs) => explained(queue.prune(olderThanMs)),
  };
}

function unreachable(place: StorePlace, cause: unknown): SallyportError {
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new SallyportError({
    code: 'store_unreachable',
    message: `The store cannot be used: ${why}`,
    hint:
      place.kind === 'postgres'
        ? 'Look at DATABASE_URL and at the PostgreSQL server that it names.'
        : `Look at ${place.kind === 'file' ? place.path : 'the memory of this machine'}: who may write there, and is the disk full?`,
    next: 'retry',
    exit: exitCodes.unreachable,
    cause,
  });
}

function inUse(path: string): SallyportError {
  return new SallyportError({
    code: 'store_in_use',
    message: `Another App works on ${path}`,
    hint: 'Several Apps share one PostgreSQL: set DATABASE_URL for all of them. Or give this one a folder of its own: SALLYPORT_STATE=DIR',
  });
}
