import type { Generated, RawBuilder } from 'kysely';
import type { ItemState } from '../../ports/store.ts';

/** Everything that is to be acted on, of every queue. Times are ms since 1970. */
export interface ItemTable {
  /** The order of arrival. */
  readonly seq: Generated<number>;
  readonly queue: string;
  readonly id: string;
  readonly kind: string;
  readonly lane: string | null;
  readonly body: string;
  readonly state: ItemState;
  readonly attempts: number;
  readonly at: number;
  /** Of what is due: not before. Of what is leased: when the lease ends. */
  readonly next_at: number;
  readonly ended_at: number | null;
  readonly lease: string | null;
  readonly error: string | null;
}

/** What an item's work must remember: which comment answers which, which thread is whose. */
interface MemoryTable {
  readonly key: string;
  readonly value: string;
  readonly at: number;
}

/** How far the migrations came; one row. */
interface SchemaTable {
  readonly one: number;
  readonly version: number;
}

export interface Tables {
  readonly sallyport_items: ItemTable;
  readonly sallyport_memory: MemoryTable;
  readonly sallyport_schema: SchemaTable;
}

/** All in which the two databases differ, once their drivers are set up. */
export interface Dialect {
  /** The database's own clock, in ms since 1970. */
  readonly now: RawBuilder<number>;
  /** The type of a key that counts up by itself. */
  readonly counter: RawBuilder<unknown>;
  /** Whether rows that others hold are passed over; one writer at a time needs no such thing. */
  readonly skipsLocked: boolean;
  /** Makes those that migrate at the same time wait for each other; a transaction alone may do. */
  readonly lockForMigration: RawBuilder<unknown> | null;
}
