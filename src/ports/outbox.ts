import type { WorkQueue } from './store.ts';

/** Messages that wait to be sent, through restarts. The App's is in its store, an agent's in a file. */
export type Outbox = Pick<WorkQueue, 'put' | 'lease' | 'done' | 'failed' | 'prune'>;

/** Which thread of a chat belongs to a conversation. What is forgotten begins a new thread. */
export interface Threads {
  /** `null` where there is none yet. */
  threadOf(conversation: string): Promise<string | null>;
  keepThread(conversation: string, thread: string): Promise<void>;
}
