import { join } from 'node:path';
import { openStore } from '../../../src/adapters/store/open-store.ts';

/** Whether an App with this state folder acted on every webhook that it took, or tries again later. */
export async function isIdle(state: string): Promise<boolean> {
  const store = await openStore({ kind: 'file', path: join(state, 'app.sqlite') });
  try {
    const [due, leased] = [
      await store.inbox.list({ state: 'due', most: 100 }),
      await store.inbox.list({ state: 'leased', most: 1 }),
    ];
    return leased.total === 0 && due.items.every(({ nextAt }) => nextAt > Date.now());
  } finally {
    await store.close();
  }
}
