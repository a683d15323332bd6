import { expect, test } from 'vitest';
import { mona, repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { configPath, release } from '../support/acceptance/repository.ts';

const place = usePlace();

/** A new pull request, and a way to say what its comment is answered with. */
async function pullWith(branch: string): Promise<number> {
  return await place().talk.openPull(branch, release('1.1.0'));
}

test('somebody who may not write is refused', async () => {
  const { talk, github } = place();
  github.standIn.createUser('eve');
  const pull = await pullWith('one');
  const answer = await talk.ask(pull, '/deploy production', 'eve');
  expect(answer.body).toContain('was refused');
  expect(answer.body).toMatch(/write/);
  expect(talk.deployments).toEqual([]);
});

test('the head of a fork is refused', async () => {
  const { talk, github } = place();
  await github.standIn.fork(repository, 'eve');
  const sha = await github.standIn.commit({
    repository: 'eve/shop',
    branch: 'evil',
    files: release('6.6.6'),
    by: 'eve',
  });
  const { number } = await github.standIn.openPullRequest({
    repository,
    headRepository: 'eve/shop',
    head: 'evil',
    by: 'eve',
  });
  const answer = await talk.ask(number, '/deploy production');
  expect(answer.body).toMatch(/fork/);
  // The API finds the commit of the fork in the base repository; that proves nothing.
  const again = await talk.ask(number, `/deploy production @${sha}`);
  expect(again.body).toContain('was refused');
  const elsewhere = await talk.ask(1, `/deploy production @${sha}`);
  expect(elsewhere.body).toContain('was refused');
  expect(talk.deployments).toEqual([]);
});

test('a push in the second of the comment is refused, with the commit to look at', async () => {
  const { talk, github } = place();
  const pull = await pullWith('two');
  const [sha, answer] = await github.atOnce(async () => [
    await talk.push('two', release('1.1.1')),
    await talk.askAtOnce(pull, '/deploy production'),
  ]);
  expect(answer.body).toContain('was refused');
  expect(answer.body).toContain(sha);
  expect(talk.deployments).toEqual([]);
});

test('what is not there cannot be deployed', async () => {
  const { talk } = place();
  const branch = await talk.ask(1, '/deploy production no-such-branch');
  expect(branch.body).toContain('There is no branch or tag no-such-branch');
  const commit = await talk.ask(1, `/deploy production @${'0'.repeat(40)}`);
  expect(commit.body).toContain('There is no commit');
  const rollback = await talk.ask(1, '/rollback production');
  expect(rollback.body).toContain('was refused');
});

test('a configuration that is broken is told with its file and line', async () => {
  const { talk, github } = place();
  const pull = await pullWith('three');
  const files = { [configPath]: 'version: 1\ntargets:\n  web:\n    kind: sevice\n' };
  await github.standIn.commit({ repository, branch: 'three', files, by: mona });
  const answer = await talk.ask(pull, '/deploy production');
  expect(answer.body).toMatch(/sallyport\.yml.* line 4: .*Did you mean `service`/);
  expect(talk.deployments).toEqual([]);
});
