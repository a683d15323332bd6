import { expect, test } from 'vitest';
import { repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { configPath, release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';

const place = usePlace();
const ada = 'ada';
let pull = 0;

/** On the default branch as it is: production wants somebody else to approve. */
async function askForApprovals(): Promise<void> {
  const { talk, github, policy } = place();
  github.standIn.createUser(ada);
  github.standIn.collaborator(repository, ada, 'write');
  const changed = policy.replace('refs: [main, pull]', 'refs: [main, pull], approvals: 1');
  const sha = await talk.push('main', { [configPath]: changed });
  // Staging takes it by itself; the deployments of the tests come after that one.
  await talk.newest(sha);
}

test('/plan shows what would change, and changes nothing', async () => {
  const { talk, ports } = place();
  await askForApprovals();
  pull = await talk.openPull('greet', release('1.1.0'));
  const looked = await talk.run(pull, '/plan production');
  const answer = await talk.answerSays(looked, 'Service/web');
  expect(answer.body).toContain('<details>');
  expect(endOf(looked)).toBe('success');
  await expect(ask(ports.production, '/version')).rejects.toThrow();
});

test('a deployment waits for somebody else, who approves the plan that was shown', async () => {
  const { talk, ports } = place();
  const deployment = await talk.begin(pull, '/deploy production');
  const asking = await talk.answerSays(deployment, 'awaiting-approval');
  const [command] = /\/approve production [0-9a-f]{8,}/.exec(asking.body) ?? [];
  expect(command).toBeDefined();
  expect(deployment.statuses.at(-1)?.state).toBe('pending');

  const own = await talk.ask(pull, command!);
  expect(own.body).toMatch(/author/);
  expect(endOf(deployment)).toBeNull();

  await talk.ask(pull, command!, ada);
  await talk.ended(deployment);
  expect(endOf(deployment)).toBe('success');
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
});

test('/reject ends it with the reason, and nothing was touched', async () => {
  const { talk, ports } = place();
  await talk.push('greet', release('1.2.0'));
  const deployment = await talk.begin(pull, '/deploy production');
  await talk.answerSays(deployment, 'awaiting-approval');
  await talk.ask(pull, '/reject production not on a Friday', ada);
  const answer = await talk.answerSays(deployment, '**rejected**');
  expect(answer.body).toContain('not on a Friday');
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
});

test('a locked environment takes nothing until it is unlocked; people may always go back', async () => {
  const { talk } = place();
  await talk.ask(pull, '/lock production the database moves', ada);
  const refused = await talk.ask(pull, '/deploy production');
  expect(refused.body).toContain('the database moves');
  await talk.ask(pull, '/unlock production', ada);
  const deployment = await talk.begin(pull, '/deploy production');
  await talk.answerSays(deployment, 'awaiting-approval');
  await talk.ask(pull, '/cancel production');
  await talk.answerSays(deployment, '**cancelled**');
});
