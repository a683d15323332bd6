/** A program that writes items into a store (its place as JSON) and names each that is safe, until it is killed. */
import { openStore } from '../../../src/adapters/store/open-store.ts';
import type { StorePlace } from '../../../src/ports/store.ts';

const [place = '', round = ''] = process.argv.slice(2);
const store = await openStore(JSON.parse(place) as StorePlace);
for (let n = 0; ; n += 1) {
  const id = `${round}-${n}`;
  await store.inbox.put({ id, kind: 'push', lane: null, body: 'x'.repeat(2_000) });
  process.stdout.write(`${id}\n`);
}
