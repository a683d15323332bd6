import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { notYet, retryIn } from '../../src/app/retry-delivery.ts';
import { Worker } from '../../src/app/worker.ts';
import { SallyportError, type ErrorNext } from '../../src/model/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { LeasedItem, Store } from '../../src/ports/store.ts';

/** Sleeps until it is woken. */
const clock: Clock = {
  now: () => 0,
  random: () => 0,
  sleep: (_ms, signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('woken')));
    }),
};
const log = { info() {}, warn() {}, error() {} };
let store: Store;
const stop: (() => Promise<void>)[] = [];
beforeEach(async () => {
  store = await openStore({ kind: 'memory' });
});
afterEach(async () => {
  for (const end of stop.splice(0)) await end();
  await store.close();
});

function work(act: (item: LeasedItem) => Promise<void>): Worker {
  const worker = new Worker({ queue: store.inbox, act, clock, log });
  const ending = new AbortController();
  const run = worker.run(ending.signal);
  stop.push(async () => {
    ending.abort();
    await run;
  });
  return worker;
}

const put = (id: string, lane: string | null = null) =>
  store.inbox.put({ id, kind: 'push', lane, body: '' });
const failure = (next: ErrorNext) =>
  new SallyportError({ code: 'x', message: `next: ${next}`, next });

test('acts on what waits and on what comes, each once', async () => {
  const acted: string[] = [];
  await put('a');
  const worker = work(async ({ id }) => void acted.push(id));
  await worker.settled();
  await put('b');
  worker.wake();
  await worker.settled();
  expect(acted).toEqual(['a', 'b']);
  expect((await store.inbox.list({ state: 'done', most: 5 })).total).toBe(2);
});

test('of one lane one after the other, others beside them', async () => {
  const events: string[] = [];
  const gate = Promise.withResolvers<void>();
  await put('a1', 'a');
  await put('a2', 'a');
  await put('b1', 'b');
  const worker = work(async ({ id }) => {
    events.push(`${id} begins`);
    if (id === 'a1') await gate.promise;
    if (id === 'b1') gate.resolve();
    events.push(`${id} ends`);
  });
  await worker.settled();
  expect(events.indexOf('b1 begins')).toBeLessThan(events.indexOf('a1 ends'));
  expect(events.indexOf('a1 ends')).toBeLessThan(events.indexOf('a2 begins'));
});

test.each([
  ['retry', 'due'],
  ['user', 'failed'],
  ['stalled', 'failed'],
  ['bug', 'failed'],
] as const)('an error with next: %s leaves a delivery %s, with its reason', async (next, state) => {
  await put('a');
  await work(() => Promise.reject(failure(next))).settled();
  expect(await store.inbox.show('a')).toMatchObject({ state, error: `next: ${next}` });
});

test('tries are further and further apart, then end; GitHub may ask for more time', () => {
  const retry = { next: 'retry', retryAfterMs: undefined } as const;
  expect([1, 2, 3, 4, 5, 6].map((attempts) => retryIn(retry, attempts))).toEqual([
    2_000,
    8_000,
    30_000,
    120_000,
    720_000,
    null,
  ]);
  expect(retryIn({ ...retry, retryAfterMs: 60_000 }, 1)).toBe(60_000);
});

test('what is not over yet is looked at again later, as often as it takes', async () => {
  await put('a');
  for (let n = 0; n < 20; n += 1) {
    const [item] = await store.inbox.lease({ most: 1, forMs: 60_000 });
    await store.inbox.putOff(item!, 'waits', 0);
  }
  await work(() => Promise.reject(notYet('waits for noon', 60_000))).settled();
  expect(await store.inbox.show('a')).toMatchObject({ state: 'due', error: 'waits for noon' });
});

test('what ended the process ten times is given up', async () => {
  await put('a');
  for (let n = 0; n < 10; n += 1) await store.inbox.lease({ most: 1, forMs: 0 });
  await work(() => Promise.resolve()).settled();
  expect(await store.inbox.show('a')).toMatchObject({
    state: 'failed',
    error: 'begun 10 times and never ended',
  });
});

test('told to end, it finishes what it began and begins nothing more', async () => {
  const gate = Promise.withResolvers<void>();
  await put('a');
  work(() => gate.promise);
  while ((await store.inbox.list({ state: 'leased', most: 1 })).total === 0);
  const ended = stop.pop()!();
  await put('b');
  gate.resolve();
  await ended;
  expect(await store.inbox.show('a')).toMatchObject({ state: 'done' });
  expect(await store.inbox.show('b')).toMatchObject({ state: 'due' });
});
