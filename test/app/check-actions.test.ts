import { expect, test } from 'vitest';
import { handleButton } from '../../src/app/button.ts';
import { readButton } from '../../src/app/events/button.ts';
import { handleDeploymentStatus } from '../../src/app/deployment-status.ts';
import { labellingOf } from '../../src/app/label-pulls.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { DeploymentCheck } from '../../src/report/deployment-check.ts';
import { ada, eve, mona, peopleBench } from './people-bench.ts';

type Bench = ReturnType<typeof peopleBench>;

const statusOf = (deployment: number, state = 'pending') => ({
  deployment,
  task: 'sallyport',
  state,
});

async function press(bench: Bench, deployment: number, identifier: string, sender = ada) {
  const before = bench.comments.length;
  const event = { deployment, checkRun: 500, identifier, sender, isByPerson: true };
  await handleButton(event, bench.open);
  return bench.comments[before]?.body ?? '';
}

async function asked(bench: Bench): Promise<string> {
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  await handleDeploymentStatus(statusOf(1), bench.open);
  return bench.checks.at(-1)!.actions[0]!.identifier;
}

test('a check run goes with each deployment; GitHub opens none again that is completed', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  expect(bench.checks).toMatchObject([{ status: 'queued', actions: [{ label: 'Cancel' }] }]);
  await bench.planned(1);
  await handleDeploymentStatus(statusOf(1), bench.open);
  expect(bench.checks).toMatchObject([
    {
      conclusion: 'action_required',
      actions: [{ label: 'Approve' }, { label: 'Reject' }],
    },
  ]);
  for (const { label, description, identifier } of bench.checks[0]!.actions) {
    expect(label.length).toBeLessThanOrEqual(20);
    expect(description.length).toBeLessThanOrEqual(40);
    expect(identifier.length).toBeLessThanOrEqual(20);
  }
  await bench.say(1, 'backing-up', { plan: (await bench.view(1)).units[0]!.plan });
  await handleDeploymentStatus(statusOf(1), bench.open);
  expect(bench.checks.length).toBeLessThanOrEqual(2);
});

test('a check run that somebody else gave our name takes no place from ours', async () => {
  const bench = peopleBench();
  const refused = new SallyportError({ code: 'github_refused', message: 'Invalid app_id' });
  const github = { ...bench.world.github };
  Object.assign(bench.world.github, {
    findCheck: () => Promise.resolve({ id: 77, isCompleted: false }),
    updateCheck: (id: number, check: DeploymentCheck) =>
      id === 77 ? Promise.reject(refused) : github.updateCheck(id, check),
  });
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  await handleDeploymentStatus(statusOf(1), bench.open);
  expect(bench.checks).toMatchObject([{ actions: [{ label: 'Approve' }, { label: 'Reject' }] }]);
});

test('Approve approves the plan that stood beside the button', async () => {
  const bench = peopleBench();
  const identifier = await asked(bench);
  expect(identifier).toBe(`approve:${(await bench.view(1)).units[0] ? identifier.slice(8) : ''}`);
  expect(await press(bench, 1, identifier)).toContain('is approved; it goes on');
  expect((await bench.view(1)).acts).toMatchObject([{ state: 'approved', person: ada.id }]);
});

test.each([
  ['the plan is another one now', 'approve:0123456789ab', ada, 'now, not'],
  ['its author presses it', null, mona, 'author'],
  ['nothing could be gone back to', 'rollback', ada, 'which this button is not for'],
])('it is refused where %s', async (_, identifier, sender, words) => {
  const bench = peopleBench();
  const shown = await asked(bench);
  expect(await press(bench, 1, identifier ?? shown, sender)).toContain(words);
  expect((await bench.view(1)).acts).toEqual([]);
});

test('whoever may not write may not press', async () => {
  const bench = peopleBench();
  const identifier = await asked(bench);
  bench.known.permission = 'read';
  expect(await press(bench, 1, identifier, eve)).toContain('was refused');
  expect(await press(bench, 1, 'rollback', eve)).not.toContain('which this button is not for');
  expect((await bench.view(1)).acts).toEqual([]);
});

