import { expect, test } from 'vitest';
import { Bell } from '../../src/agent/bell.ts';
import { LedgerSource } from '../../src/agent/ledger-source.ts';
import { Poll } from '../../src/agent/poll.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { issueJob } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import { appKey, draftJob, trust } from '../support/jobs.ts';
import { createMemoryWorld } from '../support/memory-ledger.ts';
import { JumpingClock } from './jumping-clock.ts';

const never = new AbortController().signal;

test('after errors it asks again with longer pauses, and never sooner than it was asked to', async () => {
  const { poll, clock, asked } = pollOf([undefined, undefined, 500_000]);
  await poll.read(never);
  const times = asked.map((at) => at - asked[0]!);
  expect(times).toEqual([0, 10_000, 30_000, 530_000]);
  expect(clock.now()).toBe(asked.at(-1));
});

test('its wait ends when it is woken, also by a ring that came before', async () => {
  const { poll, clock } = pollOf([]);
  const began = clock.now();
  poll.wake();
  await poll.pause(never);
  expect(clock.now()).toBe(began);
  await poll.pause(never);
  expect(clock.now()).toBe(began + 10_000);
});

test('its pulse says how long what it is at may take', async () => {
  const { poll } = pollOf([]);
  const first = poll.pulse;
  const reading = poll.read(never);
  expect(poll.pulse.turn).toBeGreaterThan(first.turn);
  expect(poll.pulse.atMostMs).toBeLessThan(Infinity);
  await reading;
  expect(poll.pulse.atMostMs).toBe(Infinity);
  const pausing = poll.pause(never, 7_000);
  expect(poll.pulse.atMostMs).toBe(7_000);
  await pausing;
  expect(poll.pulse.atMostMs).toBe(Infinity);
});

test('every wait can be aborted', async () => {
  const stop = new AbortController();
  const clock = { now: () => 0, random: () => 0, sleep: waitForEver };
  const waiting = new Bell(clock).wait(1_000, stop.signal);
  stop.abort(new Error('leaving'));
  await expect(waiting).rejects.toThrow('leaving');
  await expect(pollOf([]).poll.read(stop.signal)).rejects.toThrow('leaving');
});

test('the more hosts there are, the less often each of them asks', async () => {
  const { poll, clock, ledger } = pollOf([]);
  const key = generateSigningKey().public.text;
  const roster = Array.from({ length: 10 }, (_, place) => ({ name: `h${place}`, key }));
  const reader = new LedgerReader(ledger, trust);
  await issueJob(draftJob('push', { roster }), { ledger, reader, key: appKey, clock });
  await poll.read(never);
  const began = clock.now();
  await poll.pause(never);
  expect(clock.now()).toBe(began + 20_000);
});

/** A poll of a ledger whose first answers are refusals, with the time that they ask for. */
function pollOf(refusals: (number | undefined)[]) {
  const world = createMemoryWorld(1);
  const clock = new JumpingClock(world.clock.now(), (ms) => world.clock.advance(ms));
  const asked: number[] = [];
  const inner = world.connect();
  const ledger: Ledger = {
    records: (...args) => inner.records(...args),
    publish: (...args) => inner.publish(...args),
    append: (...args) => inner.append(...args),
    show: (...args) => inner.show(...args),
    jobs: (...args) => {
      asked.push(clock.now());
      if (refusals.length === 0) return inner.jobs(...args);
      const retryAfterMs = refusals.shift();
      const facts = { code: 'rate_limited', message: 'later', retryAfterMs } as const;
      return Promise.reject(new SallyportError({ ...facts, next: 'retry' }));
    },
  };
  const source = new LedgerSource({ ledger, clock, trust: async () => trust });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const pace = { intervalMs: 10_000, maxMs: 300_000 };
  return { poll: new Poll({ source, clock, log, pace }), clock, asked, ledger };
}

function waitForEver(_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
