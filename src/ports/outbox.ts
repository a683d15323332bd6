import type { Store, WorkQueue } from './store.ts';

/** Messages that wait to be sent, through restarts. The App's is in its store, an agent's in a file. */
export type Outbox = Pick<WorkQueue, 'put' | 'lease' | 'done' | 'failed' | 'prune'>;

/** What sending must remember, such as which thread of a chat belongs to a deployment. */
export type Memory = Pick<Store, 'recall' | 'keep'>;
