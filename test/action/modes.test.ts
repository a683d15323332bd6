import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { mona, repository } from '../support/acceptance/names.ts';
import { crashingRelease, lastWords, release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { letAgentShowPlans, useWorkflows } from './workflows.ts';

const workflows = useWorkflows();
beforeAll(() => letAgentShowPlans(workflows().place.github.standIn));
let first = '';

test('deploy issues a job and, told to wait, ends with it', async () => {
  const { step, place } = workflows();
  first = await place.talk.push('main', release('1.1.0'));
  const run = await step({
    inputs: { mode: 'deploy', environment: 'production', wait: 'true', timeout: '2m' },
    env: { GITHUB_SHA: first },
  });
  expect(run, run.output).toMatchObject({
    code: 0,
    outputs: { state: 'completed', environment: 'production', sha: first, 'exit-code': '0' },
  });
  expect(run.summary).toContain('**completed**');
  expect(place.talk.deployments.at(-1)).toMatchObject({ sha: first });
});

test('the same attempt of a step is the same job, a new attempt another one', async () => {
  const { step, place } = workflows();
  const asked = { mode: 'deploy', environment: 'production' };
  const ids = [];
  for (const attempt of ['1', '1', '2']) {
    const env = { GITHUB_SHA: first, GITHUB_RUN_ID: '4712', GITHUB_RUN_ATTEMPT: attempt };
    ids.push((await step({ inputs: asked, env })).outputs['deployment']);
  }
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
  await place.talk.ended(place.talk.deployments.at(-1)!);
});

test('plan shows on the page of the run what would change', async () => {
  const { step, place } = workflows();
  const sha = await place.talk.push('idea', release('1.2.0'));
  const { number } = await place.github.standIn.openPullRequest({
    repository,
    head: 'idea',
    by: mona,
  });
  const run = await step({
    inputs: { mode: 'plan', environment: 'production', timeout: '1m' },
    event: { pull_request: { number, head: { sha } } },
    env: { GITHUB_EVENT_NAME: 'pull_request_target' },
  });
  expect(run, run.output).toMatchObject({ code: 0, outputs: { sha, breaking: '0' } });
  expect(Number(run.outputs['changes'])).toBeGreaterThan(0);
  expect(run.outputs['digest']).toMatch(/^sha256:[0-9a-f]{32}/);
  expect(run.summary).toContain('<details><summary>Plan');
});

test('rollback goes back, and wait follows it with the public key alone', async () => {
  const { step, place } = workflows();
  const second = await place.talk.push('main', release('1.3.0'));
  place.github.skip(1_100);
  const deployed = await step({
    inputs: { mode: 'deploy', environment: 'production', ref: 'main', wait: 'true' },
  });
  expect(deployed, deployed.output).toMatchObject({ code: 0, outputs: { sha: second } });
  const back = await step({ inputs: { mode: 'rollback', environment: 'production', to: first } });
  expect(back, back.output).toMatchObject({ code: 0, outputs: { sha: first } });
  const followed = await step({
    inputs: {
      mode: 'wait',
      deployment: back.outputs['deployment']!,
      'signing-key': '',
      'public-key': publicHalf(place.signingKey),
    },
  });
  expect(followed, followed.output).toMatchObject({
    code: 0,
    outputs: { state: 'completed', sha: first, 'exit-code': '0' },
  });
});

test('switch moves the traffic back and forth, once an attempt, and to a target that is there', async () => {
  const { step, place } = workflows();
  const asked = { mode: 'switch', environment: 'production', wait: 'true' };
  const before = await ask(place.ports.production, '/version');
  const there = await step({ inputs: { ...asked, only: 'web' } });
  expect(there, there.output).toMatchObject({ code: 0, outputs: { state: 'completed' } });
  expect(there.outputs['sha']).not.toBe(first);
  expect(await ask(place.ports.production, '/version')).not.toBe(before);
  const back = { inputs: { ...asked, to: first }, env: { GITHUB_RUN_ID: '4713' } };
  const [once, again] = [await step(back), await step(back)];
  expect(once, once.output).toMatchObject({ code: 0, outputs: { sha: first } });
  expect(again.outputs['deployment']).toBe(once.outputs['deployment']);
  expect(await ask(place.ports.production, '/version')).toBe(before);
  const wrong = await step({ inputs: { ...asked, only: 'wbe' } });
  expect(wrong, wrong.output).toMatchObject({ code: 4, outputs: { 'exit-code': '4' } });
});

test('a release that crashes fails the step; a wait whose time is up says that it goes on', async () => {
  const { step, place } = workflows();
  const sha = await place.talk.push('main', crashingRelease('1.4.0'));
  const asked = { mode: 'deploy', environment: 'production', sha, wait: 'true' };
  const early = await step({ inputs: { ...asked, timeout: '0s' } });
  expect(early, early.output).toMatchObject({ code: 6, outputs: { 'exit-code': '6' } });
  const late = await step({
    inputs: { ...asked, mode: 'wait', deployment: early.outputs['deployment']! },
  });
  expect(late, late.output).toMatchObject({ code: 1, outputs: { state: 'rolled-back' } });
  expect(late.summary).toContain(lastWords);
});

test.each([
  ['nobody may deploy without write access', {}, { GITHUB_ACTOR: 'eve' }, 3],
  ['nor run a step again', {}, { GITHUB_TRIGGERING_ACTOR: 'eve' }, 3],
  ['an environment that is not there', { environment: 'prod' }, {}, 4],
  ['a commit that is not there', { sha: 'f'.repeat(40) }, {}, 4],
  ['both a ref and a commit', { ref: 'main', sha: 'f'.repeat(40) }, {}, 2],
  ['no key', { 'signing-key': '' }, {}, 2],
  ['a key that is none', { 'signing-key': 'hunter2hunter2' }, {}, 2],
  ['a token that GitHub does not know', { token: 'ghs_unknown' }, {}, 3],
])('%s: refused, with the reason, and no job', async (_, inputs, env, code) => {
  const { step, place } = workflows();
  const jobs = () =>
    place.talk.deployments.filter((one) => one.environment === 'production').length;
  const before = jobs();
  const eve = String(place.github.standIn.createUser('eve').id);
  const run = await step({
    inputs: { mode: 'deploy', environment: 'production', sha: first, ...inputs },
    env: { ...env, ...('GITHUB_ACTOR' in env ? { GITHUB_ACTOR_ID: eve } : {}) },
  });
  expect(run, run.output).toMatchObject({ code, outputs: { 'exit-code': String(code) } });
  expect(run.output).toMatch(/^::error title=\w+::/m);
  expect(jobs()).toBe(before);
});

test('key and token are hidden from the log', async () => {
  const { step, place } = workflows();
  const run = await step({ inputs: { mode: 'wait', deployment: 'x' } });
  const [, body = ''] = readFileSync(place.signingKey, 'utf8').split('\n');
  expect(run.output).toContain(`::add-mask::${body}\n`);
  const said = run.output.replaceAll(/^::add-mask::.*$/gm, '');
  expect(said).not.toContain(body);
  expect(said).not.toContain('ghs_');
});

test('/deploy in a pull request goes through workflows alone, from the comment to its last edit', async () => {
  const { place, runs } = workflows();
  const { talk } = place;
  const pull = await talk.openPull('feature', release('2.0.0'));
  const deployment = await talk.begin(pull, '/deploy production');
  await talk.ended(deployment);
  await talk.answerSays(deployment, 'completed');
  expect(talk.answers.at(-1)).toMatchObject({ app: { slug: 'github-actions' } });
  expect(runs.filter(({ code }) => code !== 0)).toEqual([]);
});

test('a push to a branch that triggers deploys', async () => {
  const { talk } = workflows().place;
  const sha = await talk.push('main', release('2.1.0'));
  await expect
    .poll(() => talk.deployments.findLast((one) => one.sha === sha), { timeout: 30_000 })
    .toMatchObject({ environment: 'staging' });
  await talk.ended(talk.deployments.findLast((one) => one.sha === sha)!);
});

test('a misspelt command is answered, a person without access refused', async () => {
  const { github, talk } = workflows().place;
  const { number } = github.standIn.openIssue(repository, mona, 'Talk');
  expect((await talk.ask(number, '/depoly production')).body).toContain('/deploy');
  github.standIn.createUser('eve');
  expect((await talk.ask(number, '/deploy production', 'eve')).body).toContain('eve');
});

test('a comment without a command asks GitHub nothing, and an event of no use is told', async () => {
  const { place, step, settled } = workflows();
  const { standIn, traffic } = place.github;
  const ours = standIn.world.state.installations.find(({ app }) => app.slug === 'github-actions')!;
  const calls = () =>
    traffic.exchanges.filter(({ actor }) => actor === `installation:${ours.id}`).length;
  await settled();
  const before = calls();
  for (const [name, event] of [
    ['issue_comment', { action: 'created', comment: { body: 'See `x/y`, please' } }],
    ['star', { action: 'created' }],
    ['issue_comment', { action: 'edited', comment: { body: '/deploy production' } }],
    ['constructor', {}],
  ] as const) {
    const run = await step({
      inputs: { mode: 'chatops' },
      env: { GITHUB_EVENT_NAME: name },
      event,
    });
    expect(run, run.output).toMatchObject({ code: 0 });
  }
  expect(calls()).toBe(before);
});

function publicHalf(path: string): string {
  const { x } = createPublicKey(createPrivateKey(readFileSync(path))).export({ format: 'jwk' });
  return `ed25519:${x}`;
}
