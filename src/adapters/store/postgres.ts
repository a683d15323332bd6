import { CompiledQuery, PostgresDialect, sql } from 'kysely';
import { Pool, types } from 'pg';
import type { Dialect } from './tables.ts';

/** `bigint` and `count(*)`, which pg gives as strings; ours are times and counts. */
const bigintOid = 20;
/** Every statement is short, and one process acts on few deliveries at a time. */
const maxConnections = 5;
const connectMs = 5_000;
const statementMs = 15_000;

export const postgres: Dialect = {
  now: sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
  counter: sql`bigserial`,
  skipsLocked: true,
  // Any number will do that no other program on this database uses: "sallyport" on a phone.
  lockForMigration: sql`select pg_advisory_xact_lock(725597678)`,
};

/** PostgreSQL. What was committed is on its disk, whatever the server's default says. */
export function postgresDialect(url: string): PostgresDialect {
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs,
    application_name: 'sallyport',
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === bigintOid ? Number : types.getTypeParser(oid, format as 'text')) as never,
    },
  });
  // Unheard, the end of an idle connection would end the process; the next statement opens another.
  pool.on('error', () => {});
  return new PostgresDialect({
    pool,
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw('set synchronous_commit to on'));
    },
  });
}
