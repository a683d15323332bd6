import { beforeEach, expect, test } from 'vitest';
import { handleButton } from '../../src/app/button.ts';
import { handleDeploymentStatus } from '../../src/app/deployment-status.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import type { Reason } from '../../src/model/reason.ts';
import { base, head } from './memory-github.ts';
import { ada, eve, mona, peopleBench } from './people-bench.ts';

type Bench = ReturnType<typeof peopleBench>;

let bench: Bench;
beforeEach(() => {
  bench = peopleBench('{}');
});

/** The host brings a deployment to its end, and GitHub tells the App of it. */
async function ends(deployment: number, reason: Reason = 'none') {
  await bench.say(deployment, 'applying');
  await bench.say(deployment, 'done', { reason });
  const event = { deployment, task: 'sallyport', state: 'success' };
  await handleDeploymentStatus(event, bench.open);
}

/** The default branch is live as deployment 1, the pull request is staged as deployment 2. */
async function staged(flag = '--stage') {
  await bench.type('/deploy production main', mona);
  await ends(1);
  await bench.type(`/deploy production ${flag}`, mona);
  await ends(2, 'staged');
}

const jobs = async () => (await bench.environment())!.deployments.map(({ job }) => job);
const answers = () => bench.comments.map(({ body }) => body);

test('the answer says what is staged and what to type, and what is live stays so on GitHub', async () => {
  await staged();
  expect((await jobs())[1]).toMatchObject({ sha: head, flags: { stage: true } });
  const answer = answers()[1]!;
  expect(answer).toContain('**completed**, staged');
  expect(answer).toContain('`web` is healthy in its idle slot; the traffic has not moved.');
  expect(answer).toContain('Next: `/switch production web` · `/status production`');
  expect(bench.shown).toEqual([]);
  const check = bench.checks.at(-1)!;
  expect(check).toMatchObject({ conclusion: 'success', actions: [{ label: 'Switch' }] });
  expect(check.actions[0]!.description.length).toBeLessThanOrEqual(40);
  const status = await bench.type('/status');
  expect(status).toContain(`| healthy | synced | \`${base.slice(0, 7)}\``);
  expect(status).toContain(`\`production\` has \`${head.slice(0, 7)}\` staged for \`web\``);
  expect(status).toContain('`/switch production web` moves the traffic');
});

test('a switch goes to what is staged; what it replaces is inactive, and its answer asks for no switch any more', async () => {
  await staged();
  const answer = await bench.type('/switch production web --reason now', ada);
  expect(answer).toContain('switch in `production`');
  expect((await jobs())[2]).toMatchObject({
    operation: 'switch',
    sha: head,
    ref: 'feature',
    flags: { from: '2' },
    actor: ada,
    authors: expect.arrayContaining(['ada', 'mona']) as unknown,
    params: { reason: 'now' },
    gates: expect.arrayContaining([
      { name: 'staged', open: true, reason: 'staged_here' },
    ]) as unknown,
  });
  expect((await jobs())[2]!.flags).not.toHaveProperty('only');
  await ends(3);
  expect(bench.shown.toSorted()).toEqual(['1 inactive', '2 inactive']);
  const { lastGood, staged: left } = (await bench.environment())!;
  expect([lastGood?.deployment, left]).toEqual([3, []]);
  expect(answers()[1]).not.toContain('/switch');
  expect(answers()[2]).toContain('`/rollback production`');
});

test('then it goes back, and a rollback goes where that came from', async () => {
  await staged();
  await bench.type('/switch production');
  await ends(3);
  await bench.type('/switch production');
  const back = (await jobs())[3]!;
  expect(back).toMatchObject({ operation: 'switch', sha: base, flags: {} });
  expect(back.gates).toContainEqual({ name: 'completed', open: true, reason: 'completed_here' });
  await ends(4);
  await bench.type('/rollback production');
  expect((await jobs())[4]).toMatchObject({ operation: 'rollback', sha: head });
});