test('Reject ends it; nobody reacts to a comment that is none', async () => {
  const bench = peopleBench();
  await asked(bench);
  const reactions = bench.reactions.length;
  expect(await press(bench, 1, 'reject')).toContain('is rejected');
  expect(bench.reactions).toHaveLength(reactions);
  expect(bench.checks.at(-1)).toMatchObject({ conclusion: 'cancelled', actions: [] });
});

test('Cancel ends the deployment that it stands under, and nothing else that waits there', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production', mona);
  await bench.type('/deploy production main', mona);
  expect(await press(bench, 2, 'cancel')).toContain('before anything was changed: 2.');
  expect(await bench.view(1)).toMatchObject({ over: false });
  expect(await bench.view(2)).toMatchObject({ state: 'cancelled' });
});

test('Reject ends the deployment that it stands under, though another one awaits approval', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.type('/deploy production main', mona);
  await bench.planned(1);
  await bench.planned(2);
  expect(await press(bench, 2, 'reject')).toContain('Deployment 2 to `production` is rejected');
  expect(await bench.view(1)).toMatchObject({ state: 'awaiting-approval' });
});

test.each(['', 'nonsense', '__proto__', 'approve', 'x:y:z'])(
  'a button %j that we did not make does nothing',
  async (identifier) => {
    const bench = peopleBench();
    await asked(bench);
    await press(bench, 1, identifier, eve).catch(() => undefined);
    expect((await bench.view(1)).acts).toEqual([]);
  },
);

test('Roll back goes back, once however often it is pressed', async () => {
  const bench = peopleBench('{}');
  for (const [deployment, sha] of [
    [1, 'main'],
    [2, ''],
  ] as const) {
    const answer = await bench.type(`/deploy production ${sha}`.trim(), mona);
    expect(answer).toContain(`deployment=${deployment}`);
    for (const state of [
      'planning',
      'planned',
      'backing-up',
      'applying',
      'verifying',
      'done',
    ] as const) {
      await bench.say(deployment, state);
    }
    await handleDeploymentStatus(statusOf(deployment, 'success'), bench.open);
  }
  const shown = bench.checks.at(-1)!;
  expect(shown).toMatchObject({ conclusion: 'success', actions: [{ identifier: 'rollback' }] });
  await press(bench, 2, 'rollback');
  await press(bench, 2, 'rollback');
  const { deployments } = (await bench.environment())!;
  expect(deployments.map(({ job }) => job.operation)).toEqual(['deploy', 'deploy', 'rollback']);
  expect(deployments[2]!.job).toMatchObject({ actor: ada, reply: { issue: 3 } });
});

test('after one target alone, Roll back goes back to the whole', async () => {
  const bench = peopleBench('{}');
  for (const [deployment, only] of [
    [1, ''],
    [2, ' --only web'],
  ] as const) {
    await bench.type(`/deploy production${only}`, mona);
    await bench.say(deployment, 'applying');
    await bench.say(deployment, 'done');
  }
  await handleDeploymentStatus(statusOf(2, 'success'), bench.open);
  expect(bench.shown).not.toContain('2 inactive');
  expect(bench.checks.at(-1)).toMatchObject({ actions: [{ identifier: 'rollback' }] });
  await press(bench, 2, 'rollback');
  const { running } = (await bench.environment())!;
  expect(running!.job).toMatchObject({ operation: 'rollback', flags: {} });
});

test('what is not a press by a person of a deployment of ours costs nothing', async () => {
  const bench = peopleBench();
  const payload = {
    check_run: { id: 1, external_id: '1e9' },
    requested_action: { identifier: 'approve' },
    sender: { id: 1, login: 'x', type: 'User' },
  };
  await handleButton(readButton(payload), bench.open);
  const bot = { ...payload.check_run, external_id: '1' };
  const sender = { id: 1, login: 'x', type: 'Bot' };
  await handleButton(readButton({ ...payload, check_run: bot, sender }), bench.open);
  expect(bench.opened()).toBe(0);
});

test('the label goes where the commit came from', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production main', mona, { issue: 3 });
  for (const state of [
    'planning',
    'planned',
    'backing-up',
    'applying',
    'verifying',
    'done',
  ] as const) {
    await bench.say(1, state);
  }
  const environment = (await bench.environment())!;
  expect(labellingOf(environment)).toEqual({ label: 'deployed: production', add: 3, remove: [] });
});
