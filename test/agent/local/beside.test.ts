import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ActsWorld } from '../../../src/agent/local/acts-world.ts';
import { firstLocal } from '../../../src/agent/outage/local-number.ts';
import { mergeViews } from '../../../src/agent/outage/merge-views.ts';
import { approvalsOf, planDigestOf } from '../../../src/deploy/approvals.ts';
import { foldEnvironment, type EnvironmentView } from '../../../src/deploy/fold-environment.ts';
import { shortDigest } from '../../../src/deploy/record-codec.ts';
import { digestOf } from '../../../src/model/digest.ts';
import { jobOf, loggedJob, recorder } from '../../support/jobs.ts';
import { ActsBench, shas } from './acts-bench.ts';

const hosts = ['web-1', 'web-2'] as const;
const plans = { 'web-1': digestOf('one plan'), 'web-2': digestOf('another') };
let bench: ActsBench;
let github: EnvironmentView;
let isAnswering: boolean;

beforeEach(async () => {
  bench = new ActsBench(firstLocal);
  isAnswering = false;
  github = await readGithub();
});

afterEach(() => bench.close());

/** Deployment 4 has completed; 5 waits for an approval, and both hosts have said what it would change. */
async function readGithub(): Promise<EnvironmentView> {
  const targets = [{ name: 'tiles', kind: 'files', wave: 0, hosts: [...hosts] }];
  const gates = [{ name: 'checks', open: true, reason: 'checks_succeeded' }];
  const [sha, next] = [shas[0], shas[1]];
  const done = await loggedJob(4, jobOf('one', null, { targets, sha, ref: 'main' }));
  const waits = await loggedJob(5, jobOf('two', done.digest, { targets, sha: next, gates }));
  const [first, second] = [recorder(done), recorder(waits)];
  const records = [
    first.bound(),
    ...hosts.map((host) => first.unit(host, 'done')),
    second.bound(),
    ...hosts.map((host) =>
      second.unit(host, 'planned', {
        reason: 'awaiting_approval',
        plan: shortDigest(plans[host]),
      }),
    ),
  ];
  return foldEnvironment('production', { jobs: [done, waits], records });
}

function world(): Partial<ActsWorld> {
  const own = { host: 'web-1', hold: undefined };
  const of = (name: string, local?: EnvironmentView) =>
    mergeViews(name, name === 'production' ? github : undefined, local, own);
  const beside = { of, forPeople: () => new Map(), isAnswering: () => isAnswering };
  return { isOnGithub: true, beside };
}

const as = (name: string, uid: number) => ({ caller: { name, uid } });
const approve = (caller: object, digest: string | null = null) =>
  bench.ask({ verb: 'approve', deployment: 5, digest, ...caller }, world());

test('what waits in GitHub is approved on the host, as a deployment of the host alone', async () => {
  const answer = await approve(as('bob', 1001));
  expect(answer).toMatchObject({
    deployment: String(firstLocal),
    commit: shas[1],
    message: 'bob approved 2222222 for production on web-1.',
  });
  const local = await bench.deployment(answer.deployment);
  expect(local.job).toMatchObject({
    operation: 'deploy',
    actor: { login: 'ada' },
    authors: ['ada'],
    params: { approves: '5', by: 'bob' },
    flags: { 'without-github': true },
    targets: [{ name: 'tiles', hosts: ['web-1'] }],
  });
  // The host finds the plan that was shown; then the approval is of exactly that.
  await bench.planned(answer.deployment, plans['web-1']);
  const planned = await bench.deployment(answer.deployment);
  expect(approvalsOf(planned)).toMatchObject({ approvals: [{ person: 1001 }], voidCount: 0 });
});

test('another plan than the one that was shown makes the approval void', async () => {
  const { deployment } = await approve(as('bob', 1001));
  await bench.planned(deployment, digestOf('what has drifted since'));
  const view = await bench.deployment(deployment);
  expect(approvalsOf(view)).toMatchObject({ approvals: [], voidCount: 1 });
});

test('two approvals are two people, of one deployment', async () => {
  bench.policy = bench.policyWith('approvals: 2, author_may_approve: false');
  const first = await approve(as('bob', 1001));
  expect(first.message).toContain('1 more person is needed');
  expect((await approve(as('bob', 1001))).message).toContain('1 more person is needed');
  const last = await approve(as('cleo', 1002));
  expect(last.deployment).toBe(first.deployment);
  expect(last.message).not.toContain('needed');
});

test.each([
  ['an author', as('ada', 1000), null, 'is_author'],
  ['a stranger', as('eve', 1009), null, 'not_approver'],
  ['who saw another plan', as('bob', 1001), '0000', 'plan_changed'],
])('%s may not approve on the host either', async (_, caller, digest, code) => {
  await expect(approve(caller, digest)).rejects.toMatchObject({ code, exit: 3 });
  expect(await bench.view()).toBeUndefined();
});

test('the digest of all hosts is what people type', async () => {
  const digest = planDigestOf(github.running!.units)!.slice('sha256:'.length, 20);
  expect(await approve(as('bob', 1001), digest)).toMatchObject({ ok: true });
});

test('while GitHub answers, what stands there is spoken of there', async () => {
  isAnswering = true;
  const refused = { code: 'not_allowed_here', exit: 3 };
  await expect(approve(as('bob', 1001))).rejects.toMatchObject(refused);
  const reject = bench.ask({ verb: 'reject', deployment: 5 }, world());
  await expect(reject).rejects.toMatchObject(refused);
});

test('people go back to what completed here before GitHub went away', async () => {
  const answer = await bench.ask({ verb: 'rollback', to: '4', reason: 'blank' }, world());
  expect(answer).toMatchObject({ deployment: String(firstLocal), commit: shas[0] });
  const { job } = await bench.deployment(answer.deployment);
  expect(job).toMatchObject({ operation: 'rollback', actor: { login: 'ada', id: 1000 } });
  expect(job.flags).toEqual({ 'without-github': true });
});

test('of the checks of a commit that GitHub judged, its own answer counts', async () => {
  bench.reachable = false;
  bench.policy = bench.policyWith('checks: required');
  const known = bench.ask({ verb: 'deploy', ref: shas[1] }, world());
  expect(await known).toMatchObject({ ok: true, commit: shas[1] });
  const strange = bench.ask({ verb: 'deploy', ref: shas[2] }, world());
  await expect(strange).rejects.toMatchObject({ code: 'checks_unknown' });
});
