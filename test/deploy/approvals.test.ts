import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { approvalsOf, planDigestOf } from '../../src/deploy/approvals.ts';
import { foldDeployment } from '../../src/deploy/fold-deployment.ts';
import { shortDigest } from '../../src/deploy/record-codec.ts';
import { digestOf } from '../../src/model/digest.ts';
import { hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';

const job = await loggedJob(
  1,
  jobOf('comment:1:1:0', null, {
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] }],
  }),
);
const [one, two] = [shortDigest(digestOf('one')), shortDigest(digestOf('two'))];
const asking = { reason: 'awaiting_approval', plan: one } as const;

/** Three hosts that have planned, and what is said then. */
function planned(make: (say: ReturnType<typeof recorder>) => readonly LoggedRecord[] = () => []) {
  const say = recorder(job);
  const plans = hostNames.map((host) => say.unit(host, 'planned', asking));
  return foldDeployment(job, [say.bound(), ...plans, ...make(say)]);
}

const digest = planDigestOf(planned().units)!;

test('there is nothing to approve before every unit has a plan', () => {
  const say = recorder(job);
  const first = foldDeployment(job, [say.bound(), say.unit('web-1', 'planned', asking)]);
  expect(approvalsOf(first).digest).toBeNull();
  expect(first).toMatchObject({ state: 'awaiting-approval', reason: 'awaiting_approval' });
});

test('the digest of a plan is in no order, and is short enough for a record', () => {
  const { units } = planned();
  expect(planDigestOf(units.toReversed())).toBe(digest);
  expect(digest).toBe(shortDigest(digest));
});

test('two approvals are two people', () => {
  const view = planned((say) => [
    say.act('approved', { plan: digest, subject: 1 }),
    say.act('approved', { plan: digest, subject: 1, reason: 'operator' }),
    say.act('approved', { plan: digest, subject: 2 }),
  ]);
  expect(approvalsOf(view).approvals.map(({ person }) => person)).toEqual([1, 2]);
});

test('an approval of another plan, or of none, counts no more and is counted', () => {
  const view = planned((say) => [
    say.act('approved', { plan: digest, subject: 1 }),
    say.act('approved', { plan: null, subject: 2 }),
    say.unit('web-2', 'planned', { ...asking, plan: two, attempt: 2 }),
  ]);
  expect(approvalsOf(view)).toMatchObject({ approvals: [], voidCount: 2 });
});

test('what was approved stays approved while unit after unit is done', () => {
  const view = planned((say) => [
    say.act('approved', { plan: digest }),
    say.unit('web-1', 'applying', { plan: one }),
    say.unit('web-1', 'done', { plan: one }),
    say.unit('web-2', 'done', { plan: one, reason: 'nothing_to_change' }),
  ]);
  expect(approvalsOf(view)).toMatchObject({ digest, approvals: [{ person: 7 }], voidCount: 0 });
});

test('an approval never counts for a plan that it does not name', () => {
  const plan = fc.constantFrom(one, two);
  const step = fc.oneof(
    fc.tuple(fc.constantFrom(...hostNames), plan),
    fc.tuple(fc.constant('approve' as const), fc.integer({ min: 1, max: 3 })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const say = recorder(job);
      const records: LoggedRecord[] = [say.bound()];
      const approved = new Map<number, Set<string>>();
      steps.forEach(([who, what], place) => {
        const now = approvalsOf(foldDeployment(job, records)).digest;
        if (who !== 'approve') {
          const changes = { ...asking, plan: what as typeof one, attempt: place + 1 };
          records.push(say.unit(who, 'planned', changes));
        } else if (now) {
          records.push(say.act('approved', { plan: now, subject: what as number }));
          approved.set(what as number, new Set([...(approved.get(what as number) ?? []), now]));
        }
      });
      const { digest: last, approvals } = approvalsOf(foldDeployment(job, records));
      for (const { person } of approvals) expect(approved.get(person)).toContain(last);
    }),
  );
});
