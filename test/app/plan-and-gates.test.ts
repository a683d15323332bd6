import { expect, test } from 'vitest';
import { handleDeploymentStatus } from '../../src/app/deployment-status.ts';
import { handleChecks, handlePush } from '../../src/app/push.ts';
import { unitPlan } from '../report/sample-plans.ts';
import { base, head } from './memory-github.ts';
import { mona, peopleBench } from './people-bench.ts';

const done = { deployment: 1, task: 'sallyport', state: 'success' };

test('/plan is a job that only plans, and its answer is the plan', async () => {
  const bench = peopleBench();
  const answer = await bench.type('/plan production', mona);
  expect(answer).toContain('plan for `production`: **pending**');
  expect((await bench.view(1)).job).toMatchObject({ operation: 'plan', sha: head });
  await bench.planned(1);
  await handleDeploymentStatus(done, bench.open);
  const { body } = bench.comments[0]!;
  expect(body).toContain('plan for `production`: **completed**');
  expect(body).toContain('<details>');
  expect(body).toContain('+ Layer/parks');
  expect(body).toContain('`/deploy production`');
});

test('an empty plan says what it compared', async () => {
  const bench = peopleBench();
  await bench.type('/plan production', mona);
  await bench.planned(1, { plan: unitPlan([], { name: 'web', kind: 'service' }) });
  await handleDeploymentStatus(done, bench.open);
  expect(bench.comments[0]!.body).toContain('Nothing to change: it is as `bbbbbbb` declares.');
});

test('a plan is asked for even where the environment is locked', async () => {
  const bench = peopleBench();
  await bench.type('/lock production');
  expect(await bench.type('/plan production', mona)).toContain('plan for `production`');
});

test('a plan whose check run cannot be read leaves what the host said', async () => {
  const bench = peopleBench();
  bench.github.checkTexts = () => Promise.reject(new Error('no'));
  await bench.type('/plan production', mona);
  await bench.planned(1);
  await handleDeploymentStatus(done, bench.open);
  expect(bench.comments[0]!.body).toContain('web-1 planned');
  expect(bench.logged).toContain('plans could not be read');
});

test('a newer deployment supersedes one that has not begun', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.type('/deploy production', mona);
  expect(await bench.view(1)).toMatchObject({ state: 'superseded', over: true });
  expect((await bench.environment())!.running!.deployment).toBe(2);
});

const check = { app: 1, suite: 1, kind: 'check-run', startedAt: 0, id: 1 } as const;
const passed = { ...check, name: 'build', status: 'completed', conclusion: 'success' };
const failed = { ...passed, conclusion: 'failure' };

test.each([
  ['a check that failed', [failed], 1, 'Failed: build'],
  ['a check that is missing', [], 0, 'Have not run on this commit: build'],
  ['checks that were not all read', [passed], 2, 'Only 1 of 2 checks'],
])('%s keeps a deployment out', async (_name, found, total, words) => {
  const bench = peopleBench('{ checks: required }', (known) => {
    known.required = [{ name: 'build', app: null }];
    known.checks = { found, total };
  });
  expect(await bench.type('/deploy production', mona)).toContain(words);
  expect(bench.ledgers.jobs).toEqual([]);
});

test('checks that succeeded let it through, and stand in the job', async () => {
  const bench = peopleBench('{ checks: required }', (known) => {
    known.required = [{ name: 'build', app: null }];
    known.checks = { found: [passed], total: 1 };
  });
  await bench.type('/deploy production', mona);
  expect((await bench.view(1)).job.gates).toContainEqual({
    name: 'checks',
    open: true,
    reason: 'checks_succeeded',
  });
});

test('a commit that has not completed elsewhere first is refused', async () => {
  const bench = peopleBench('{ from: staging }');
  const refused = await bench.type('/deploy production', mona);
  expect(refused).toContain('has not completed in staging');
  await bench.type('/deploy staging', mona);
  await bench.say(1, 'applying');
  await bench.say(1, 'done');
  expect(await bench.type('/deploy production', mona)).toContain('deploy to `production`');
});

const sender = { id: 5, login: 'mona' };

test('a push waits for its checks, and goes on when they ended', async () => {
  const bench = peopleBench('{}', (known) => {
    for (const [path, text] of Object.entries(known.files)) {
      known.files[path] = text.replace('sync: auto,', 'sync: auto, require: { checks: all },');
    }
    known.checks = { found: [{ ...passed, status: 'in_progress', conclusion: null }], total: 1 };
  });
  await handlePush({ ref: 'refs/heads/main', sha: base, sender }, bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
  const ended = { sha: base, branches: ['main', 'feature'], sender };
  await handleChecks(ended, bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
  bench.known.checks = { found: [passed], total: 1 };
  await handleChecks({ ...ended, sha: head }, bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
  await handleChecks(ended, bench.open);
  await handleChecks(ended, bench.open);
  expect(bench.ledgers.jobs).toHaveLength(1);
  expect((await bench.environment('staging'))!.running!.job).toMatchObject({
    cause: `push:refs/heads/main:${base}:staging`,
    flags: { auto: true },
    authors: ['mona', 'hubot'],
  });
});

test('what keeps a deployment waiting is told', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production', mona);
  await bench.type('/lock production the database moves');
  await bench.say(1, 'waiting', { reason: 'locked', attempt: 2 });
  await handleDeploymentStatus({ ...done, state: 'queued' }, bench.open);
  expect(bench.comments[0]!.body).toMatch(/production is locked by ada .*the database moves/);
});

test('a plan that was read once is not read again', async () => {
  const bench = peopleBench();
  await bench.type('/plan production', mona);
  await bench.planned(1);
  await handleDeploymentStatus(done, bench.open);
  await handleDeploymentStatus(done, bench.open);
  expect(bench.calls.filter((call) => call === 'texts')).toHaveLength(1);
});
