import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventLog, LoggedJob, LoggedRecord } from '../../src/deploy/admit.ts';
import { acceptGap } from '../../src/deploy/chain.ts';
import { foldEnvironment, lostJobs } from '../../src/deploy/fold-environment.ts';
import type { JobDraft } from '../../src/deploy/issue.ts';
import { hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';

/** Jobs each on top of the one before, bound. */
async function chainOf(length: number): Promise<readonly LoggedJob[]> {
  const chain: LoggedJob[] = [];
  for (let place = 0; place < length; place += 1) {
    const sha = String(place).repeat(40);
    chain.push(await next(chain, `comment:1:${place}:0`, { sha }));
  }
  return chain;
}

async function next(chain: readonly LoggedJob[], cause: string, changes: Partial<JobDraft> = {}) {
  const last = chain.at(-1);
  return loggedJob(
    (last?.deployment ?? 0) + 10,
    jobOf(cause, last?.digest ?? null, hostsOnly(changes)),
  );
}

function hostsOnly(changes: Partial<JobDraft>): Partial<JobDraft> {
  return {
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] }],
    ...changes,
  };
}

function bind(jobs: readonly LoggedJob[]): LoggedRecord[] {
  return jobs.map((job) => recorder(job).bound());
}

function complete(job: LoggedJob): LoggedRecord[] {
  const say = recorder(job);
  return [say.bound(), ...hostNames.map((host) => say.unit(host, 'done'))];
}

const fold = (log: EventLog) => foldEnvironment('production', log);
const chain = await chainOf(4);

test('the oldest that is not over runs, the others wait in line', () => {
  const view = fold({ jobs: chain, records: [...complete(chain[0]!), ...bind(chain.slice(1))] });
  expect(view.running?.deployment).toBe(chain[1]!.deployment);
  expect(view.queue.map(({ deployment }) => deployment)).toEqual([
    chain[2]!.deployment,
    chain[3]!.deployment,
  ]);
  expect(view.head).toBe(chain[3]!.digest);
  expect(view.gap).toBeNull();
});

test('the way back leads to the newest completed commit before the live one', () => {
  const view = fold({ jobs: chain, records: chain.slice(0, 3).flatMap(complete) });
  expect(view.lastGood?.deployment).toBe(chain[2]!.deployment);
  expect(view.previousGood?.deployment).toBe(chain[1]!.deployment);
});

test('a job that is not bound stands nowhere', () => {
  const view = fold({ jobs: chain, records: bind(chain.slice(0, 1)) });
  expect(view.deployments).toHaveLength(1);
  expect(view.unbound).toHaveLength(3);
});

test('deleting any entry but the last from a chain is noticed, and stops what comes after it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: chain.length - 2 }), (place) => {
      const jobs = chain.toSpliced(place, 1);
      const view = fold({ jobs, records: bind(jobs) });
      expect(view.gap).toMatchObject({ deployment: chain[place + 1]!.deployment });
      expect(view.deployments).toHaveLength(place);
    }),
  );
});

test('a person may accept a gap, and the chain goes on from there', async () => {
  const jobs = chain.toSpliced(1, 1);
  const accepting = jobOf('comment:1:9:0', null, hostsOnly({ flags: { [acceptGap]: true } }));
  const all = [...jobs, await loggedJob(90, accepting)];
  const view = fold({ jobs: all, records: bind(all) });
  expect(view.gap).toBeNull();
  expect(view.deployments.at(-1)!.deployment).toBe(90);
});

test('accepting a gap gives up what was open before it', async () => {
  const accepting = jobOf('comment:1:9:0', null, hostsOnly({ flags: { [acceptGap]: true } }));
  const all = [...chain, await loggedJob(90, accepting)];
  const view = fold({ jobs: all, records: bind(all) });
  expect(view.running?.deployment).toBe(90);
  expect(view.queue).toEqual([]);
});

test('of two jobs with the same prev the lower deployment id stands, the other is issued anew', async () => {
  const rival = await loggedJob(15, jobOf('push:main:b', chain[0]!.digest, hostsOnly({})));
  const jobs = [chain[0]!, rival, chain[1]!];
  const view = fold({ jobs, records: bind(jobs) });
  expect(view.deployments.map(({ deployment }) => deployment)).toEqual([10, 15]);
  expect(view.voided).toMatchObject([{ deployment: 20, why: 'conflict', stands: 15 }]);
  expect(lostJobs(view).map(({ deployment }) => deployment)).toEqual([20]);
});

test('the same job id twice is one job', async () => {
  const again = await loggedJob(99, { ...chain[0]!.job, prev: chain.at(-1)!.digest });
  const jobs = [...chain, again];
  const view = fold({ jobs, records: bind(jobs) });
  expect(view.voided).toMatchObject([{ deployment: 99, why: 'duplicate', stands: 10 }]);
  expect(lostJobs(view)).toEqual([]);
});

test('jobs of other environments never enter', async () => {
  const other = await loggedJob(11, jobOf('push:x', null, { environment: 'staging' }));
  const jobs = [chain[0]!, other, ...chain.slice(1)];
  expect(fold({ jobs, records: bind(jobs) })).toEqual(fold({ jobs: chain, records: bind(chain) }));
});

test('a log that begins in the middle of a chain is whole when it is known what came before', () => {
  const jobs = chain.slice(2);
  const view = foldEnvironment('production', { jobs, records: bind(jobs) }, chain.slice(0, 2));
  expect(view.gap).toBeNull();
  expect(view.deployments).toHaveLength(2);
});

test('every prefix of a log is a valid log', () => {
  const records = chain.flatMap(complete).toSorted((a, b) => a.id - b.id);
  fc.assert(
    fc.property(fc.nat(chain.length), fc.nat(records.length), (jobs, said) => {
      const view = fold({ jobs: chain.slice(0, jobs), records: records.slice(0, said) });
      expect(view.gap).toBeNull();
      expect(view.voided).toEqual([]);
    }),
  );
});
