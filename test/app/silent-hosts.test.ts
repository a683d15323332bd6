import { expect, test } from 'vitest';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import { tellLost } from '../../src/app/silent-hosts.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import { appBench, commentOf, config } from './app-bench.ts';
import { base, head } from './memory-github.ts';

const minutes = 60_000;

/** Three hosts of which `web-1` has its key on the bench. */
async function deployTo(rollout: string) {
  const other = () => `{ key: "${generateSigningKey().public.text}", environments: [production] }`;
  const text = config
    .replace('\nenvironments:', `\n  web-2: ${other()}\n  web-3: ${other()}\nenvironments:`)
    .replace(
      'production: { hosts: [web-1]',
      `production: { rollout: ${rollout}, hosts: [web-1, web-2, web-3]`,
    );
  const bench = appBench((known) => {
    for (const sha of [base, head]) known.files[`.github/sallyport.yml@${sha}`] = text;
  });
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  return {
    ...bench,
    view: async () => (await bench.environment())!.deployments[0]!,
    afterMinutes: async (count: number) => {
      bench.ledgers.clock.advance(count * minutes);
      await tellLost(bench.world);
    },
  };
}

test('the job says how its hosts follow each other, as the policy has it', async () => {
  const { view } = await deployTo('{ canary: 1, batch: 2, pause: 2m }');
  expect((await view()).job.rollout).toEqual({
    canary: 1,
    batch: 2,
    pause: 2 * minutes,
    max_unavailable: 2,
    down: 'wait',
  });
});

test('a host that is alone follows nobody, and its job says nothing of it', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  expect((await bench.environment())!.deployments[0]!.job.rollout).toBeUndefined();
});

test('a silent host is left out by a record, one after the other as far as may be', async () => {
  const { view, afterMinutes, say } = await deployTo('{ max_unavailable: 2, down: skip }');
  await afterMinutes(1);
  expect((await view()).skipped).toEqual([]);
  await afterMinutes(1);
  expect((await view()).skipped).toEqual(['web-1']);
  // Its minutes begin when its turn does, and no more may be out at once.
  await afterMinutes(2);
  await afterMinutes(2);
  const left = await view();
  expect(left.skipped).toEqual(['web-1']);
  expect(left.units[0]).toMatchObject({ host: 'web-1', state: 'waiting', reason: 'host_skipped' });
  await say(1, 'applying');
  expect((await view()).units[0]!.state).toBe('applying');
});

test('where a host that is down is a reason to begin nothing, the deployment is ended', async () => {
  const { view, afterMinutes, told } = await deployTo('{ down: refuse }');
  await afterMinutes(4);
  expect(await view()).toMatchObject({ state: 'cancelled', reason: 'host_unknown', over: true });
  expect(told.map(({ event }) => event)).toContain('agent-lost');
});

test('what has begun is not ended for the sake of a silent host', async () => {
  const { view, afterMinutes, say } = await deployTo('{ down: refuse }');
  await say(1, 'applying');
  await say(1, 'done');
  await afterMinutes(4);
  expect((await view()).over).toBe(false);
});

test('where a host that is down is waited for, nobody writes anything', async () => {
  const { view, afterMinutes, told } = await deployTo('{ down: wait }');
  await afterMinutes(4);
  expect(await view()).toMatchObject({ over: false, skipped: [] });
  expect(told).toMatchObject([{ event: 'agent-lost', hosts: ['web-1'] }]);
});
