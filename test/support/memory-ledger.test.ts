import { expect, test } from 'vitest';
import type { Ledger } from '../../src/ports/ledger.ts';
import { createMemoryWorld, type MemoryFaults } from './memory-ledger.ts';

const unkind: MemoryFaults = {
  staleMs: 5000,
  hiddenMs: 5000,
  duplicated: 0.1,
  timedOut: 0.1,
  refused: 0.1,
  latencyMs: 400,
};

test('one seed is one schedule, however its tasks wait', async () => {
  const [first, second, other] = [await writeLog(7), await writeLog(7), await writeLog(8)];
  expect(first).toEqual(second);
  expect(first).not.toEqual(other);
});

test('reads go back in time, and a lower id may appear after a higher one', async () => {
  const world = createMemoryWorld(3, { staleMs: 2000, hiddenMs: 2000 });
  const ledger = world.connect();
  let [gaps, setbacks, seen] = [0, 0, 0];
  for (let n = 1; n <= 200; n += 1) {
    await write(ledger, `${n}`);
    await world.clock.sleep(200);
    const ids = (await ledger.records(1)).records.map(({ id }) => id);
    if (ids.length < seen) setbacks += 1;
    if ((ids.at(-1) ?? 0) > ids.length) gaps += 1;
    seen = ids.length;
  }
  expect(setbacks).toBeGreaterThan(0);
  expect(gaps).toBeGreaterThan(0);
});

test('a write may land twice, or land without an answer, or not land', async () => {
  const world = createMemoryWorld(1, { duplicated: 1 });
  const ledger = world.connect();
  await write(ledger, 'twice');
  world.faults = { ...world.faults, duplicated: 0, timedOut: 1 };
  await expect(write(ledger, 'unanswered')).rejects.toMatchObject({ next: 'retry' });
  world.faults = { ...world.faults, timedOut: 0, refused: 1 };
  await expect(write(ledger, 'lost')).rejects.toMatchObject({ next: 'retry' });
  expect(world.records.map(({ token }) => token)).toEqual(['twice', 'twice', 'unanswered']);
});

test('a schedule that would never end is ended', async () => {
  const { clock } = createMemoryWorld(1);
  const forever = async (): Promise<void> => {
    for (;;) await clock.sleep(1000);
  };
  const [end] = await clock.run([forever], 60_000);
  expect(end).toMatchObject({ status: 'rejected' });
});

/** What three tasks wrote that each wait for two things at once. */
async function writeLog(seed: number): Promise<string[]> {
  const world = createMemoryWorld(seed, unkind);
  const tasks = ['a', 'b', 'c'].map((name) => async () => {
    const ledger = world.connect();
    for (let n = 0; n < 10; n += 1) {
      const acts = [write(ledger, `${name}${n}`), ledger.jobs(), ledger.records(1)];
      await Promise.allSettled(acts);
      await world.clock.sleep(500);
    }
  });
  await world.clock.run(tasks);
  return world.records.map(({ token, at }) => `${token} ${at}`);
}

function write(ledger: Ledger, token: string) {
  return ledger.append({
    deployment: 1,
    token,
    state: 'queued',
    environment: 'e',
    description: '',
  });
}
