import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { installApp, jwt, startLab } from './lab.ts';
import { startReceiver } from './receiver.ts';

async function listening(events?: readonly string[]) {
  const receiver = await startReceiver();
  const lab = await startLab();
  const { app, installation } = installApp(lab, {
    webhookUrl: receiver.url,
    ...(events ? { events } : {}),
  });
  return { lab, receiver, app, installation };
}

test('a webhook is signed over its bytes and says who sends it', async () => {
  const { lab, receiver, installation } = await listening();
  lab.github.openIssue('acme/shop', 'acme', 'Talk');
  lab.github.comment('acme/shop', 1, 'acme', '/deploy production — now');
  await lab.github.waitForDeliveries();
  const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
  const signature = createHmac('sha256', 'hush').update(body).digest('hex');
  expect(headers).toMatchObject({
    'x-github-event': 'issue_comment',
    'x-hub-signature-256': `sha256=${signature}`,
    'content-type': 'application/json',
  });
  expect(headers['x-github-delivery']).toBe(lab.github.deliveries[0]?.guid);
  expect(JSON.parse(body)).toMatchObject({
    action: 'created',
    comment: { body: '/deploy production — now', user: { login: 'acme' } },
    repository: { full_name: 'acme/shop' },
    sender: { login: 'acme' },
    installation: { id: installation.id },
  });
});

test('pushes tell of commits, of pull requests, of branches made and removed', async () => {
  const { lab, receiver } = await listening();
  const { github } = lab;
  const repository = 'acme/shop';
  const sha = await github.commit({ repository, branch: 'topic', files: { a: '1' } });
  await github.openPullRequest({ repository, head: 'topic', by: 'acme' });
  await github.commit({ repository, branch: 'topic', files: { a: null, b: '2' } });
  await github.moveBranch(repository, 'topic', null);
  await github.createTag(repository, 'v1', sha);
  await github.waitForDeliveries();
  const told = github.deliveries.map(({ event, action }) =>
    action ? `${event} ${action}` : event,
  );
  expect(told).toEqual([
    'push',
    'create',
    'pull_request opened',
    'pull_request synchronize',
    'push',
    'pull_request closed',
    'push',
    'delete',
    'push',
    'create',
  ]);
  expect(receiver.received).toHaveLength(told.length);
  const second = JSON.parse(github.deliveries[4]?.payload ?? '') as Record<string, unknown>;
  expect(second).toMatchObject({
    ref: 'refs/heads/topic',
    before: sha,
    commits: [{ added: ['b'], removed: ['a'], author: { username: 'acme' } }],
  });
});

test('deployments and their statuses are told of, except inactive ones', async () => {
  const { lab } = await listening();
  const { github } = lab;
  const { id } = await github.deploy('acme/shop', { by: 'acme', ref: 'main' });
  github.deploymentStatus('acme/shop', id, { by: 'acme', state: 'success' });
  github.deploymentStatus('acme/shop', id, { by: 'acme', state: 'inactive' });
  await github.waitForDeliveries();
  expect(github.deliveries.map(({ event }) => event)).toEqual(['deployment', 'deployment_status']);
});

test('the App reads its log of deliveries, page by page, and asks for one again', async () => {
  const { lab, receiver } = await listening(['issue_comment']);
  receiver.status.code = 500;
  lab.github.openIssue('acme/shop', 'acme', 'Talk');
  lab.github.comment('acme/shop', 1, 'acme', 'one');
  await lab.github.waitForDeliveries();
  const app = lab.client(await jwt(lab));
  const failed = await app.rest.apps.listWebhookDeliveries();
  expect(failed.data).toMatchObject([
    { event: 'issue_comment', action: 'created', status_code: 500, redelivery: false },
  ]);
  receiver.status.code = 200;
  const id = failed.data[0]?.id ?? 0;
  const again = await app.rest.apps.redeliverWebhookDelivery({ delivery_id: id });
  expect(again.status).toBe(202);
  await lab.github.waitForDeliveries();
  const page = await app.rest.apps.listWebhookDeliveries({ per_page: 1 });
  expect(page.data).toMatchObject([{ status_code: 200, redelivery: true }]);
  expect(page.data[0]?.guid).toBe(failed.data[0]?.guid);
  const next = /cursor=([^>&]+)/.exec(page.headers.link ?? '')?.[1] ?? '';
  const older = await app.rest.apps.listWebhookDeliveries({ per_page: 1, cursor: next });
  expect(older.data.map((delivery) => delivery.id)).toEqual([id]);
  const whole = await app.rest.apps.getWebhookDelivery({ delivery_id: id });
  expect(whole.data.request.payload).toMatchObject({ comment: { body: 'one' } });
  expect(whole.data.response.payload).toBe('seen');
});

test('an App that is not there is a failed delivery, not an error', async () => {
  const lab = await startLab();
  installApp(lab, { webhookUrl: 'http://127.0.0.1:1/hooks' });
  await lab.github.deploy('acme/shop', { by: 'acme', ref: 'main' });
  await lab.github.waitForDeliveries();
  expect(lab.github.deliveries[0]?.outcome).toMatchObject({ statusCode: 502 });
});
