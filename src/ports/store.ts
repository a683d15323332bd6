/** Something to be acted on once, written down before anybody relies on it. */
export interface NewItem {
  /** Unique in its queue: GitHub's delivery id, or an id derived from what a note tells of. */
  readonly id: string;
  /** What it is: an event, or a kind of receiver. */
  readonly kind: string;
  /** Items of one lane are acted on one after the other; `null`: beside everything else. */
  readonly lane: string | null;
  /** Text that the store does not understand, usually JSON. */
  readonly body: string;
}

/** `failed`: given up; it stays until somebody replays it, or until it is pruned. */
export type ItemState = 'due' | 'leased' | 'done' | 'failed';

export interface ItemSummary extends Omit<NewItem, 'body'> {
  readonly state: ItemState;
  /** How often it was begun. */
  readonly attempts: number;
  /** When it was written down, by the store's clock, in ms since 1970. */
  readonly at: number;
  /** When it is tried next, where it is due; when its lease ends, where it is leased. */
  readonly nextAt: number;
  /** When it was done or given up. */
  readonly endedAt: number | null;
  /** Why it failed the last time. */
  readonly error: string | null;
}

export interface Item extends ItemSummary {
  readonly body: string;
}

/** An item that its holder alone acts on, until the lease ends. */
export interface LeasedItem extends Item {
  /** Random; what is said with a lease that was lost changes nothing. */
  readonly lease: string;
}

export interface ListedItems {
  /** Newest first. */
  readonly items: readonly ItemSummary[];
  /** How many there are in that state, beyond those listed. */
  readonly total: number;
}

/**
 * Work that survives the process. Several processes may share one: each item is leased by one of
 * them at a time. Times are the store's own, so that clocks of several hosts need not agree.
 * Every method rejects with a SallyportError `store_unreachable` (`next: 'retry'`).
 */
export interface WorkQueue {
  /**
   * Writes an item down; when this resolves it is on the disk. `seen` where it is there already,
   * whatever came of it, but one that was given up is due again: `new`.
   */
  put(item: NewItem): Promise<'new' | 'seen'>;
  /**
   * The next due items, in order of arrival, at most `most`: never two of one lane, and none while
   * an earlier one of its lane is due or leased (one that waits for another try holds nobody up).
   * An item whose lease ran out is due again.
   */
  lease(options: { readonly most: number; readonly forMs: number }): Promise<readonly LeasedItem[]>;
  /** Prolongs a lease from now on; `false` where it was lost. */
  renew(item: LeasedItem, forMs: number): Promise<boolean>;
  /** Acted on; not again. */
  done(item: LeasedItem): Promise<void>;
  /** Due again in `retryInMs`, or given up where that is `null`. */
  failed(item: LeasedItem, error: string, retryInMs: number | null): Promise<void>;
  /** It is not its time yet: due again in `againInMs`, with fresh tries; `why` is shown meanwhile. */
  putOff(item: LeasedItem, why: string, againInMs: number): Promise<void>;
  /** The newest items, all or those in one state. */
  list(options: { readonly state: ItemState | null; readonly most: number }): Promise<ListedItems>;
  /** `null` where there is none. */
  show(id: string): Promise<Item | null>;
  /** Makes an item due once more, with fresh tries; `false` where there is none, or it is leased. */
  replay(id: string): Promise<boolean>;
  /** When the newest item was written down; `null` where there is none. */
  newestAt(): Promise<number | null>;
  /** Forgets items that were done, or given up, longer ago; gives how many. */
  prune(olderThanMs: { readonly done: number; readonly failed: number }): Promise<number>;
}

/** What the App keeps of its own. All of it can be lost without losing the truth, which is the ledger's. */
export interface Store {
  /** Webhook deliveries. */
  readonly inbox: WorkQueue;
  /** Notifications to be sent. */
  readonly outbox: WorkQueue;
  /** What was kept under a key; `null` where there is nothing. */
  recall(key: string): Promise<string | null>;
  /** Keeps something under a key, in place of what was there. It is forgotten after some months. */
  keep(key: string, value: string): Promise<void>;
  /**
   * Says that an App works on this store from now on. Where only one may (a file), it frees what
   * one that was killed had leased, and rejects with `store_in_use` while another lives.
   */
  claim(): Promise<void>;
  /** Rejects where the store cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Where a store is. */
export type StorePlace =
  /** SQLite; the folders above are made. */
  | { readonly kind: 'file'; readonly path: string }
  /** SQLite, gone when it is closed. */
  | { readonly kind: 'memory' }
  | { readonly kind: 'postgres'; readonly url: string };

/** Opens a store and brings its tables up to date. Rejects with `store_unreachable`, `store_newer`. */
export type OpenStore = (place: StorePlace) => Promise<Store>;
