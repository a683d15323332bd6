import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LoggedJob } from '../../src/deploy/admit.ts';
import { seededRandom } from '../support/random.ts';
import { RolledHosts, type Fate } from '../support/rolled-hosts.ts';
import { rolloutJob } from '../support/rollouts.ts';

/** All of them with `npm run test:long`. */
const runs = process.env['SALLYPORT_LONG'] ? 100_000 : 600;

const fate = fc.oneof(
  { weight: 9, arbitrary: fc.constant<Fate>('done') },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('rolled-back', 'failed') },
);

const rolling = fc.record({
  hosts: fc.integer({ min: 2, max: 8 }),
  canary: fc.integer({ min: 0, max: 3 }),
  batch: fc.integer({ min: 1, max: 4 }),
  max_unavailable: fc.integer({ min: 1, max: 4 }),
  down: fc.constantFrom('wait' as const, 'skip' as const),
  waves: fc.constantFrom([0], [5, -3], [0, 0]),
  on_failure: fc.constantFrom('rollback' as const, 'stop' as const),
  fates: fc.array(fate, { minLength: 8, maxLength: 8 }),
  dies: fc.constantFrom(0, 0.05, 0.1),
  goneFor: fc.constantFrom(5, 40),
  leavesOut: fc.constantFrom(0, 0.1),
  cancels: fc.constantFrom(0, 0, 0, 0.01),
  seed: fc.integer(),
});

test(
  `${runs} rollouts of agents that read late, die and come back`,
  { timeout: 3_600_000 },
  async () => {
    const seen = { completed: 0, 'rolled-back': 0, failed: 0, cancelled: 0, skipped: 0 };
    await fc.assert(
      fc.asyncProperty(rolling, async ({ hosts, waves, on_failure, seed, fates, ...chances }) => {
        const { canary, batch, max_unavailable, down, ...chance } = chances;
        const rollout = { canary, batch, max_unavailable, down };
        const job: LoggedJob = await rolloutJob({ hosts, rollout, waves, on_failure });
        // Where failures stop, nothing goes back by itself.
        const fateOf = (place: number): Fate =>
          on_failure === 'stop' && fates[place] === 'rolled-back' ? 'failed' : fates[place]!;
        const names = job.job.roster.map(({ name }, place) => [name, fateOf(place)] as const);
        const rolled = new RolledHosts({
          ...chance,
          job,
          fates: new Map(names),
          random: seededRandom(seed),
        });
        expect(rolled.run(), 'no end').toBe(true);
        expect(rolled.wrongs).toEqual([]);
        const { state, units, skipped, over } = rolled.view.deployments[0]!;
        expect(over).toBe(true);
        seen[state as keyof typeof seen] += 1;
        if (skipped.length > 0) seen.skipped += 1;
        // What every host reads in the ledger is what is on the hosts in truth.
        const done = units.filter((unit) => unit.state === 'done');
        expect([...rolled.moved].toSorted()).toEqual(
          done.map(({ target, host }) => `${target}@${host}`).toSorted(),
        );
        const isBad = (host: string | null) => fates[Number(host!.slice(1)) - 1] !== 'done';
        if (state === 'completed') {
          // Whoever was left out has caught up too, but for those that fail by themselves.
          const open = units.filter((unit) => unit.state !== 'done');
          expect(open.every(({ host }) => skipped.includes(host!) && isBad(host))).toBe(true);
        }
        if (state === 'rolled-back' || state === 'cancelled') expect(done).toEqual([]);
        if (state === 'failed' && on_failure === 'rollback') expect(done).toEqual([]);
      }),
      { numRuns: runs, seed: 5 },
    );
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0);
  },
);
