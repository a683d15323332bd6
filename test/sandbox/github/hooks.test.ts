import { expect, test } from 'vitest';
import type { Faults } from '../../../src/sandbox/github/hooks.ts';
import { installApp, shop, startLab } from './lab.ts';
import { startReceiver } from './receiver.ts';

test('a fault before the handler answers in its place: nothing has happened', async () => {
  const faults: Faults = {
    beforeRequest: async ({ method }) =>
      method === 'POST' ? { kind: 'answer', answer: { status: 502, body: {} } } : undefined,
  };
  const lab = await startLab({ faults, lawful: false });
  const owner = lab.person('acme');
  const create = owner.rest.issues.create({ ...shop, title: 'Lost' });
  await expect(create).rejects.toMatchObject({ status: 502 });
  expect(lab.github.repository('acme/shop').issues).toEqual([]);
});

test('a fault after the handler cuts the connection: it has happened all the same', async () => {
  const faults: Faults = {
    afterHandler: async ({ template }) =>
      template === '/repos/{owner}/{repo}/issues' ? { kind: 'cut' } : undefined,
  };
  const lab = await startLab({ faults });
  const owner = lab.person('acme');
  await expect(owner.rest.issues.create({ ...shop, title: 'Made' })).rejects.toThrow();
  expect(lab.github.repository('acme/shop').issues.map(({ title }) => title)).toEqual(['Made']);
  expect(lab.exchanges).toEqual([]);
});

test('a fault hides part of a list', async () => {
  const faults: Faults = { filterRead: (_, list) => list.slice(1) };
  const lab = await startLab({ faults });
  await lab.github.deploy('acme/shop', { by: 'acme', ref: 'main', task: 'older' });
  await lab.github.deploy('acme/shop', { by: 'acme', ref: 'main', task: 'newer' });
  const { data } = await lab.person('acme').rest.repos.listDeployments(shop);
  expect(data.map(({ task }) => task)).toEqual(['older']);
});

test('a fault loses a delivery, or sends it twice', async () => {
  const receiver = await startReceiver();
  let copies = 0;
  const faults: Faults = {
    deliver: (delivery) => Array.from({ length: copies }, () => ({ delivery, delayMs: 0 })),
  };
  const lab = await startLab({ faults });
  installApp(lab, { webhookUrl: receiver.url });
  await lab.github.deploy('acme/shop', { by: 'acme', ref: 'main' });
  await lab.github.waitForDeliveries();
  expect(receiver.received).toHaveLength(0);
  expect(lab.github.deliveries[0]?.outcome?.statusCode).toBe(0);
  copies = 2;
  await lab.github.deploy('acme/shop', { by: 'acme', ref: 'main' });
  await lab.github.waitForDeliveries();
  const ids = receiver.received.map(({ headers }) => headers['x-github-delivery']);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('an observer sees each exchange with its template', async () => {
  const lab = await startLab();
  await lab.person('acme').rest.repos.getCommit({ ...shop, ref: 'main' });
  expect(lab.exchanges).toMatchObject([
    {
      method: 'GET',
      template: '/repos/{owner}/{repo}/commits/{ref}',
      params: { owner: 'acme', repo: 'shop', ref: 'main' },
      actor: 'user:acme',
      status: 200,
    },
  ]);
});
