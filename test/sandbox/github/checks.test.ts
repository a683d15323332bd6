import { expect, test } from 'vitest';
import { installApp, installed, shop, startLab } from './lab.ts';

test('an App reports a check run from begin to end', async () => {
  const lab = await startLab();
  const permissions = { checks: 'write', contents: 'read' } as const;
  const { installation } = installApp(lab, { permissions });
  const bot = await installed(lab, installation);
  const head_sha = lab.github.repository('acme/shop').refs.get('refs/heads/main') ?? '';
  const begun = await bot.rest.checks.create({
    ...shop,
    name: 'sallyport',
    head_sha,
    status: 'in_progress',
  });
  expect(begun.data).toMatchObject({ status: 'in_progress', conclusion: null });
  const output = { title: 'Deployed', summary: 'web is live' };
  const ended = await bot.rest.checks.update({
    ...shop,
    check_run_id: begun.data.id,
    conclusion: 'success',
    output,
  });
  expect(ended.data).toMatchObject({ status: 'completed', conclusion: 'success', output });
  const { data } = await bot.rest.checks.listForRef({ ...shop, ref: 'main' });
  expect(data.check_runs.map(({ name }) => name)).toEqual(['sallyport']);
});

test('people do not make check runs', async () => {
  const lab = await startLab();
  const head_sha = lab.github.repository('acme/shop').refs.get('refs/heads/main') ?? '';
  const made = lab.person('acme').rest.checks.create({ ...shop, name: 'mine', head_sha });
  await expect(made).rejects.toMatchObject({ status: 403 });
});

test('the combined status is the worst of the newest of each context', async () => {
  const lab = await startLab();
  const owner = lab.person('acme');
  const sha = lab.github.repository('acme/shop').refs.get('refs/heads/main') ?? '';
  const combined = async () =>
    (await owner.rest.repos.getCombinedStatusForRef({ ...shop, ref: 'main' })).data;
  expect(await combined()).toMatchObject({ state: 'pending', total_count: 0 });
  const say = (context: string, state: 'success' | 'failure') =>
    owner.rest.repos.createCommitStatus({ ...shop, sha, context, state });
  await say('build', 'failure');
  await say('lint', 'success');
  expect(await combined()).toMatchObject({ state: 'failure', total_count: 2 });
  await say('build', 'success');
  expect(await combined()).toMatchObject({ state: 'success', total_count: 2 });
  const all = await owner.rest.repos.listCommitStatusesForRef({ ...shop, ref: 'main' });
  expect(all.data).toHaveLength(3);
});

test('required checks are told by protection, and by rules', async () => {
  const lab = await startLab();
  const owner = lab.person('acme');
  const branch = async () => (await owner.rest.repos.getBranch({ ...shop, branch: 'main' })).data;
  const rules = async () =>
    (await owner.rest.repos.getBranchRules({ ...shop, branch: 'main' })).data;
  expect(await branch()).toMatchObject({ protected: false });
  expect(await rules()).toEqual([]);
  lab.github.requireChecks('acme/shop', 'main', ['build']);
  lab.github.requireChecks('acme/shop', 'main', ['lint'], 'ruleset');
  expect(await branch()).toMatchObject({
    protected: true,
    protection: { required_status_checks: { contexts: ['build'] } },
  });
  expect(await rules()).toMatchObject([
    {
      type: 'required_status_checks',
      parameters: { required_status_checks: [{ context: 'lint' }] },
    },
  ]);
});

test('the combined status has pages', async () => {
  const lab = await startLab();
  const owner = lab.person('acme');
  const sha = lab.github.repository('acme/shop').refs.get('refs/heads/main') ?? '';
  for (let at = 0; at < 31; at += 1) {
    const status = { context: `check ${at}`, state: 'success' } as const;
    await owner.rest.repos.createCommitStatus({ ...shop, sha, ...status });
  }
  const page = await owner.rest.repos.getCombinedStatusForRef({ ...shop, ref: 'main' });
  expect(page.data).toMatchObject({ state: 'success', total_count: 31 });
  expect(page.data.statuses).toHaveLength(30);
});
