import { expect, test } from 'vitest';
import type { CheckRun, Deployment } from '../../src/sandbox/github/state/types.ts';
import { mona, repository } from '../support/acceptance/names.ts';
import { sallyport } from '../support/acceptance/program.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { configPath, release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { until } from '../support/acceptance/wait.ts';

const place = usePlace();
const ada = 'ada';
let pull = 0;

/** The check run of a deployment that has a button of this label, and the button's identifier. */
function button({ id }: Deployment, label: string): Promise<readonly [CheckRun, string]> {
  return until(`deployment ${id} has a button ${label}`, () => {
    const run = place()
      .github.standIn.repository(repository)
      .checkRuns.findLast(({ externalId }) => externalId === String(id));
    const action = run?.actions.find((each) => each.label === label);
    return run && action ? ([run, action.identifier] as const) : null;
  });
}

async function press(deployment: Deployment, label: string, by: string): Promise<string> {
  const { github, talk } = place();
  const [run, identifier] = await button(deployment, label);
  const before = talk.answers.length;
  github.standIn.press(repository, run.id, by, identifier);
  return until(`${by} is answered`, () => {
    const body = talk.answers[before]?.body;
    return body === undefined || body.includes(': looking …') ? null : body;
  });
}

test('a deployment is approved by a button, by somebody who may', async () => {
  const { talk, github, policy, ports } = place();
  for (const login of [ada, 'eve']) github.standIn.createUser(login);
  github.standIn.collaborator(repository, ada, 'write');
  const changed = `${policy.replace('refs: [main, pull]', 'refs: [main, pull], approvals: 1')}
comments: { labels: true }
`;
  await talk.newest(await talk.push('main', { [configPath]: changed }));
  pull = await talk.openPull('greet', release('1.1.0'));
  const deployment = await talk.begin(pull, '/deploy production');
  expect(await press(deployment, 'Approve', 'eve')).toContain('was refused');
  expect(await press(deployment, 'Approve', ada)).toContain('is approved');
  await talk.ended(deployment);
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
});

test('its pull request is labelled, and a button goes back', async () => {
  const { talk, github, ports } = place();
  const issue = github.standIn.repository(repository).issues.find(({ number }) => number === pull)!;
  await until('it is labelled', () => issue.labels.includes('deployed: production') || null);
  await talk.push('greet', release('1.2.0'));
  const second = await talk.begin(pull, '/deploy production');
  await press(second, 'Approve', ada);
  await talk.ended(second);
  const before = talk.deployments.length;
  const [run, identifier] = await button(second, 'Roll back');
  github.standIn.press(repository, run.id, mona, identifier);
  const back = await until('it goes back', () => talk.deployments[before]);
  expect(endOf(await talk.ended(back))).toBe('success');
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
});

test('a workflow waits while the environment is locked, also through the end of the App', async () => {
  const { talk, github, app, appState } = place();
  await talk.ask(pull, '/lock production the database moves', ada);
  const draft = { by: mona, ref: talk.deployments[1]!.sha, environment: 'production' };
  const made = await github.standIn.deploy(repository, draft);
  const run = github.standIn.waitForRule(repository, made, mona);
  await until('it is told why', () => run.comments.find((text) => text.includes('database')));
  expect(run.state).toBe('waiting');

  const deliveries = async (...words: string[]) => {
    const ran = await sallyport(['deliveries', ...words, '--json'], { SALLYPORT_STATE: appState });
    return ran.stdout;
  };
  const waiting = await until('it is put off', async () => {
    const listed = JSON.parse(await deliveries('list')) as { deliveries: Listed[] };
    const found = listed.deliveries.find(({ event }) => event === 'deployment_protection_rule');
    return found?.state === 'due' ? found : null;
  });
  expect(waiting.error).toContain('waits: ');
  await app.end('SIGKILL');
  await app.start();
  await talk.ask(pull, '/unlock production', ada);
  // It would be looked at again in a minute.
  await deliveries('replay', waiting.id);
  await until('it goes on', () => run.state === 'approved' || null);
  expect(run.comments.filter((text) => text.includes('database'))).toHaveLength(1);
});

interface Listed {
  readonly id: string;
  readonly event: string;
  readonly state: string;
  readonly error: string | null;
}
