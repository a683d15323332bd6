import { expect, test } from 'vitest';
import { createAdmitter, type Admitter } from '../../src/deploy/admit.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { draftJob, hostNames, trust } from '../support/jobs.ts';
import { createMemoryWorld, type MemoryWorld } from '../support/memory-ledger.ts';
import { Plans, ScheduledAgent, Workplaces } from '../support/scheduled-agent.ts';
import { runApp } from '../support/scheduled-app.ts';

/** All of them with `npm run test:long`. */
const schedules = process.env['SALLYPORT_LONG'] ? 10_000 : 50;
const tenMinutes = 10 * 60_000;
/** Two that people must approve, one that goes out by itself, and one that only plans. */
const drafts = [
  draftJob('comment:1:1:0', { flags: { ask: true } }),
  draftJob('comment:1:2:0', { flags: { ask: true } }),
  draftJob('push:main:x', { flags: { auto: true } }),
  draftJob('comment:1:3:0', { operation: 'plan' }),
];
const causes = drafts.map(({ cause }) => cause);
const unkind = {
  staleMs: 2_000,
  hiddenMs: 2_500,
  duplicated: 0.05,
  timedOut: 0.05,
  refused: 0.05,
  latencyMs: 400,
};

async function read(world: MemoryWorld, admitter: Admitter) {
  const { environments } = await new LedgerReader(world.connect(), admitter, {
    history: 50,
  }).refresh();
  return environments.get('production');
}

test(
  `${schedules} schedules of two Apps and three agents over an unkind ledger`,
  { timeout: 3_600_000 },
  async () => {
    let begun = 0;
    for (let seed = 1; seed <= schedules; seed += 1) {
      const world = createMemoryWorld(seed, unkind);
      const admitter = createAdmitter(trust);
      const workplaces = new Workplaces();
      const plans = new Plans();
      const started = world.clock.now();
      let over = false;
      const isOver = () => over;
      const agents = hostNames.map((name, place) => {
        const clock = world.clock.skewedBy((place - 1) * tenMinutes);
        return new ScheduledAgent({
          name,
          ledger: world.connect(),
          clock,
          admitter,
          workplaces,
          plans,
          until: isOver,
        });
      });
      const referee = async () => {
        while (!over && world.clock.now() - started < 12 * 60 * 60_000) {
          await world.clock.sleep(60_000);
          const view = await read(world, admitter).catch(() => undefined);
          over =
            view?.deployments.length === causes.length &&
            view.deployments.every((each) => each.over);
        }
        over = true;
      };
      await world.clock.run([
        // Two Apps that were both told of every cause, in different orders.
        () => runApp({ world, admitter, drafts, plans, until: isOver }),
        () => runApp({ world, admitter, drafts: drafts.toReversed(), plans, until: isOver }),
        ...agents.map((agent) => () => agent.run()),
        referee,
      ]);
      world.faults = { ...world.faults, staleMs: 0, hiddenMs: 0, refused: 0, timedOut: 0 };
      world.clock.advance(60_000);
      const view = (await read(world, admitter))!;
      expect(workplaces.collisions, `seed ${seed}: two holders of one unit`).toEqual([]);
      expect(plans.unapproved, `seed ${seed}: applied and not approved`).toEqual([]);
      begun += plans.begun;
      expect(view.gap, `seed ${seed}`).toBeNull();
      expect(
        view.deployments.map(({ job }) => job.cause).toSorted(),
        `seed ${seed}: a lost job`,
      ).toEqual(causes.toSorted());
      expect(
        view.deployments.map(({ over: ended }) => ended),
        `seed ${seed}: no end`,
      ).toEqual(causes.map(() => true));
    }
    expect(begun, 'nothing was ever approved').toBeGreaterThan(schedules);
  },
);
