import { expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';

test('a sleep ends with the reason of its signal', async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(60_000, stop.signal);
  stop.abort(new Error('leaving'));
  await expect(sleeping).rejects.toThrow('leaving');
  await expect(systemClock.sleep(1, stop.signal)).rejects.toThrow('leaving');
});

test('a sleep passes', async () => {
  await systemClock.sleep(1);
  expect(systemClock.now()).toBeGreaterThan(Date.UTC(2026, 0, 1));
  expect(systemClock.random()).toBeLessThan(1);
});

test('a sleep of years does not end at once', async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(1e12, stop.signal).then(
    () => 'over',
    () => 'stopped',
  );
  await systemClock.sleep(5);
  stop.abort();
  expect(await sleeping).toBe('stopped');
});
