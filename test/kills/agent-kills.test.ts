import { expect, test } from 'vitest';
import { pointsOf, runScenario } from '../support/kills/scenario.ts';

const isLong = process.env['SALLYPORT_LONG'] === '1';
const only = process.env['SALLYPORT_SEED'];
const perScenario = isLong ? 5 : 2;
const scenarios = Number(process.env['KILL_SCENARIOS'] ?? (isLong ? 100 : 3));
const first = Number(only ?? Date.now() % 100_000);
const seeds = Array.from({ length: only === undefined ? scenarios : 1 }, (_, at) => first + at);

test(`an agent that is killed or has no room on its disk, at any moment (seeds from ${first}): every deployment ends, one slot is live, no request fails, nothing is left over`, async () => {
  const left = [...seeds];
  const failures: unknown[] = [];
  let [hits, done] = [0, 0];
  const work = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      try {
        const hit = await runScenario(seed, pointsOf(seed, perScenario));
        hits += hit;
      } catch (error) {
        failures.push(error);
        if (isLong) process.stderr.write(`${String(error)}\n`);
      }
      done += 1;
      if (isLong)
        process.stderr.write(`${done} of ${seeds.length} scenarios, ${hits} points hit\n`);
    }
  };
  await Promise.all([work(), work(), work()]);
  expect(failures.map(String)).toEqual([]);
  expect(hits).toBeGreaterThan(0);
}, 3_600_000);
