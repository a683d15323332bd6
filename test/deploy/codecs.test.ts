import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobDigest, jobIdOf, signJob, verifyJob } from '../../src/deploy/job-codec.ts';
import {
  decodeRecord,
  shortDigest,
  signRecord,
  verifyRecord,
} from '../../src/deploy/record-codec.ts';
import { digestOf } from '../../src/model/digest.ts';
import { generateSigningKey, parseSigningKey, signingKeyToPem } from '../../src/model/keys.ts';
import { reasons, type Reason } from '../../src/model/reason.ts';
import { actStates, hostStates, leaseStates, type LedgerRecord } from '../../src/model/record.ts';
import { unitStates } from '../../src/model/unit.ts';
import { appKey, hostKeys, jobOf } from '../support/jobs.ts';

const job = shortDigest(digestOf('a job'));
const common = {
  job: fc.constant(job),
  reason: fc.constantFrom(...(Object.keys(reasons) as Reason[])),
  at: fc.integer({ min: 0, max: 2 ** 47 }),
};
const plan = fc.option(fc.string().map((text) => shortDigest(digestOf(text))));
const place = fc.integer({ min: 0, max: 249 });
const attempt = fc.integer({ min: 0, max: 65_535 });
const anyRecord: fc.Arbitrary<LedgerRecord> = fc.oneof(
  fc.record({
    ...common,
    kind: fc.constant('act' as const),
    state: fc.constantFrom(...actStates),
    subject: fc.integer({ min: 0, max: 2 ** 47 }),
    plan,
  }),
  fc.record({
    ...common,
    kind: fc.constant('unit' as const),
    state: fc.constantFrom(...unitStates),
    target: place,
    host: fc.option(place),
    attempt,
    plan,
  }),
  fc.record({
    ...common,
    kind: fc.constant('lease' as const),
    state: fc.constantFrom(...leaseStates),
    target: place,
    attempt,
  }),
  fc.record({
    ...common,
    kind: fc.constant('host' as const),
    state: fc.constantFrom(...hostStates),
    host: place,
    number: fc.integer({ min: 1, max: 2 ** 47 }),
    plan,
  }),
  fc.record({
    ...common,
    kind: fc.constant('host' as const),
    state: fc.constant('held' as const),
    host: place,
    number: fc.integer({ min: 1, max: 2 ** 47 }),
    plan,
    target: place,
  }),
);

test('a record is read back as it was signed, and is short enough for a log_url', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const token = signRecord(record, appKey);
      expect(token.length).toBe(166);
      expect(verifyRecord(token, appKey.public)).toBe(true);
      expect(decodeRecord(token)).toMatchObject({ key: appKey.public.id, record });
    }),
    { numRuns: 200 },
  );
});

test('a record with any one bit changed is not what the key signed', () => {
  const good = Buffer.from(
    signRecord(
      { kind: 'act', state: 'approved', job, reason: 'none', at: 5, subject: 7, plan: null },
      appKey,
    ),
    'base64url',
  );
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const bad = Buffer.from(good);
    bad[bit >> 3]! ^= 1 << (bit & 7);
    expect(verifyRecord(bad.toString('base64url'), appKey.public), `bit ${bit}`).toBe(false);
  }
});

test('the same thing said later is the same record; another thing is not', () => {
  const say = (at: number, state: 'done' | 'failed') =>
    decodeRecord(
      signRecord(
        {
          kind: 'unit',
          state,
          job,
          reason: 'none',
          at,
          target: 0,
          host: 0,
          attempt: 1,
          plan: null,
        },
        hostKeys['web-1']!,
      ),
    )!.id;
  expect(say(1, 'done')).toBe(say(2, 'done'));
  expect(say(1, 'done')).not.toBe(say(1, 'failed'));
});

test('text that is no record of ours is null, never an exception', () => {
  fc.assert(fc.property(fc.string(), (text) => decodeRecord(text) === null));
  fc.assert(fc.property(fc.base64String({ minLength: 160 }), (text) => (decodeRecord(text), true)));
});

test('a job is read back with the key that signed it, and with no other', async () => {
  const made = jobOf('comment:1:2:0', null);
  const token = await signJob(made, appKey);
  expect(await verifyJob(token, appKey.public)).toEqual(made);
  expect(await verifyJob(token, generateSigningKey().public)).toBeNull();
  expect(await verifyJob(`${token}x`, appKey.public)).toBeNull();
});

test('two jobs with the same content have the same digest, whoever signed them', async () => {
  const made = jobOf('comment:1:2:0', null);
  expect(jobDigest(await signJob(made, appKey))).toBe(
    jobDigest(await signJob(made, generateSigningKey())),
  );
});

test('a job id depends on its cause alone', () => {
  expect(jobIdOf('comment:1:2:0')).toBe(jobIdOf('comment:1:2:0'));
  expect(jobIdOf('comment:1:2:0')).not.toBe(jobIdOf('comment:1:2:1'));
});

test('a signing key survives the way through its PEM file', () => {
  expect(parseSigningKey(signingKeyToPem(appKey)).public.text).toBe(appKey.public.text);
});
