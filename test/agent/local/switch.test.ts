import { afterEach, beforeEach, expect, test } from 'vitest';
import { ActsBench, shas } from './acts-bench.ts';

let bench: ActsBench;

beforeEach(() => {
  bench = new ActsBench();
  bench.policy = bench.policy.replace(
    'tiles: { kind: files, source: tiles, destination: /srv/tiles }',
    'tiles: { kind: service, run: [node, .], ports: { blue: 1, green: 2 }, proxy: { listen: 3 } }',
  );
});
afterEach(() => bench.close());

async function live(): Promise<void> {
  const { deployment } = await bench.ask({ verb: 'deploy', ref: 'v1' });
  await bench.say(deployment, 'applying');
  await bench.say(deployment, 'done');
}

async function staged(): Promise<string | null> {
  await live();
  const { deployment } = await bench.ask({ verb: 'deploy', stage: true });
  await bench.say(deployment, 'applying');
  await bench.say(deployment, 'done', { reason: 'staged' });
  return deployment;
}

test('people on a host stage, switch, and go back, with the remote away', async () => {
  const from = await staged();
  expect((await bench.deployment(from)).job.flags).toEqual({ stage: true });
  bench.reachable = false;
  const request = 'request-switch';
  const { deployment, commit } = await bench.ask({ verb: 'switch', target: 'tiles', request });
  expect(commit).toBe(shas[0]);
  expect((await bench.deployment(deployment)).job).toMatchObject({
    operation: 'switch',
    targets: [{ name: 'tiles' }],
    flags: { from },
    gates: [{ name: 'staged', open: true }],
    params: { to: from },
  });
  await bench.say(deployment, 'applying');
  await bench.say(deployment, 'done');
  expect((await bench.view()).lastGood?.deployment).toBe(Number(deployment));
  // Sent again, it is the same act: it does not go back.
  expect((await bench.ask({ verb: 'switch', target: 'tiles', request })).deployment).toBe(
    deployment,
  );
  const back = await bench.ask({ verb: 'switch' });
  expect(back.commit).toBe(shas[1]);
  expect((await bench.deployment(back.deployment)).job.flags).toEqual({});
});

test('where there is nothing to switch to, it says what to type at a terminal', async () => {
  await expect(bench.ask({ verb: 'switch' })).rejects.toMatchObject({
    code: 'nothing_to_switch_to',
    hint: 'sallyport deploy production',
    exit: 4,
  });
  await live();
  await expect(bench.ask({ verb: 'switch' })).rejects.toMatchObject({
    code: 'nothing_to_switch_to',
    hint: 'sallyport deploy production --stage',
  });
});

test('a lock holds a switch too, and only services are staged', async () => {
  await staged();
  await bench.ask({ verb: 'lock', reason: 'an incident' });
  const caller = { name: 'bob', uid: 1001 };
  await expect(bench.ask({ verb: 'switch', caller })).rejects.toMatchObject({ code: 'locked' });
  await bench.ask({ verb: 'unlock' });
  bench.policy = bench.policyWith('');
  await expect(bench.ask({ verb: 'deploy', stage: true })).rejects.toMatchObject({
    code: 'nothing_to_stage',
    exit: 2,
  });
});