test('Switch is a button, once however often it is pressed', async () => {
  await staged();
  const event = {
    deployment: 2,
    checkRun: 500,
    identifier: 'switch',
    sender: ada,
    isByPerson: true,
  };
  await handleButton(event, bench.open);
  await handleButton(event, bench.open);
  expect((await jobs()).map(({ operation }) => operation)).toEqual(['deploy', 'deploy', 'switch']);
  await ends(3);
  await handleButton({ ...event, checkRun: 501 }, bench.open);
  expect(answers().at(-1)).toContain('which this button is not for');
});

test.each([
  [
    'nothing is staged, and nothing else had the traffic',
    '',
    '/switch production',
    '/deploy production --stage',
  ],
  ['it is locked', '/lock production', '/switch production', '/unlock production'],
  ['it is typed twice', '/switch production', '/switch production', 'moves the traffic of'],
  ['there is no such commit', '', '/switch production web @1234567', 'has not completed'],
])('it is refused where %s', async (_name, before, words, expected) => {
  if (before === '') {
    await bench.type('/deploy production main', mona);
    await ends(1);
  } else await staged();
  if (before !== '') await bench.type(before, ada);
  const count = bench.ledgers.jobs.length;
  const answer = await bench.type(words, eve);
  expect(answer).toContain('was refused');
  expect(answer).toContain(expected);
  expect(bench.ledgers.jobs.length).toBe(count);
});

test('what has not begun gives way to a switch, which would find its slot taken', async () => {
  await staged();
  await bench.type('/deploy production main', mona);
  await bench.type('/switch production', ada);
  const { deployments, running } = (await bench.environment())!;
  expect(deployments[2]).toMatchObject({ state: 'superseded' });
  expect(running?.deployment).toBe(4);
});

test('a pull request that was staged keeps the environment when it has the traffic, too', async () => {
  await staged();
  const pull = (await jobs())[1]!.flags['pull'];
  expect(pull).toBe('3');
  await bench.type('/switch production', ada);
  expect((await jobs())[2]!.flags).toEqual({ from: '2', pull });
});

test('only a service can be staged', async () => {
  for (const [path, text] of Object.entries(bench.known.files)) {
    bench.known.files[path] = text.replace(
      /kind: service[^]*?listen: 8080 }/,
      'kind: files\n    source: maps\n    destination: /srv/maps',
    );
  }
  const answer = await bench.type('/deploy production --stage', mona);
  expect(answer).toContain('None of the targets is a service');
});

test('what people on the host took out of its slot waits no more, on whichever deployment they are told of', async () => {
  await staged();
  await bench.type('/plan production main', mona);
  const told = (await bench.environment())!.deployments.at(-1)!.deployment;
  await bench.held(told);
  await handleDeploymentStatus(
    { deployment: told, task: 'sallyport', state: 'success' },
    bench.open,
  );
  expect((await bench.environment())!.staged).toEqual([]);
  expect(answers()[1]).not.toContain('/switch');
  expect(
    bench.checks.every(({ actions }) => actions.every(({ label }) => label !== 'Switch')),
  ).toBe(true);
  expect(await bench.type('/status')).not.toContain('moves the traffic');
});

test('a host that joined after it was staged is named before anything moves', async () => {
  await staged();
  const key = generateSigningKey().public.text;
  for (const [path, text] of Object.entries(bench.known.files)) {
    bench.known.files[path] = text
      .replace(
        '\nenvironments:',
        `\n  web-2: { key: "${key}", environments: [production] }\nenvironments:`,
      )
      .replace('production: { hosts: [web-1]', 'production: { hosts: [web-1, web-2]');
  }
  const answer = await bench.type('/switch production');
  expect(answer).toContain('never was staged for web on web-2, so no traffic was moved anywhere.');
  expect(answer).toContain(
    `\`/deploy production @${head.slice(0, 7)} --stage\`, then \`/switch production\``,
  );
  expect(await jobs()).toHaveLength(2);
  // What the answer says is what helps: only the host that lacks it has something to do.
  const again = await bench.type(`/deploy production @${head.slice(0, 7)} --stage`);
  expect(again).toContain('deploy to `production`');
  expect((await jobs())[2]!.targets).toMatchObject([{ name: 'web', hosts: ['web-1', 'web-2'] }]);
});
