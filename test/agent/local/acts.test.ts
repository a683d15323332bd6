import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf } from '../../../src/model/digest.ts';
import { ActsBench, shas } from './acts-bench.ts';

let bench: ActsBench;
const bob = { name: 'bob', uid: 1001 };
const cleo = { name: 'cleo', uid: 1002 };

beforeEach(() => (bench = new ActsBench()));
afterEach(() => bench.close());

test('a deployment is a job for this host, with whose work it is and who asked', async () => {
  const { deployment, commit } = await bench.ask({ verb: 'deploy', reason: 'the new map' });
  expect(commit).toBe(shas[0]);
  expect((await bench.deployment(deployment)).job).toMatchObject({
    operation: 'deploy',
    repository: 0,
    ref: 'main',
    targets: [{ name: 'tiles', kind: 'files', hosts: ['web-1'] }],
    roster: [{ name: 'web-1', key: bench.key.public.text }],
    params: { reason: 'the new map' },
    actor: { id: 1000, login: 'ada' },
    authors: ['ada', 'bob', 'bob@example.org', 'Bob'],
  });
  expect(bench.deployed).toEqual(['production 111']);
});

test('the same request twice is one job, and a newer one of the same ref takes its place', async () => {
  const first = await bench.ask({ verb: 'deploy', ref: 'main', request: 'request-same' });
  const again = await bench.ask({ verb: 'deploy', ref: 'main', request: 'request-same' });
  expect(again.deployment).toBe(first.deployment);
  expect(again.message).toContain('asked for before');
  const newer = await bench.ask({ verb: 'deploy', ref: 'main' });
  expect((await bench.deployment(first.deployment)).state).toBe('superseded');
  const other = await bench.ask({ verb: 'deploy', ref: 'v1' });
  expect(await bench.view()).toMatchObject({
    running: { deployment: Number(newer.deployment) },
    queue: [{ deployment: Number(other.deployment) }],
  });
});

test.each([
  ['main', shas[0]],
  ['v1', shas[1]],
  ['2222', shas[1]],
  ['@1111', shas[0]],
  [shas[2], shas[2]],
])('a commit is named by %s', async (ref, sha) => {
  expect((await bench.ask({ verb: 'deploy', ref })).commit).toBe(sha);
});

test.each([
  ['nowhere', 'ref_missing', 4],
  ['mian', 'ref_missing', 4],
  ['9999', 'ref_missing', 4],
  ['f'.repeat(40), 'ref_missing', 4],
])('there is no commit %s', async (ref, code, exit) => {
  await expect(bench.ask({ verb: 'deploy', ref })).rejects.toMatchObject({ code, exit });
});

test('without the remote, only what is in the cache can be named', async () => {
  bench.reachable = false;
  expect((await bench.ask({ verb: 'deploy', ref: 'v1' })).commit).toBe(shas[1]);
  expect((await bench.ask({ verb: 'deploy', ref: '1111' })).commit).toBe(shas[0]);
  await expect(bench.ask({ verb: 'sync' })).rejects.toMatchObject({
    code: 'git_unreachable',
    exit: 5,
  });
});

test('what the policy does not permit is refused at once, and says why', async () => {
  const refused = (verb: 'deploy') => expect(bench.ask({ verb })).rejects;
  await expect(bench.ask({ verb: 'sync', environment: 'prodution' })).rejects.toMatchObject({
    code: 'environment_unknown',
    hint: 'Did you mean production?',
    exit: 4,
  });
  const good = bench.policy;
  bench.policy = bench.policyWith('', `ed25519:${'A'.repeat(43)}`);
  await refused('deploy').toMatchObject({ code: 'key_not_enrolled', exit: 3 });
  bench.policy = good.replace('environments: [production, staging]', 'environments: [staging]');
  await refused('deploy').toMatchObject({ code: 'no_agent', exit: 3 });
  bench.policy = good.replace(/targets:\n.*\n/, '');
  await refused('deploy').toMatchObject({ code: 'no_targets', exit: 3 });
  bench.policy = bench.policyWith('checks: required');
  await refused('deploy').toMatchObject({ code: 'checks_unknown', exit: 3 });
  expect(await bench.view()).toBeUndefined();
});

