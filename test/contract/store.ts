import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LeasedItem, NewItem, Store } from '../../src/ports/store.ts';

/** A place where the same store can be opened again and again, also several times at once. */
export interface StoreHome {
  open(): Promise<Store>;
  remove(): Promise<void>;
}

const minute = 60_000;

/** What every store keeps to. */
export function storeContract(name: string, makeHome: () => Promise<StoreHome>): void {
  describe(`a store: ${name}`, () => {
    let home: StoreHome;
    let store: Store;
    beforeEach(async () => {
      home = await makeHome();
      store = await home.open();
    });
    afterEach(async () => {
      await store.close();
      await home.remove();
    });
    const put = (id: string, more: Partial<NewItem> = {}) =>
      store.inbox.put({ id, kind: 'push', lane: null, body: `{"id":"${id}"}`, ...more });
    const lease = (most = 10, forMs = minute) => store.inbox.lease({ most, forMs });
    const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
    const one = async (): Promise<LeasedItem> => (await lease(1))[0]!;

    test('an id is taken once, also after it was done', async () => {
      expect([await put('a'), await put('a')]).toEqual(['new', 'seen']);
      const item = await one();
      expect(item).toMatchObject({ id: 'a', kind: 'push', body: '{"id":"a"}', attempts: 1 });
      expect(await put('a')).toBe('seen');
      await store.inbox.done(item);
      expect(await put('a')).toBe('seen');
      expect(await lease()).toEqual([]);
      expect(await store.inbox.show('a')).toMatchObject({ state: 'done', error: null });
    });

    test('what comes first is leased first, at most so many, each once', async () => {
      for (const id of ['c', 'a', 'b']) await put(id);
      expect(ids(await lease(2))).toEqual(['c', 'a']);
      expect(ids(await lease(2))).toEqual(['b']);
    });

    test('of a lane one at a time, in order; other lanes do not wait', async () => {
      await put('a1', { lane: 'a' });
      await put('a2', { lane: 'a' });
      await put('b1', { lane: 'b' });
      const [first, other] = await lease();
      expect([first!.id, other!.id]).toEqual(['a1', 'b1']);
      expect(await lease()).toEqual([]);
      await store.inbox.done(first!);
      expect(ids(await lease())).toEqual(['a2']);
    });

    test('what waits for another try holds nobody of its lane up', async () => {
      await put('a1', { lane: 'a' });
      await put('a2', { lane: 'a' });
      await store.inbox.failed(await one(), 'no luck', minute);
      expect(ids(await lease())).toEqual(['a2']);
    });

    test('a lease that ran out is taken over, and what its holder says no longer counts', async () => {
      await put('a');
      const [lost] = await lease(1, 0);
      const [held] = await lease(1);
      expect(held).toMatchObject({ id: 'a', attempts: 2 });
      expect([
        await store.inbox.renew(lost!, minute),
        await store.inbox.renew(held!, minute),
      ]).toEqual([false, true]);
      await store.inbox.failed(lost!, 'too late', 0);
      await store.inbox.done(lost!);
      expect(await store.inbox.show('a')).toMatchObject({ state: 'leased', error: null });
    });

    test('a renewed lease goes on', async () => {
      await put('a');
      const [item] = await lease(1, 0);
      expect(await store.inbox.renew(item!, minute)).toBe(true);
      expect(await lease()).toEqual([]);
    });

    test('a failure is due again when its time comes, or is given up and stays', async () => {
      await put('a');
      await store.inbox.failed(await one(), 'first', minute);
      expect(await lease()).toEqual([]);
      expect(await store.inbox.show('a')).toMatchObject({ state: 'due', error: 'first' });
      await put('b');
      await store.inbox.failed(await one(), 'now', 0);
      await store.inbox.failed(await one(), 'x'.repeat(5_000) + '\0', null);
      const given = await store.inbox.show('b');
      expect(given).toMatchObject({ state: 'failed', attempts: 2 });
      expect(given!.error!.length).toBeLessThan(5_000);
      expect(await lease()).toEqual([]);
    });

    test('what is put off is due again later, with fresh tries, and says why', async () => {
      await put('a');
      await store.inbox.putOff(await one(), 'not before noon', minute);
      expect(await lease()).toEqual([]);
      expect(await store.inbox.show('a')).toMatchObject({ state: 'due', error: 'not before noon' });
      await put('b');
      for (let n = 0; n < 3; n += 1) await store.inbox.putOff(await one(), 'again\0', 0);
      const held = await one();
      expect(held).toMatchObject({ id: 'b', attempts: 1, error: 'again' });
      await store.inbox.putOff({ ...held, lease: 'lost' }, 'too late', 0);
      expect(await store.inbox.show('b')).toMatchObject({ state: 'leased' });
    });

    test('what was given up comes again: sent by GitHub, or replayed', async () => {
      await put('a');
      await store.inbox.failed(await one(), 'no', null);
      expect(await put('a')).toBe('new');
      await store.inbox.failed(await one(), 'no', null);
      expect(await store.inbox.replay('a')).toBe(true);
      expect(await one()).toMatchObject({ id: 'a', attempts: 1 });
      expect(await store.inbox.replay('a')).toBe(false);
      expect(await store.inbox.replay('unknown')).toBe(false);
    });

    test('what was done is replayed too', async () => {
      await put('a');
      await store.inbox.done(await one());
      expect(await store.inbox.replay('a')).toBe(true);
      expect((await one()).id).toBe('a');
    });

    test('lists the newest first, counts them all, and shows one', async () => {
      for (const id of ['a', 'b', 'c']) await put(id);
      await store.inbox.failed(await one(), 'no', null);
      const { items, total } = await store.inbox.list({ state: null, most: 2 });
      expect([ids(items), total]).toEqual([['c', 'b'], 3]);
      expect(items[0]).not.toHaveProperty('body');
      const failed = await store.inbox.list({ state: 'failed', most: 5 });
      expect(failed).toMatchObject({ items: [{ id: 'a', error: 'no' }], total: 1 });
      expect(failed.items[0]!.endedAt! - failed.items[0]!.at).toBeLessThan(minute);
      expect(await store.inbox.show('unknown')).toBe(null);
    });

    test('says when the newest came', async () => {
      expect(await store.inbox.newestAt()).toBe(null);
      await put('a');
      expect(Math.abs((await store.inbox.newestAt())! - Date.now())).toBeLessThan(minute);
    });

    test('forgets what ended long ago, and nothing else', async () => {
      for (const id of ['done', 'failed', 'due']) await put(id);
      await store.inbox.done(await one());
      await store.inbox.failed(await one(), 'no', null);
      expect(await store.inbox.prune({ done: minute, failed: minute })).toBe(0);
      expect(await store.inbox.prune({ done: -1_000, failed: minute })).toBe(1);
      expect(await store.inbox.prune({ done: minute, failed: -1_000 })).toBe(1);
      expect(ids((await store.inbox.list({ state: null, most: 5 })).items)).toEqual(['due']);
    });

    test('the outbox is another queue', async () => {
      await put('a');
      expect(await store.outbox.put({ id: 'a', kind: 'slack', lane: null, body: 'x' })).toBe('new');
      const [note] = await store.outbox.lease({ most: 5, forMs: minute });
      expect(note).toMatchObject({ kind: 'slack', body: 'x' });
      expect(await store.inbox.show('a')).toMatchObject({ state: 'due' });
    });

    test('keeps text as it is', async () => {
      const body = '{"a":"\\u0000 ä 🚀 \' \\" ; drop table"}';
      await put('ünï \' "', { body, lane: "'; --" });
      expect(await store.inbox.show('ünï \' "')).toMatchObject({ body, lane: "'; --" });
    });

    test('two that look at the same store see the same, and share the work', async () => {
      const other = await home.open();
      for (let n = 0; n < 40; n += 1) await put(`d${n}`, { lane: n % 2 ? `lane${n % 7}` : null });
      const taken: string[] = [];
      const work = async ({ inbox }: Store) => {
        for (;;) {
          const items = await inbox.lease({ most: 3, forMs: minute });
          if (items.length === 0 && taken.length === 40) return;
          for (const item of items) {
            taken.push(item.id);
            await inbox.done(item);
          }
        }
      };
      await Promise.all([work(store), work(other), work(store), work(other)]);
      expect(taken.toSorted()).toEqual([...new Set(taken)].toSorted());
      await other.close();
    });

    test('keeps the last word under a key', async () => {
      expect(await store.recall('a')).toBe(null);
      await store.keep('a', 'one');
      await store.keep('a', 'two');
      await store.keep('b', 'other');
      expect(await store.recall('a')).toBe('two');
    });

    test('can be opened again, and remembers', async () => {
      await put('a');
      const again = await home.open();
      expect(await again.inbox.show('a')).toMatchObject({ state: 'due' });
      await again.ping();
      await again.close();
    });

    test('says that it cannot be used', async () => {
      const closed = await home.open();
      await closed.close();
      await expect(closed.ping()).rejects.toMatchObject({
        code: 'store_unreachable',
        next: 'retry',
      });
    });
  });
}
