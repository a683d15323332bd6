import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { SqliteDialect, sql, type SqliteDatabase } from 'kysely';
import type { Dialect } from './tables.ts';

/** How long a statement waits for another process (a look with `sallyport deliveries`). */
const busyMs = 5_000;

export const sqlite: Dialect = {
  now: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
  counter: sql`integer`,
  skipsLocked: false,
  lockForMigration: null,
};

/** SQLite in a file, `:memory:` in none. What was committed is on the disk. */
export function sqliteDialect(path: string): SqliteDialect {
  return new SqliteDialect({ database: () => Promise.resolve(asKyselyWants(openFile(path))) });
}

/**
 * Holds a file that only one process can hold at a time, by a lock of the kernel's that ends with
 * the process, however it ends. `null` where another one holds it.
 */
export function holdFile(path: string): { release(): void } | null {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch {
    database.close();
    return null;
  }
  return { release: () => database.close() };
}

function openFile(path: string): DatabaseSync {
  if (path !== ':memory:') makeFile(path);
  const database = new DatabaseSync(path, { timeout: busyMs });
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  return database;
}

/** Payloads may hold what is private to a repository, also where the folder was there before. */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // What SQLite puts beside it gets the same mode.
  closeSync(openSync(path, 'a', 0o600));
}

/** `node:sqlite` in the shape of better-sqlite3, as far as Kysely uses it. */
function asKyselyWants(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      // One that only reads at first could not go on to write once another process has written.
      const statement = database.prepare(text === 'begin' ? 'begin immediate' : text);
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as SQLInputValue[])),
        run: (values) => statement.run(...(values as SQLInputValue[])),
        iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
}
