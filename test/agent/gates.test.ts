import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SallyportError } from '../../src/model/errors.ts';
import type { AgentWorld, RunningAgent } from '../../src/agent/agent.ts';
import { StepFailure } from '../../src/targets/target.ts';
import { until } from '../support/until.ts';
import { forwardNames } from '../deploy/unit-of.ts';
import { createBench, type Bench } from './bench.ts';

let bench: Bench;
let agents: RunningAgent[];

beforeEach(() => {
  bench = createBench();
  agents = [];
});

afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.abort()));
});

function start(...args: Parameters<Bench['start']>): RunningAgent {
  const agent = bench.start(...args);
  agents.push(agent);
  return agent;
}

const said = (state: string, unit = 'web@web-1') =>
  bench.until('record-written', (event) => event.state === state && event.unit === unit);
const words = () => bench.written.map(({ description }) => description);
const oneApproval = { require: { approvals: 1 } };
const twoHosts = [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1', 'web-2'] }];

describe('where people must approve', () => {
  beforeEach(() => {
    bench.policies['production'] = oneApproval;
  });

  test('it is planned once, waits however long, and runs once somebody approves', async () => {
    const planned = said('planned');
    start();
    const deployment = await bench.issue('a comment');
    await planned;
    await bench.pass(3_600_000);
    expect(await bench.view(deployment)).toMatchObject({
      state: 'awaiting-approval',
      reason: 'awaiting_approval',
    });
    expect([bench.planned, bench.ran]).toEqual([1, []]);
    const done = said('done');
    await bench.act(deployment, 'approved');
    await done;
    expect(bench.planned).toBe(2);
    expect(words().map((each) => each.split(':')[0])).toEqual([
      'web-1 planned',
      'web-1 applying',
      'web-1 done',
    ]);
  });

  test('its plan goes with the record', async () => {
    const planned = said('planned');
    start();
    await bench.issue('a comment');
    await planned;
    expect(bench.written[0]?.plan).toMatchObject({
      sha: 'a'.repeat(40),
      name: 'sallyport/plan (production, web on web-1)',
      title: 'web aaaaaaa: 1 change, risk low',
    });
  });

  test('a restart loses no approval and says nothing twice', async () => {
    const planned = said('planned');
    const first = start();
    const deployment = await bench.issue('a comment');
    await planned;
    await first.stop();
    await bench.act(deployment, 'approved');
    const done = said('done');
    start();
    await done;
    expect(words().filter((each) => each.includes('planned'))).toHaveLength(1);
  });

  test('what changes between the approval and the backup makes the approval void', async () => {
    const planned = said('planned');
    start();
    const deployment = await bench.issue('a comment');
    await planned;
    bench.wanted = 'another tree';
    const again = said('planned');
    await bench.act(deployment, 'approved');
    await again;
    expect(bench.ran).toEqual([]);
    expect(words().at(-1)).toContain('void');
    const done = said('done');
    await bench.act(deployment, 'approved');
    await done;
    expect(bench.ran.slice(0, 6)).toEqual(forwardNames);
  });

  test('every host plans before the first one acts', async () => {
    const planned = Promise.all([said('planned'), said('planned', 'web@web-2')]);
    start('web-1');
    start('web-2', { journal: createBench().journal });
    const deployment = await bench.issue('a comment', { targets: twoHosts });
    await planned;
    expect(bench.ran).toEqual([]);
    const done = said('done', 'web@web-2');
    await bench.act(deployment, 'approved');
    await done;
    expect((await bench.view(deployment)).state).toBe('completed');
  });

  test('nothing to change needs nobody, and is no change', async () => {
    bench.changes = [];
    const done = said('done');
    start();
    const deployment = await bench.issue('a comment');
    await done;
    expect(await bench.view(deployment)).toMatchObject({
      state: 'completed',
      reason: 'nothing_to_change',
    });
    expect(words().at(-1)).toBe('web-1 done: web: nothing to change at aaaaaaa');
    expect(bench.ran).toEqual([]);
  });

  test('a deployment that was rejected is not begun', async () => {
    const planned = said('planned');
    const agent = start();
    const deployment = await bench.issue('a comment');
    await planned;
    await bench.act(deployment, 'rejected');
    await bench.pass(60_000);
    expect(bench.ran).toEqual([]);
    expect((await agent.view.status('production'))?.environments[0]?.waits).toBeNull();
  });
});

test.each(['cancelled', 'rejected'] as const)(
  'what is %s while its host looks at it is not begun',
  async (state) => {
    const verify: AgentWorld['verify'] = async () => {
      await bench.act(deployment, state);
      return bench.verdict;
    };
    const deployment = await bench.issue('a comment');
    const ended = bench.until('unit-planned');
    start('web-1', { verify });
    await ended;
    await bench.pass(60_000);
    expect(bench.ran).toEqual([]);
    expect((await bench.view(deployment)).state).toBe(state);
  },
);

/** A lock lets its owner through. */
const bob = { id: 8, login: 'bob' };

test('a lock that comes while a host plans is still heeded', async () => {
  const verify: AgentWorld['verify'] = async () => {
    await bench.issue('a lock', { operation: 'lock', targets: [], roster: [], actor: bob });
    return bench.verdict;
  };
  await bench.issue('a comment');
  const waits = bench.until('unit-waits');
  start('web-1', { verify });
  expect((await waits).gate.reason).toBe('locked');
  expect(bench.ran).toEqual([]);
});

test('a breaking change asks for a person, whatever the policy says', async () => {
  bench.changes = [
    { action: 'remove', resource: 'Layer/parcels', breaking: true, why: 'layers stay' },
  ];
  const planned = said('planned');
  const agent = start();
  const deployment = await bench.issue('a comment');
  await planned;
  expect(await bench.view(deployment)).toMatchObject({ reason: 'breaking_change' });
  const status = await agent.view.status('production');
  expect(status?.environments[0]?.waits).toMatchObject({ reason: 'breaking_change' });
  const done = said('done');
  await bench.act(deployment, 'approved');
  await done;
});

test('a closed window is said once; when it opens, it goes on within the second', async () => {
  const nine = Date.UTC(2026, 0, 1, 9);
  const window = { kind: 'allow', schedule: '0 9 * * *', duration: '1h' } as const;
  bench.policies['production'] = { windows: [window] };
  const waiting = said('waiting');
  const began = bench.until('unit-began');
  start();
  await bench.issue('a comment');
  await waiting;
  await began;
  expect(bench.now() - nine).toBeGreaterThanOrEqual(0);
  expect(bench.now() - nine).toBeLessThan(1_000);
  expect(words().filter((each) => each.includes('waiting'))).toHaveLength(1);
});

test('an environment that waits, and one whose policy is broken, do not hold another back', async () => {
  bench.policies['staging'] = oneApproval;
  bench.policies['development'] = null;
  const environments = ['staging', 'development', 'production'];
  const rules = { name: 'web-1', environments, origins: ['app'], kinds: ['service'] };
  const done = said('done');
  start('web-1', { rules });
  const waiting = await bench.issue('one', { environment: 'staging' });
  const broken = await bench.issue('two', { environment: 'development' });
  const going = await bench.issue('three');
  await done;
  const states = [waiting, broken, going].map(async (each) => (await bench.view(each)).state);
  expect(await Promise.all(states)).toEqual(['awaiting-approval', 'pending', 'completed']);
});

test('a policy that can be read again lets begin', async () => {
  bench.policies['production'] = null;
  start();
  await bench.issue('a comment');
  await bench.pass(60_000);
  expect(bench.ran).toEqual([]);
  const done = said('done');
  bench.policies['production'] = {};
  await done;
});

test('a locked environment waits until somebody unlocks it', async () => {
  const about = {
    targets: [],
    roster: [],
    params: { reason: 'moving the database' },
    actor: bob,
  };
  await bench.issue('lock', { operation: 'lock', ...about });
  const waiting = said('waiting');
  start();
  const deployment = await bench.issue('a comment');
  await waiting;
  expect((await bench.view(deployment)).units[0]).toMatchObject({ reason: 'locked', attempt: 2 });
  const done = said('done');
  await bench.issue('unlock', { operation: 'unlock', ...about });
  await done;
});

test('what waited is verified again: a commit that was rewritten away meanwhile does not begin', async () => {
  bench.policies['production'] = oneApproval;
  const planned = said('planned');
  start();
  const deployment = await bench.issue('a comment');
  await planned;
  const refused = bench.until('unit-refused');
  bench.verdict = { ok: false, reason: 'not_reachable', message: 'no branch leads to it' };
  await bench.act(deployment, 'approved');
  expect(await refused).toMatchObject({ reason: 'not_reachable' });
  expect(bench.ran).toEqual([]);
});

test('a commit that was rolled back here is refused when it comes again', async () => {
  bench.broken.push('start');
  const back = said('rolled-back');
  start();
  await bench.issue('a comment');
  await back;
  const refused = bench.until('unit-refused');
  await bench.issue('again');
  expect(await refused).toMatchObject({ reason: 'quarantined' });
});

test('whoever is asked is asked once a poll, last of all', async () => {
  bench.policies['production'] = {
    require: { external: [{ name: 'change-board', url: 'https://board.example.org/' }] },
  };
  bench.answer = { open: false, message: 'not today' };
  const waiting = said('waiting');
  start();
  const deployment = await bench.issue('a comment');
  await waiting;
  expect((await bench.view(deployment)).units[0]).toMatchObject({ reason: 'gate_closed' });
  const [asked, since] = [bench.asked, bench.now()];
  await bench.pass(100_000);
  expect(bench.asked - asked).toBeLessThanOrEqual((bench.now() - since) / 9_000 + 1);
  const done = said('done');
  bench.answer = { open: true, message: 'go' };
  await done;
});

test('a job that only plans changes nothing, waits for nobody, and says what it would change', async () => {
  bench.policies['production'] = oneApproval;
  const planned = said('planned');
  start();
  const deployment = await bench.issue('a comment', { operation: 'plan' });
  await planned;
  await bench.pass(60_000);
  expect((await bench.view(deployment)).state).toBe('completed');
  expect(words()).toEqual(['web-1 planned: web aaaaaaa: 1 change, risk low: ~Service/web']);
  expect([bench.ran, bench.planned]).toEqual([[], 1]);
  expect(bench.plans.get(deployment)).toMatchObject([{ name: 'web', host: 'web-1' }]);
});

test.each([
  ['as often as the policy says', { retry: { attempts: 3 } }, 3],
  ['not at all without its word', {}, 1],
])('planning that may pass is tried again %s', async (_how, policy, tries) => {
  bench.policies['production'] = policy;
  bench.planFails = new StepFailure('fetch_failed', 'no route');
  const refused = bench.until('unit-refused');
  start();
  await bench.issue('a comment');
  expect(await refused).toMatchObject({ reason: 'fetch_failed' });
  expect(bench.planned).toBe(tries);
});

test('what keeps a deployment from going on is told, until it goes on', async () => {
  const message = 'the user has no manager';
  bench.planFails = new SallyportError({ code: 'init_failed', message, next: 'retry' });
  const agent = start();
  await bench.issue('a comment');
  const waits = async () => (await agent.view.status('production'))?.environments[0]?.waits;
  await until(async () => (await waits())?.message === `it cannot go on: ${message}`);
  const done = said('done');
  bench.planFails = null;
  await done;
  expect(await waits()).toBeNull();
});

describe('a rollback where people must approve', () => {
  const completed = [{ name: 'completed', open: true, reason: 'completed_here' }];
  const elsewhere = { operation: 'rollback', sha: 'c'.repeat(40) } as const;

  test('goes back to what completed here without asking anybody', async () => {
    const first = said('done');
    start();
    const deployment = await bench.issue('a comment');
    await first;
    bench.policies['production'] = oneApproval;
    const { job } = await bench.view(deployment);
    const again = said('done');
    await bench.issue('back', { operation: 'rollback', sha: job.sha });
    await again;
    expect(words().filter((each) => each.includes('planned'))).toEqual([]);
  });

  test('believes whoever signed it, who reads further back', async () => {
    bench.policies['production'] = oneApproval;
    const done = said('done');
    start();
    await bench.issue('back', { ...elsewhere, gates: completed });
    await done;
    expect(words().filter((each) => each.includes('planned'))).toEqual([]);
  });

  test('meets every gate where nobody says that the commit completed here', async () => {
    bench.policies['production'] = oneApproval;
    const planned = said('planned');
    start();
    const back = await bench.issue('back', elsewhere);
    await planned;
    await bench.pass(60_000);
    expect((await bench.view(back)).state).toBe('awaiting-approval');
    expect(bench.ran).toEqual([]);
  });
});
