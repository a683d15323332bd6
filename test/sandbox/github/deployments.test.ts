import { describe, expect, test } from 'vitest';
import type { Lab } from './lab.ts';
import { shop, startLab } from './lab.ts';

const plain = { ...shop, ref: 'main', auto_merge: false, required_contexts: [] };

/** The addresses that a status may have. */
const links = {
  log_url: 'https://sallyport.example/d/1#sp1.AAAA',
  environment_url: 'https://shop.example',
};

async function created(lab: Lab, more: { environment?: string; task?: string } = {}) {
  const answer = await lab.person('acme').rest.repos.createDeployment({ ...plain, ...more });
  if (answer.status !== 201) throw new Error(`answered ${answer.status}`);
  return answer.data;
}

describe('deployments', () => {
  test('keep their payload and are listed newest first, by task, environment, ref and sha', async () => {
    const lab = await startLab();
    const owner = lab.person('acme');
    const payload = { job: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln' };
    const answer = await owner.rest.repos.createDeployment({
      ...plain,
      task: 'sallyport',
      environment: 'staging',
      payload,
    });
    expect(answer.data).toMatchObject({ payload, task: 'sallyport', environment: 'staging' });
    await created(lab);
    const last = await created(lab, { task: 'sallyport', environment: 'production' });
    const listed = await owner.rest.repos.listDeployments({ ...shop, task: 'sallyport' });
    expect(listed.data.map(({ environment }) => environment)).toEqual(['production', 'staging']);
    const one = await owner.rest.repos.listDeployments({
      ...shop,
      environment: 'production',
      sha: last.sha,
      ref: 'main',
      per_page: 1,
    });
    expect(one.data.map(({ id }) => id)).toEqual([last.id]);
    expect(one.headers.link).toContain('rel="next"');
    const environments = await owner.rest.repos.getAllEnvironments(shop);
    expect(environments.data.total_count).toBe(2);
  });

  test('wait for statuses, all or those named, unless told not to', async () => {
    const lab = await startLab();
    const owner = lab.person('acme');
    const sha = lab.github.repository('acme/shop').refs.get('refs/heads/main') ?? '';
    await owner.rest.repos.createCommitStatus({ ...shop, sha, state: 'pending', context: 'ci' });
    const { required_contexts: _, ...defaults } = plain;
    await expect(owner.rest.repos.createDeployment(defaults)).rejects.toMatchObject({
      status: 409,
    });
    await owner.rest.repos.createCommitStatus({ ...shop, sha, state: 'success', context: 'ci' });
    await owner.rest.repos.createDeployment(defaults);
    const named = { ...plain, required_contexts: ['other'] };
    await expect(owner.rest.repos.createDeployment(named)).rejects.toMatchObject({ status: 409 });
  });

  test('of a branch that is behind are merged first, unless told not to', async () => {
    const lab = await startLab();
    const owner = lab.person('acme');
    const repository = 'acme/shop';
    const topic = await lab.github.commit({ repository, branch: 'topic', files: { a: '1' } });
    await lab.github.commit({ repository, files: { b: '2' } });
    const ask = { ...shop, ref: 'topic', required_contexts: [] };
    const merged = await owner.rest.repos.createDeployment(ask);
    expect(merged.status).toBe(202);
    expect(lab.github.repository(repository).refs.get('refs/heads/topic')).not.toBe(topic);
    expect((await owner.rest.repos.createDeployment(ask)).status).toBe(201);
  });

  test('are deleted unless they are the active one of several', async () => {
    const lab = await startLab();
    const owner = lab.person('acme');
    const one = await created(lab);
    const two = await created(lab);
    const status = { ...shop, deployment_id: two.id, state: 'success' as const, ...links };
    await owner.rest.repos.createDeploymentStatus(status);
    const remove = (id: number) =>
      owner.rest.repos.deleteDeployment({ ...shop, deployment_id: id });
    await expect(remove(two.id)).rejects.toMatchObject({ status: 422 });
    await remove(one.id);
    await remove(two.id);
    expect((await owner.rest.repos.listDeployments(shop)).data).toEqual([]);
  });
});

describe('deployment statuses', () => {
  test('are listed newest first and may rename the environment', async () => {
    const lab = await startLab();
    const owner = lab.person('acme');
    const { id } = await created(lab);
    const at = { ...shop, deployment_id: id };
    await owner.rest.repos.createDeploymentStatus({ ...at, ...links, state: 'in_progress' });
    await owner.rest.repos.createDeploymentStatus({
      ...at,
      ...links,
      state: 'queued',
      environment: 'elsewhere',
    });
    const { data } = await owner.rest.repos.listDeploymentStatuses(at);
    expect(data.map(({ state, log_url }) => [state, log_url])).toEqual([
      ['queued', links.log_url],
      ['in_progress', links.log_url],
    ]);
    const renamed = await owner.rest.repos.getDeployment(at);
    expect(renamed.data).toMatchObject({
      environment: 'elsewhere',
      original_environment: 'production',
    });
  });

  test('of success make older ones inactive, but not in production', async () => {
    const lab = await startLab();
    const owner = lab.person('acme');
    const last = async (id: number) =>
      (await owner.rest.repos.listDeploymentStatuses({ ...shop, deployment_id: id })).data[0]
        ?.state;
    for (const [environment, expected] of [
      ['staging', 'inactive'],
      ['production', 'success'],
    ] as const) {
      const ids = [await created(lab, { environment }), await created(lab, { environment })];
      for (const { id } of ids) {
        const status = { ...shop, deployment_id: id, state: 'success' as const, ...links };
        await owner.rest.repos.createDeploymentStatus(status);
      }
      expect(await last(ids[0]?.id ?? 0), environment).toBe(expected);
    }
  });

  test.each([
    ['a description over 140 characters', { description: 'x'.repeat(141) }],
    ['a log_url that is no URL', { log_url: 'over there' }],
    ['a log_url over 255 characters', { log_url: `https://x.example/${'x'.repeat(255)}` }],
    ['a state that GitHub does not know', { state: 'done' as 'success' }],
  ])('with %s are refused', async (_, fields) => {
    const lab = await startLab({ lawful: false });
    const { id } = await created(lab);
    const status = { ...shop, deployment_id: id, state: 'success' as const, ...fields };
    const refused = lab.person('acme').rest.repos.createDeploymentStatus(status);
    await expect(refused).rejects.toMatchObject({ status: 422 });
  });
});
