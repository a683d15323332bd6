import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFileOutbox } from '../../src/adapters/outbox/file-outbox.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { Note } from '../../src/model/note.ts';
import { lettersFor } from '../../src/notify/receivers.ts';
import { Sender } from '../../src/notify/sender.ts';
import { noteOf, receivers } from '../support/notes.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

async function bench(answer: (note: Note, signal: AbortSignal) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'sp-outbox-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clock = new VirtualClock();
  const outbox = await openFileOutbox(join(folder, 'outbox.json'), clock);
  const logged: string[] = [];
  const log = (message: string, facts?: object) =>
    void logged.push(`${message}: ${JSON.stringify(facts)}`);
  const tries: number[] = [];
  const began = clock.now();
  const send = async (note: Note, signal?: AbortSignal) => {
    tries.push(Math.round((clock.now() - began) / 1000));
    await answer(note, signal!);
  };
  const sender = new Sender({
    outbox,
    open: () => ({ send }),
    clock,
    log: { info: log, warn: log, error: log },
  });
  const put = async (note: Note) => {
    for (const letter of lettersFor(note, [receivers.slack])) await outbox.put(letter);
  };
  /** Until so much time has gone by. */
  const runFor = async (ms: number) => {
    const stop = new AbortController();
    const end = clock.now() + ms;
    const { signal } = stop;
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (pause, other) => {
      await sleep(pause, other);
      if (clock.now() >= end) stop.abort();
    };
    await sender.run(signal);
  };
  return { clock, outbox, sender, put, tries, logged, runFor };
}

const busy = (retryAfterMs?: number) =>
  new SallyportError({ code: 'busy', message: 'busy', next: 'retry', retryAfterMs });

test('what is sent is sent once', async () => {
  const { put, runFor, tries, outbox } = await bench(async () => undefined);
  await put(noteOf());
  await runFor(60_000);
  await put(noteOf());
  await runFor(60_000);
  expect(tries).toEqual([0]);
  expect(await outbox.lease({ most: 9, forMs: 1 })).toEqual([]);
});

test('what fails is tried again with growing pauses, eight times in all, then given up with a word', async () => {
  const { put, runFor, tries, logged } = await bench(() => Promise.reject(busy()));
  await put(noteOf());
  await runFor(6 * 3_600_000);
  expect(tries).toHaveLength(8);
  const pauses = tries.map((at, index) => at - (tries[index - 1] ?? 0));
  expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses);
  expect(tries.at(-1)).toBeGreaterThan(3_600);
  expect(logged.at(-1)).toMatch(/^a notification is given up/);
});

test('a receiver that says when is asked no sooner', async () => {
  let isFirst = true;
  const { put, runFor, tries } = await bench(async () => {
    const rejects = isFirst;
    isFirst = false;
    if (rejects) throw busy(300_000);
  });
  await put(noteOf());
  await runFor(600_000);
  expect(tries).toHaveLength(2);
  expect(tries[1]).toBeGreaterThanOrEqual(300);
  expect(tries[1]).toBeLessThan(320);
});

test('what cannot pass by itself is given up at once, and the next note goes out', async () => {
  const { put, runFor, tries, logged } = await bench(async ({ event }) => {
    if (event === 'failed') {
      throw new SallyportError({ code: 'secret_missing', message: 'SLACK is not set' });
    }
  });
  await put(noteOf());
  await put(noteOf({ id: 'next', event: 'completed' }));
  await runFor(60_000);
  expect(tries).toHaveLength(2);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('SLACK is not set');
});

test('one that does not answer keeps no other waiting, and leaves with the sender', async () => {
  const sent: string[] = [];
  const { put, runFor } = await bench(async ({ environment }, signal) => {
    if (environment === 'production') {
      await new Promise((_, reject) => signal.addEventListener('abort', reject));
    }
    sent.push(environment);
  });
  await put(noteOf());
  await put(noteOf({ id: 'other', environment: 'staging' }));
  await runFor(30_000);
  expect(sent).toEqual(['staging']);
});

test('an outbox that cannot be read is told of once, and asked again', async () => {
  const { outbox, put, runFor, tries, logged } = await bench(async () => undefined);
  await put(noteOf());
  const lease = outbox.lease.bind(outbox);
  let failures = 3;
  outbox.lease = async (options) => {
    failures -= 1;
    if (failures >= 0) throw new Error('cut off');
    return await lease(options);
  };
  await runFor(60_000);
  expect(tries).toHaveLength(1);
  expect(logged).toHaveLength(1);
});
