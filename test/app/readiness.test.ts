import { expect, test } from 'vitest';
import { readinessOf } from '../../src/app/readiness.ts';
import type { Clock } from '../../src/ports/clock.ts';

const quiet = { info() {}, warn() {}, error() {} };

test('ready is who reaches the store and GitHub; GitHub is not asked at every look', async () => {
  let [now, asked, store, github] = [0, 0, true, true];
  const clock: Clock = { now: () => now, random: () => 0, sleep: () => Promise.resolve() };
  const check = (holds: boolean) => (holds ? Promise.resolve() : Promise.reject(new Error('no')));
  const trouble = readinessOf(
    {
      store: () => check(store),
      github: () => {
        asked += 1;
        return check(github);
      },
    },
    clock,
    quiet,
  );
  expect(await Promise.all([trouble(), trouble()])).toEqual([null, null]);
  expect(asked).toBe(1);
  store = false;
  expect(await trouble()).toBe('the store cannot be reached');
  [store, github] = [true, false];
  expect(await trouble()).toBe(null);
  now = 31_000;
  expect(await trouble()).toContain('GitHub cannot be reached');
});
