import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGatesAt, type GatesWorld } from '../../../src/agent/local/gates-at.ts';
import { digestOf } from '../../../src/model/digest.ts';
import { ActsBench, shas } from './acts-bench.ts';

let bench: ActsBench;
const signal = new AbortController().signal;

beforeEach(() => (bench = new ActsBench()));
afterEach(() => bench.close());

async function gatesOf(
  ask: { at?: string; ref?: string } = {},
  over: Partial<GatesWorld> = {},
): Promise<ReadonlyMap<string, { open: boolean; reason: string; message: string }>> {
  const asks = { all: async () => ({ cab: { open: true, message: 'go' } }) };
  const world = { ...bench.world(), plansOf: async () => [], asks, ...over };
  const asked = { environment: 'production', at: ask.at ?? null, ref: ask.ref ?? null };
  const { gates } = await createGatesAt(world)(asked, signal);
  return new Map(gates.map((gate) => [gate.name, gate]));
}

test('every gate is told, also those before the commit itself', async () => {
  const gates = await gatesOf();
  expect([...gates.keys()].join(' ')).toBe(
    'refs checks sync lock pause pull-hold held quarantine from breaking approvals wait-timer windows freezes external',
  );
  expect(gates.get('sync')!.message).toBe('A person asked for it');
});

test('a commit on no admitted ref, and checks that nobody here can read, are closed', async () => {
  bench.policy = bench.policyWith('refs: ["v*"], checks: all');
  expect((await gatesOf({ ref: 'v1' })).get('refs')).toMatchObject({ open: true });
  bench.refs = [{ name: 'refs/heads/main', sha: shas[0] }];
  const gates = await gatesOf();
  expect(gates.get('refs')).toMatchObject({
    open: false,
    message: 'No branch or tag that production admits (v*) leads to 1111111',
  });
  expect(gates.get('checks')).toMatchObject({ open: false, reason: 'checks_unknown' });
});

test('what the App found out about a commit stands', async () => {
  bench.policy = bench.policyWith('checks: all, from: staging');
  const passed = ['permission', 'checks', 'from'].map((name) => ({
    name,
    open: true,
    reason: 'by_app',
  }));
  await bench.world().issue({
    operation: 'deploy',
    environment: 'production',
    sha: shas[0],
    ref: 'main',
    auto: false,
    actor: { id: 5, login: 'mona' },
    cause: 'comment:7:99:1',
    judged: { gates: passed },
  });
  const gates = await gatesOf();
  expect(gates.get('permission')).toMatchObject({ open: true, reason: 'by_app' });
  expect(gates.get('checks')).toMatchObject({ open: true, reason: 'by_app' });
  expect(gates.get('from')).toMatchObject({ open: true, reason: 'completed_there' });
  expect((await gatesOf({ ref: 'v1' })).get('from')!.open).toBe(false);
});

test('nobody is asked what they would say at another time', async () => {
  bench.policy = bench.policyWith('external: [{ name: cab, command: [may] }]');
  expect((await gatesOf()).get('external')).toMatchObject({ open: true });
  const then = await gatesOf({ at: '2026-12-24T18:00:00+01:00' });
  expect(then.get('external')).toMatchObject({ open: false, reason: 'external_not_asked' });
});

test.each(['2026-02-30', '2026-12-24T18:00', '2026-12-24 18:00Z', '2026-12-24T25:00Z', 'tomorrow'])(
  '%s is no time that everybody reads alike',
  async (at) => {
    await expect(gatesOf({ at })).rejects.toMatchObject({ code: 'time_invalid' });
  },
);

test('approvals of a plan that is no longer planned are told as void', async () => {
  bench.policy = bench.policyWith('approvals: 1, author_may_approve: true');
  const { deployment } = await bench.ask({ verb: 'deploy' });
  await bench.planned(deployment, digestOf('one'));
  await bench.ask({ verb: 'approve', deployment: Number(deployment) });
  expect((await gatesOf()).get('approvals')!.open).toBe(true);
  await bench.say(deployment, 'planned', {
    reason: 'awaiting_approval',
    plan: digestOf('two'),
    attempt: 2,
  });
  expect((await gatesOf()).get('approvals')).toMatchObject({
    open: false,
    message: expect.stringContaining('1 approval of an earlier plan is void'),
  });
});