test('people on a host have no say where it does not take their word', async () => {
  await expect(bench.ask({ verb: 'deploy' }, { origins: ['git'] })).rejects.toMatchObject({
    code: 'not_allowed_here',
    exit: 3,
  });
  await expect(bench.ask({ verb: 'lock' }, { isOnGithub: true })).rejects.toMatchObject({
    hint: expect.stringContaining('/deploy') as string,
  });
});

test('an approval is of the plan that is shown, by an approver who is no author', async () => {
  bench.policy = bench.policyWith('approvals: 2, approvers: [bob, cleo, ada]');
  const { deployment } = await bench.ask({ verb: 'deploy' });
  const approve = (more: object) =>
    bench.ask({ verb: 'approve', deployment: Number(deployment), ...more });
  await expect(approve({ caller: cleo })).rejects.toMatchObject({ code: 'nothing_to_approve' });
  await bench.planned(deployment, digestOf('the plan'));
  await expect(approve({})).rejects.toMatchObject({ code: 'is_author', exit: 3 });
  await expect(approve({ caller: bob })).rejects.toMatchObject({ code: 'is_author' });
  await expect(approve({ caller: { name: 'eve', uid: 6 } })).rejects.toMatchObject({
    code: 'not_approver',
  });
  await expect(approve({ caller: cleo, digest: 'abcd' })).rejects.toMatchObject({
    code: 'plan_changed',
    exit: 3,
  });
  const first = await approve({ caller: cleo });
  expect(first.message).toContain('1 more person is needed');
  expect((await approve({ caller: cleo })).message).toContain('1 more person is needed');
  const { acts } = await bench.deployment(deployment);
  expect(acts.filter(({ state }) => state === 'approved')).toHaveLength(1);
});

test('what waits is rejected or cancelled once; what has begun is stopped', async () => {
  const { deployment } = await bench.ask({ verb: 'deploy' });
  const number = Number(deployment);
  await bench.ask({ verb: 'reject', deployment: number, reason: 'no' });
  expect((await bench.deployment(deployment)).state).toBe('rejected');
  expect((await bench.ask({ verb: 'reject', deployment: number })).message).toContain(
    'is rejected',
  );
  await expect(bench.ask({ verb: 'cancel', deployment: number })).rejects.toMatchObject({
    code: 'deployment_over',
  });
  const next = await bench.ask({ verb: 'deploy', ref: 'v1' });
  await bench.say(next.deployment, 'applying');
  const begun = Number(next.deployment);
  await expect(bench.ask({ verb: 'reject', deployment: begun })).rejects.toMatchObject({
    code: 'deployment_begun',
    exit: 3,
  });
  expect((await bench.ask({ verb: 'cancel', deployment: begun })).message).toContain(
    'stops before',
  );
  await expect(bench.ask({ verb: 'cancel', deployment: 99 })).rejects.toMatchObject({ exit: 4 });
});

test('it goes back to any commit that completed here, with the remote away', async () => {
  for (const ref of ['main', 'v1', shas[2]]) {
    const { deployment } = await bench.ask({ verb: 'deploy', ref });
    await bench.say(deployment, 'applying');
    await bench.say(deployment, 'done');
  }
  bench.reachable = false;
  expect((await bench.ask({ verb: 'rollback' })).commit).toBe(shas[1]);
  expect((await bench.ask({ verb: 'rollback', to: '1' })).commit).toBe(shas[0]);
  const { commit, deployment } = await bench.ask({ verb: 'rollback', to: '1111', reason: 'slow' });
  expect(commit).toBe(shas[0]);
  expect((await bench.deployment(deployment)).job).toMatchObject({
    operation: 'rollback',
    params: { to: '1', reason: 'slow' },
    authors: ['ada'],
  });
  await expect(bench.ask({ verb: 'rollback', to: 'abcd' })).rejects.toMatchObject({
    code: 'not_completed_here',
    exit: 4,
  });
});

