import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mona, repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { configPath, release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';

const place = usePlace();
let folder = '';
let pull = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-greetings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What builds were given, in their order. */
async function greetings(): Promise<string> {
  return await readFile(join(folder, 'greetings'), 'utf8');
}

test('what a person gives after | reaches the programs, and a wrong name does not', async () => {
  const { talk, policy } = place();
  const noting = `require('fs').appendFileSync('${folder}/greetings', process.env.SALLYPORT_PARAM_GREETING + '\\n')`;
  const changed = policy
    .replace('build: [node, --version]', `build: [node, -e, ${JSON.stringify(noting)}]`)
    .replace('    run:', '    params: { greeting: { default: hello } }\n    run:')
    .replace(
      'trigger: { branches: main, tags: "2.*" }',
      'trigger: { releases: true, merges: true }',
    );
  const main = await talk.push('main', { [configPath]: changed });
  const { number } = place().github.standIn.openIssue(repository, mona, 'Greetings');
  const refused = await talk.ask(number, '/deploy staging | greting=hi');
  expect(refused.body).toContain('Did you mean greeting?');
  const deployment = await talk.run(number, '/deploy staging | greeting="two words"');
  expect([endOf(deployment), deployment.sha]).toEqual(['success', main]);
  expect(await greetings()).toBe('two words\n');
});

test('/promote takes exactly what ran there, to the parameters', async () => {
  const { talk, ports } = place();
  const [staging] = talk.deployments;
  const deployment = await talk.run(1, '/promote staging production');
  expect([endOf(deployment), deployment.sha]).toEqual(['success', staging!.sha]);
  expect(deployment.environment).toBe('production');
  expect(await greetings()).toBe('two words\ntwo words\n');
  expect(await ask(ports.production, '/version')).toBe('200 1.0.0');
});

test('a merge is deployed, its release is the same files, and /status lists it', async () => {
  const { talk, ports, github } = place();
  pull = await talk.openPull('greet', release('1.1.0'));
  const sha = await github.standIn.mergePullRequest(repository, pull, mona);
  const deployment = await talk.ended(await talk.newest(sha));
  expect([endOf(deployment), deployment.environment]).toEqual(['success', 'staging']);
  expect(await ask(ports.staging, '/version')).toBe('200 1.1.0');
  expect(await greetings()).toBe('two words\ntwo words\nhello\n');

  await github.standIn.createTag(repository, 'v1.1.0', sha, mona);
  github.standIn.publishRelease(repository, 'v1.1.0', mona);
  await talk.settled();
  const status = await talk.ask(pull, '/status');
  expect(status.body).toContain(
    `| \`v1.1.0\` | \`${sha.slice(0, 7)}\` | none | \`staging\` | mona |`,
  );
});
