/** A message that is to be sent, once. */
export interface OutboxMessage {
  /** What was put under a key once is not put again, not even after it was sent. */
  readonly key: string;
  /** Messages of one line leave in the order in which they were put. */
  readonly line: string;
  /** At most some kilobytes. */
  readonly body: string;
}

export interface DueMessage extends OutboxMessage {
  /** How often it has been tried in vain. */
  readonly tries: number;
}

/**
 * Messages that wait to be sent, through restarts. Several processes may take from one. Times are
 * in ms since 1970. Every method rejects where the box cannot be read or written.
 */
export interface Outbox {
  /** Whether it was new. On the disk once resolved. Keys are remembered for at least a week. */
  put(message: OutboxMessage): Promise<boolean>;
  /**
   * The first message of each line that may be sent now, at most `limit`. Nobody else is given
   * them before the lease is over; a message behind one that is not gone waits.
   */
  due(leaseMs: number, limit: number): Promise<readonly DueMessage[]>;
  /** It was sent, or given up. Nothing where it is gone already. */
  done(key: string): Promise<void>;
  /** It could not be sent; due again at that time. */
  failed(key: string, retryAt: number): Promise<void>;
  /** How many wait. */
  size(): Promise<number>;
}

/** Which thread of a chat belongs to a conversation. */
export interface Threads {
  /** `null` where there is none yet, or it was forgotten. */
  threadOf(conversation: string): Promise<string | null>;
  keepThread(conversation: string, thread: string): Promise<void>;
}
