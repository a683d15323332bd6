import { expect, test } from 'vitest';
import { createAdmitter, type Admitter } from '../../src/deploy/admit.ts';
import { LedgerReader, type Reading } from '../../src/deploy/reader.ts';
import { jobDigest, signJob } from '../../src/deploy/job-codec.ts';
import type { JobEntry, Ledger, RecordEntry } from '../../src/ports/ledger.ts';
import { appKey, hostNames, jobOf, tokenOf, trust } from '../support/jobs.ts';

const onlyWeb = { targets: [{ name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] }] };

/** A ledger that shows just what a test puts into it. */
function showing(jobs: JobEntry[], records: RecordEntry[], now = () => 0) {
  const asked: number[] = [];
  const ledger = {
    jobs: () => Promise.resolve({ jobs: jobs.toReversed(), now: now(), unchanged: false }),
    records: (deployment: number) => {
      asked.push(deployment);
      const own = records.filter((record) => record.deployment === deployment);
      return Promise.resolve({ records: own, now: 0, unchanged: false });
    },
  } as unknown as Ledger;
  return { ledger, asked };
}

async function entryOf(deployment: number, cause: string, prev: string | null): Promise<JobEntry> {
  const job = jobOf(cause, prev as ReturnType<typeof jobOf>['prev'], onlyWeb);
  return { deployment, token: await signJob(job, appKey), at: 0 };
}

let lastId = 0;

function said(job: JobEntry, host: string | null, state: 'bound' | 'done' | 'held'): RecordEntry {
  lastId += 1;
  const base = { job: jobDigest(job.token), reason: 'none', at: 0, plan: null } as const;
  const place = hostNames.findIndex((name) => name === host);
  const records = {
    bound: { ...base, kind: 'act', state: 'bound', subject: job.deployment },
    done: { ...base, kind: 'unit', state: 'done', target: 0, host: place, attempt: 1 },
    held: { ...base, kind: 'host', state: 'held', host: place, number: 1 },
  } as const;
  const token = tokenOf(records[state], host);
  return { id: lastId, deployment: job.deployment, token, words: '', at: 0 };
}

test('a job that looked lost is read again when it comes to stand after all', async () => {
  const late = await entryOf(1, 'push:late', null);
  const rival = await entryOf(2, 'push:rival', null);
  const onRival = await entryOf(3, 'push:same', jobDigest(rival.token));
  const onLate = await entryOf(4, 'push:same', jobDigest(late.token));
  const jobs = [rival, onRival, onLate];
  const records = jobs.map((job) => said(job, null, 'bound'));
  const reader = new LedgerReader(showing(jobs, records).ledger, trust);
  await reader.refresh();

  jobs.unshift(late);
  records.push(said(late, null, 'bound'));
  await reader.refresh();
  records.push(
    ...[late, onLate].flatMap((job) => hostNames.map((host) => said(job, host, 'done'))),
  );
  const { environments } = await reader.refresh();
  expect(environments.get('production')!.deployments.map(({ state }) => state)).toEqual([
    'completed',
    'completed',
  ]);
});

test('records of what is over are not asked for again', async () => {
  const job = await entryOf(1, 'push:one', null);
  const records = [said(job, null, 'bound'), ...hostNames.map((host) => said(job, host, 'done'))];
  const { ledger, asked } = showing([job], records);
  const reader = new LedgerReader(ledger, trust);
  await reader.refresh();
  await reader.refresh();
  expect(asked).toEqual([1]);
});

test('hosts are listened to now and then on the newest deployment, over or not', async () => {
  const job = await entryOf(1, 'push:one', null);
  const records = [said(job, null, 'bound'), ...hostNames.map((host) => said(job, host, 'done'))];
  let now = 0;
  const { ledger, asked } = showing([job], records, () => now);
  const reader = new LedgerReader(ledger, trust);
  await reader.refresh();
  records.push(said(job, 'web-1', 'held'));
  for (; now < 60_000; now += 5_000) await reader.refresh();
  expect((await reader.refresh()).environments.get('production')!.facts.held).toHaveLength(1);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.length).toBeLessThan(6);
});

test('an entry that was there once stays, however stale a later answer is', async () => {
  const job = await entryOf(1, 'push:one', null);
  const jobs = [job];
  const records = [said(job, null, 'bound')];
  const reader = new LedgerReader(showing(jobs, records).ledger, trust);
  await reader.refresh();
  jobs.length = 0;
  records.length = 0;
  const { environments, changed } = await reader.refresh();
  expect(changed).toBe(false);
  expect(environments.get('production')!.running).toMatchObject({ deployment: 1, bound: true });
});

test('what is noted while a reading is made is shown with the next one', async () => {
  const job = await entryOf(1, 'push:one', null);
  const { ledger } = showing([job], [said(job, null, 'bound')]);
  const unsaid = hostNames.map((host) => said(job, host, 'done'));
  const inner = createAdmitter(trust);
  const admit: Admitter['admit'] = (jobs, records) => {
    const admitted = inner.admit(jobs, records);
    if (records.length > 0) unsaid.splice(0).forEach((record) => reader.note(record));
    return admitted;
  };
  const reader: LedgerReader = new LedgerReader(ledger, { ...inner, admit });
  const stateOf = ({ environments }: Reading) =>
    environments.get('production')?.deployments[0]?.state;
  expect(stateOf(await reader.refresh())).toBe('pending');
  expect(stateOf(await reader.refresh())).toBe('completed');
});

test('a reading that broke off is made anew', async () => {
  const job = await entryOf(1, 'push:one', null);
  const next = await entryOf(2, 'push:two', jobDigest(job.token));
  const [jobs, records] = [[job], [said(job, null, 'bound')]];
  const { ledger } = showing(jobs, records);
  let isCut = false;
  const flaky: Ledger = {
    ...ledger,
    records: (...asked) => (isCut ? Promise.reject(new Error('cut')) : ledger.records(...asked)),
  };
  const reader = new LedgerReader(flaky, trust);
  await reader.refresh();
  jobs.push(next);
  records.push(said(next, null, 'bound'));
  isCut = true;
  await expect(reader.refresh()).rejects.toThrow('cut');
  isCut = false;
  const { environments } = await reader.refresh();
  expect(environments.get('production')?.deployments.length).toBe(2);
});
