import type { Kysely, Transaction } from 'kysely';
import { SallyportError } from '../../model/errors.ts';
import type { Dialect, Tables } from './tables.ts';

type Migration = (db: Transaction<Tables>, dialect: Dialect) => Promise<void>;

/** Only ever added to: a store knows by the number how many of them it has seen. */
const migrations: readonly Migration[] = [makeItems, makeMemory, indexOpenLanes];

/** Brings the tables up to date, all in one transaction. Rejects with `store_newer`. */
export async function migrate(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await dialect.lockForMigration?.execute(transaction);
    const version = await versionOf(transaction);
    if (version > migrations.length) throw newer(version);
    for (const step of migrations.slice(version)) await step(transaction, dialect);
    await transaction
      .updateTable('sallyport_schema')
      .set({ version: migrations.length })
      .where('version', '<', migrations.length)
      .execute();
  });
}

async function versionOf(db: Transaction<Tables>): Promise<number> {
  await db.schema
    .createTable('sallyport_schema')
    .ifNotExists()
    .addColumn('one', 'integer', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  await db
    .insertInto('sallyport_schema')
    .values({ one: 1, version: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db.selectFrom('sallyport_schema').select('version').executeTakeFirstOrThrow();
  return row.version;
}

async function makeItems(db: Transaction<Tables>, { counter }: Dialect): Promise<void> {
  await db.schema
    .createTable('sallyport_items')
    .addColumn('seq', counter, (column) => column.primaryKey())
    .addColumn('queue', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('lane', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('lease', 'text')
    .addColumn('error', 'text')
    .addUniqueConstraint('sallyport_items_id', ['queue', 'id'])
    .execute();
  await db.schema
    .createIndex('sallyport_items_next')
    .on('sallyport_items')
    .columns(['queue', 'state', 'next_at'])
    .execute();
  await db.schema
    .createIndex('sallyport_items_lane')
    .on('sallyport_items')
    .columns(['queue', 'lane', 'seq'])
    .execute();
}

async function makeMemory(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('sallyport_memory')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
}

/** What is over must not be gone through to see whether anything of a lane is open. */
async function indexOpenLanes(db: Transaction<Tables>): Promise<void> {
  await db.schema.dropIndex('sallyport_items_lane').execute();
  await db.schema
    .createIndex('sallyport_items_open')
    .on('sallyport_items')
    .columns(['queue', 'lane', 'state', 'seq'])
    .execute();
}

function newer(version: number): SallyportError {
  return new SallyportError({
    code: 'store_newer',
    message: `The store was written by a newer Sallyport (its version ${version}, known here: ${migrations.length})`,
    hint: 'Run that newer version, or give this one a store of its own: SALLYPORT_STATE=DIR',
  });
}
