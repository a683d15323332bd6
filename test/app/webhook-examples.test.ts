import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGithub } from '../../src/sandbox/github/server.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import { config } from './app-bench.ts';
import { runApp } from './running-app.ts';

interface Described {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

/** Everything that GitHub's own collection says GitHub sends. */
const events = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json'),
    'utf8',
  ),
) as readonly Described[];

/** The repository of nearly all examples. */
const repository = 'Codertocat/Hello-World';
let standIn: StandIn;
let running: Awaited<ReturnType<typeof runApp>>;

beforeAll(async () => {
  standIn = await startGithub();
  const [owner = '', name = ''] = repository.split('/');
  // Every branch and every tag that the examples speak of would be deployed, were it there.
  const eager = config.replace('branches: main, tags: "v*"', 'branches: "*", tags: "*"');
  await standIn.createRepository({ owner, name, files: { '.github/sallyport.yml': eager } });
  standIn.collaborator(repository, owner, 'admin');
  running = await runApp(standIn, owner);
});
afterAll(async () => {
  await running.app.close();
  await standIn.close();
});

let sent = 0;

/** What the App is told it is installed as; an example as it is names none, or somebody else's. */
type Installed = 'here' | 'as the example says';

/** Sends what GitHub would send to this App: signed, and with its own installation. */
async function send(
  event: string,
  example: Readonly<Record<string, unknown>>,
  installed: Installed = 'here',
): Promise<number> {
  const own = installed === 'here' ? { installation: { id: running.installation.id } } : {};
  const body = JSON.stringify({ ...example, ...own });
  const signature = createHmac('sha256', running.webhookSecret).update(body).digest('hex');
  sent += 1;
  const { status } = await fetch(running.webhooks, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': `example-${sent}`,
      'x-hub-signature-256': `sha256=${signature}`,
    },
  });
  return status;
}

test.each(events)(
  '$name: every example is taken, and nothing is deployed or said',
  async (event) => {
    for (const example of event.examples) {
      const status = await send(event.name, example);
      expect([status, running.errors]).toEqual([expect.toSatisfy((code) => code < 300), []]);
    }
    await running.app.settled();
    expect(running.errors).toEqual([]);
    const { deployments, comments } = standIn.repository(repository);
    expect([deployments, comments]).toEqual([[], []]);
  },
);

test('examples of other installations, and of none, are taken too', async () => {
  for (const { name, examples } of events) {
    for (const example of examples) {
      expect(await send(name, example, 'as the example says')).toBeLessThan(300);
    }
  }
  await running.app.settled();
  const { deployments, comments } = standIn.repository(repository);
  expect([deployments, comments]).toEqual([[], []]);
});

test('an example that holds a command is answered', async () => {
  const { examples } = events.find(({ name }) => name === 'issue_comment')!;
  const created = examples.find(({ action }) => action === 'created')!;
  const issue = standIn.openIssue(repository, 'Codertocat', 'An issue');
  const comment = { ...(created['comment'] as object), body: '/help' };
  const asked = {
    ...created,
    comment,
    issue: { ...(created['issue'] as object), number: issue.number },
  };
  expect(await send('issue_comment', asked)).toBeLessThan(300);
  await expect
    .poll(() => standIn.repository(repository).comments.map(({ body }) => body))
    .toEqual([expect.stringContaining('/deploy')]);
});
