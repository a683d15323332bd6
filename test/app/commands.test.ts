import { expect, test } from 'vitest';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import { peopleBench } from './people-bench.ts';
import { appBench, commentOf } from './app-bench.ts';
import { base, head, type Facts } from './memory-github.ts';

/** The target `web` takes parameters, and there is another one. */
function withParams(known: Facts): void {
  for (const [path, text] of Object.entries(known.files)) {
    known.files[path] = text
      .replace(
        '    run:',
        '    params: { replicas: { type: number, default: 2 }, note: {} }\n    run:',
      )
      .replace(
        'agents:',
        '  job: { kind: command, plan: { run: [a] }, apply: { run: [a] } }\nagents:',
      )
      .replace('targets: [web]', 'targets: [web, job]');
  }
}

const none = '{}';

test('parameters are in the job, with defaults, as they were typed', async () => {
  const bench = peopleBench(none, withParams);
  await bench.type('/deploy production | note="two  words"');
  expect(bench.ledgers.jobs).toHaveLength(1);
  const { job } = (await bench.environment())!.running!;
  expect(job.params).toEqual({ 'param.replicas': '2', 'param.note': 'two  words' });
});

test.each([
  ['/deploy production | replica=3', 'Did you mean replicas?'],
  ['/deploy production | replicas=many', 'takes a number'],
  ['/deploy production --only wbe', 'Did you mean --only web?'],
  ['/promote staging production', 'No deployment to staging has completed'],
])('%s is refused: %s', async (body, words) => {
  const bench = peopleBench(none, withParams);
  expect(await bench.type(body)).toContain(words);
  expect(bench.ledgers.jobs).toEqual([]);
});

test('--only makes a job of one target, with its parameters alone', async () => {
  const bench = peopleBench(none, withParams);
  await bench.type('/deploy production --only job --reason="the map"');
  const { job } = (await bench.environment())!.running!;
  expect(job.targets.map(({ name }) => name)).toEqual(['job']);
  expect(job.params).toEqual({ reason: 'the map' });
  expect(job.flags).toEqual({ only: 'job', pull: '3' });
});

test('--plan-only is a plan', async () => {
  const bench = peopleBench(none);
  await bench.type('/deploy production --plan-only --force');
  expect((await bench.environment())!.plans[0]!.job).toMatchObject({
    operation: 'plan',
    flags: {},
  });
});

test('/promote deploys the commit and the parameters that completed newest', async () => {
  const bench = peopleBench(none, withParams);
  await bench.type(`/deploy staging @${head} --only web | replicas=7`);
  await bench.say(1, 'planned');
  await bench.say(1, 'done');
  expect(await bench.type('/promote staging production')).toContain('--only web');
  await bench.type(`/deploy staging @${head} | replicas=5`);
  expect(await bench.type('/promote staging production')).toContain(
    'Deployment 2 of bbbbbbb to staging is not over',
  );
  for (const target of [0, 1]) {
    await bench.say(2, 'planned', { target });
    await bench.say(2, 'done', { target });
  }
  await bench.type('/promote staging production | note=now');
  expect((await bench.environment())!.running!.job).toMatchObject({
    operation: 'deploy',
    sha: head,
    flags: { promoted: 'staging', pull: '3' },
    params: { from: 'staging', 'param.replicas': '5', 'param.note': 'now' },
  });
});

test('what was promoted from a pull request that is closed by now keeps nothing', async () => {
  const bench = peopleBench(none);
  await bench.type('/deploy staging');
  await bench.say(1, 'planned');
  await bench.say(1, 'done');
  bench.known.pull = { ...bench.known.pull, isOpen: false };
  bench.known.relations[`${head}...${base}`] = 'ahead';
  await bench.type('/promote staging production', undefined, { issue: 9, isPull: false });
  expect((await bench.environment())!.running!.job.flags).toEqual({ promoted: 'staging' });
});

test('commands of one comment run in order, and one that is refused keeps none from its turn', async () => {
  const bench = peopleBench(none);
  await bench.type('/deploy nowhere\r\n/pause production\r\n/status');
  const said = bench.comments.map(({ body }) => body).join('\n');
  expect(said).toMatch(/no environment nowhere[^]*pause of `production`[^]*environment \| health/);
  expect(bench.ledgers.jobs).toHaveLength(1);
});

const bot = { author: { id: 9, login: 'renovate[bot]' }, isByPerson: false };

test('a bot counts where the default branch names it, and approves nothing', async () => {
  const stranger = appBench();
  await handleIssueComment(commentOf('/deploy production', bot), stranger.open);
  expect([stranger.ledgers.jobs, stranger.comments, stranger.reactions]).toEqual([[], [], []]);
  expect(stranger.calls).toEqual(['ref branch main', 'file 0']);

  const named = appBench((known) => {
    const path = `.github/sallyport.yml@${base}`;
    known.files[path] += 'comments: { bots: ["Renovate[bot]"] }\n';
    known.permission = 'none';
  });
  await handleIssueComment(commentOf('/deploy production\n/approve production', bot), named.open);
  expect(named.ledgers.jobs).toHaveLength(1);
  expect(named.comments.at(-1)!.body).toContain('only people approve');
});
