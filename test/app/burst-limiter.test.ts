import { expect, test } from 'vitest';
import { BurstLimiter } from '../../src/app/octokit/burst-limiter.ts';
import type { Clock } from '../../src/ports/clock.ts';

function recordingClock() {
  const slept: number[] = [];
  const clock: Clock = {
    now: () => 1000,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    random: () => 0,
  };
  return { clock, slept };
}

test('a handful goes at once, the rest one after the other', async () => {
  const { clock, slept } = recordingClock();
  const limiter = new BurstLimiter({ burst: 3, everyMs: 1000 }, clock);
  for (let i = 0; i < 5; i += 1) await limiter.key('7').schedule({}, () => Promise.resolve(i));
  expect(slept).toEqual([1000, 2000]);
});

test('installations do not wait for each other', async () => {
  const { clock, slept } = recordingClock();
  const limiter = new BurstLimiter({ burst: 1, everyMs: 1000 }, clock);
  await limiter.key('7').schedule({}, () => Promise.resolve());
  await limiter.key('8').schedule({}, () => Promise.resolve());
  expect(slept).toEqual([]);
});
