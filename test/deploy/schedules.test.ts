import { expect, test } from 'vitest';
import { createAdmitter, type Admitter } from '../../src/deploy/admit.ts';
import { issueJob } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { reissueLost } from '../../src/deploy/reissue.ts';
import { appKey, draftJob, hostNames, trust } from '../support/jobs.ts';
import { createMemoryWorld, type MemoryWorld } from '../support/memory-ledger.ts';
import { ScheduledAgent, Workplaces } from '../support/scheduled-agent.ts';

/** All of them with `npm run test:long`. */
const schedules = process.env['SALLYPORT_LONG'] ? 10_000 : 100;
const tenMinutes = 10 * 60_000;
const causes = ['comment:1:1:0', 'comment:1:2:0', 'push:main:x'];
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

/** Two Apps that were both told of every cause, in different orders, and look after lost jobs. */
function app(world: MemoryWorld, admitter: Admitter, own: readonly string[], until: () => boolean) {
  const ledger = world.connect();
  const reader = new LedgerReader(ledger, admitter);
  const app = { ledger, reader, key: appKey, clock: world.clock };
  return async () => {
    const left = [...own];
    while (!until()) {
      const cause = left[0];
      const step = cause === undefined ? reissueLost(app) : issueJob(draftJob(cause), app);
      await step.then(() => left.shift()).catch(() => undefined);
      await world.clock.sleep(20_000 * (left.length > 0 ? world.clock.random() : 1));
    }
  };
}

test(
  `${schedules} schedules of two Apps and three agents over an unkind ledger`,
  { timeout: 3_600_000 },
  async () => {
    for (let seed = 1; seed <= schedules; seed += 1) {
      const world = createMemoryWorld(seed, unkind);
      const admitter = createAdmitter(trust);
      const workplaces = new Workplaces();
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
        app(world, admitter, causes, isOver),
        app(world, admitter, causes.toReversed(), isOver),
        ...agents.map((agent) => () => agent.run()),
        referee,
      ]);
      world.faults = { ...world.faults, staleMs: 0, hiddenMs: 0, refused: 0, timedOut: 0 };
      world.clock.advance(60_000);
      const view = (await read(world, admitter))!;
      expect(workplaces.collisions, `seed ${seed}: two holders of one unit`).toEqual([]);
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
  },
);