test('locks and pauses hold though the policy cannot be read', async () => {
  bench.policy = 'version: [';
  await bench.ask({ verb: 'lock', reason: 'an incident' });
  await bench.ask({ verb: 'pause', for: 3_600_000, reason: 'the same' });
  const { facts } = await bench.view();
  expect(facts.lock).toMatchObject({ by: 'ada', reason: 'an incident', until: null });
  expect(facts.pause).toMatchObject({ by: 'ada', until: Date.parse('2026-05-01T13:00:00Z') });
  await bench.ask({ verb: 'unlock' });
  await bench.ask({ verb: 'resume' });
  expect((await bench.view()).facts).toMatchObject({ lock: null, pause: null });
});

test('what would only wait for a person or be refused is refused at once, rollbacks too', async () => {
  const { deployment } = await bench.ask({ verb: 'deploy', request: 'request-before' });
  await bench.say(deployment, 'applying');
  await bench.say(deployment, 'rolling-back', { reason: 'verify_failed' });
  await bench.say(deployment, 'rolled-back', { reason: 'verify_failed' });
  await expect(bench.ask({ verb: 'deploy' })).rejects.toMatchObject({
    code: 'quarantined',
    hint: expect.stringContaining(`sallyport deploy production --ref ${shas[0]}`) as string,
    exit: 3,
  });
  const forced = await bench.ask({ verb: 'deploy', force_quarantined: true });
  await bench.say(forced.deployment, 'applying');
  await bench.say(forced.deployment, 'done');
  await bench.ask({ verb: 'lock', reason: 'an incident' });
  const locked = {
    code: 'locked',
    message: expect.stringMatching(/locked by ada since .*: an incident/) as string,
    hint: expect.stringContaining('sallyport unlock production') as string,
    exit: 3,
  };
  const caller = { name: 'bob', uid: 1001 };
  for (const verb of ['deploy', 'sync'] as const) {
    await expect(bench.ask({ verb, caller })).rejects.toMatchObject(locked);
  }
  const rollback = { verb: 'rollback', to: '1111', caller } as const;
  await expect(bench.ask(rollback)).rejects.toMatchObject(locked);
  const again = await bench.ask({ verb: 'deploy', request: 'request-before' });
  expect(again.deployment).toBe(deployment);
  expect((await bench.ask({ verb: 'plan' })).deployment).not.toBeNull();
});

test('a commit that failed is let in again by name', async () => {
  const { deployment } = await bench.ask({ verb: 'deploy' });
  await bench.say(deployment, 'applying');
  await bench.say(deployment, 'rolling-back', { reason: 'verify_failed' });
  await bench.say(deployment, 'rolled-back', { reason: 'verify_failed' });
  expect((await bench.view()).facts.quarantined).toMatchObject([{ sha: shas[0] }]);
  await expect(bench.ask({ verb: 'release-quarantine', commit: '2222' })).rejects.toMatchObject({
    code: 'not_quarantined',
    exit: 4,
  });
  await bench.ask({ verb: 'release-quarantine', commit: '1111' });
  expect((await bench.view()).facts.quarantined).toEqual([]);
});

test('a host that is held is given back by its own word, wherever jobs come from', async () => {
  bench.held.add('production');
  const released = await bench.ask({ verb: 'release', host: 'web-1' }, { isOnGithub: true });
  expect(released.message).toBe('web-1 is released in production.');
  expect((await bench.ask({ verb: 'release', host: 'web-1' })).message).toBe('web-1 is not held.');
  await expect(bench.ask({ verb: 'release', host: 'web-2' })).rejects.toMatchObject({ exit: 4 });
});
