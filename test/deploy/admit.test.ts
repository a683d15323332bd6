import { expect, test } from 'vitest';
import { createAdmitter } from '../../src/deploy/admit.ts';
import { jobDigest, signJob } from '../../src/deploy/job-codec.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import type { LedgerRecord } from '../../src/model/record.ts';
import { signRecord } from '../../src/deploy/record-codec.ts';
import { appKey, hostKeys, jobOf, tokenOf, trust } from '../support/jobs.ts';

const job = jobOf('comment:1:2:0', null);
const token = await signJob(job, appKey);
const entry = { deployment: 5, token, at: 100 };
const base = { job: jobDigest(token), reason: 'none', at: 200 } as const;
const done: LedgerRecord = {
  ...base,
  kind: 'unit',
  state: 'done',
  target: 0,
  host: 0,
  attempt: 1,
  plan: null,
};
const held: LedgerRecord = { ...base, kind: 'host', state: 'held', host: 1, number: 1, plan: null };
const bound: LedgerRecord = { ...base, kind: 'act', state: 'bound', subject: 5, plan: null };

/** What becomes of one record beside the job: `admitted`, or why it was dropped. */
async function fateOf(recordToken: string): Promise<string> {
  const record = { id: 1, deployment: 5, token: recordToken, words: '', at: 300 };
  const { log, dropped } = await createAdmitter(trust).admit([entry], [record]);
  return log.records.length === 1 ? 'admitted' : dropped[0]!.why;
}

test.each([
  ['a host of its own unit', tokenOf(done, 'web-1'), 'admitted'],
  ['a host of the unit of another host', tokenOf(done, 'web-2'), 'not_its_own'],
  ['the App of a host’s unit', signRecord(done, appKey), 'not_its_own'],
  ['a host binding a job', tokenOf(bound, 'web-1'), 'not_its_own'],
  ['a host approving', tokenOf({ ...bound, state: 'approved' }, 'web-1'), 'not_its_own'],
  ['the App binding', tokenOf(bound, null), 'admitted'],
  ['the App binding another deployment', tokenOf({ ...bound, subject: 6 }, null), 'not_its_own'],
  ['a stranger', signRecord(done, generateSigningKey()), 'not_its_own'],
  ['a host that is not in the roster', tokenOf({ ...done, host: 9 }, 'web-1'), 'not_its_own'],
  ['a host of a target that is not there', tokenOf({ ...done, target: 9 }, 'web-1'), 'not_its_own'],
  ['a host of a unit on no host', tokenOf({ ...done, target: 1, host: null }, 'web-3'), 'admitted'],
  ['a host of a leased unit as its own', tokenOf({ ...done, target: 1 }, 'web-1'), 'not_its_own'],
  ['a host of itself', tokenOf(held, 'web-2'), 'admitted'],
  ['a host of another host', tokenOf(held, 'web-1'), 'not_its_own'],
  ['the App of a host', tokenOf(held, null), 'not_its_own'],
  ['a host that is not there', tokenOf({ ...held, host: 9 }, 'web-1'), 'not_its_own'],
  ['a host of another job', tokenOf({ ...done, job: jobDigest('a.b.c') }, 'web-1'), 'unknown_job'],
  ['a status without a record', 'https://ci.example.org/1', 'not_ours'],
  ['a record of a later schema', `Ag${tokenOf(done, 'web-1').slice(2)}`, 'not_ours'],
])('%s', async (_who, recordToken, fate) => {
  expect(await fateOf(recordToken)).toBe(fate);
});

test('a record that names a host’s key without its signature is dropped', async () => {
  const forged = Buffer.from(tokenOf(done, 'web-1'), 'base64url');
  forged[forged.length - 1]! ^= 1;
  expect(await fateOf(forged.toString('base64url'))).toBe('untrusted');
});

test('the same record twice counts once', async () => {
  const twice = [1, 2].map((id) => ({
    id,
    deployment: 5,
    token: tokenOf({ ...done, at: id }, 'web-1'),
    words: '',
    at: id,
  }));
  const { log, dropped } = await createAdmitter(trust).admit([entry], twice);
  expect(log.records.map(({ id }) => id)).toEqual([1]);
  expect(dropped).toMatchObject([{ record: 2, why: 'repeated' }]);
});

test('a key speaks only for the environments that trust gives it', async () => {
  const narrow = { repository: 1, app: [{ key: appKey.public, environments: ['staging'] }] };
  const { log, dropped } = await createAdmitter(narrow).admit([entry], []);
  expect(log.jobs).toEqual([]);
  expect(dropped).toMatchObject([{ deployment: 5, why: 'untrusted' }]);
});

test('a job for another repository, though well signed, does not count', async () => {
  const { log } = await createAdmitter({ ...trust, repository: 2 }).admit([entry], []);
  expect(log.jobs).toEqual([]);
});

test('a roster with a key that is none silences that host and nothing else', async () => {
  const roster = [
    { name: 'web-1', key: `ed25519:${'_'.repeat(43)}` },
    job.roster[1]!,
    job.roster[2]!,
  ];
  const odd = await signJob({ ...job, roster }, appKey);
  const record = { ...done, job: jobDigest(odd), host: 1 } as const;
  const token = signRecord(record, hostKeys['web-2']!);
  const entries = [{ id: 1, deployment: 5, token, words: '', at: 1 }];
  const { log } = await createAdmitter(trust).admit([{ ...entry, token: odd }], entries);
  expect(log.records).toHaveLength(1);
});
