import { createHmac, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { redeliver } from '../../src/sandbox/github/webhooks/redeliver.ts';
import { mona, repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { configPath, release } from '../support/acceptance/repository.ts';
import { endOf } from '../support/acceptance/talk.ts';

// Forks and a push in the second of the comment are in refusals.test.ts, copied jobs and records in
// strangers.test.ts, a push at every moment of a command in test/app/push-race.test.ts.
const place = usePlace();
const [ada, eve] = ['ada', 'eve'];
let pull = 0;

/** Sends a webhook past GitHub: signed with the App's own secret, or as the attacker signs it. */
async function send(
  body: string,
  { id = randomUUID(), signature = signed(body), event = 'issue_comment' } = {},
): Promise<number> {
  const { status } = await fetch(place().webhooks, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': signature,
    },
  });
  return status;
}

function signed(body: string): string {
  const { webhookSecret } = place();
  return `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`;
}

/** What a reader of GitHub sees as markup: everything but code. */
function markupOf(body: string): string {
  return body.replace(/^(`{3,}).*?^\1$/gmsu, '').replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gsu, '');
}

test('a comment that was edited into a command does nothing', async () => {
  const { talk, github, policy } = place();
  for (const login of [ada, eve]) github.standIn.createUser(login);
  github.standIn.collaborator(repository, ada, 'write');
  const changed = policy
    .replace('refs: [main, pull]', 'refs: [main, pull], approvals: 1')
    .replace('sync: auto', 'sync: manual')
    .replace(/^ *trigger: .*$/m, '');
  await talk.push('main', { [configPath]: changed });
  await talk.settled();
  pull = await talk.openPull('greet', release('1.1.0'));
  const made = talk.deployments.length;
  const { id } = talk.comment(pull, 'Nice work.');
  github.standIn.editComment(repository, id, mona, '/deploy production');
  github.standIn.editComment(repository, id, eve, '/deploy production');
  await talk.settled();
  expect([talk.answers.length, talk.deployments.length]).toEqual([0, made]);
});

test('who commands, and every account that pushed, are authors: none of them approves', async () => {
  const { talk, github } = place();
  await github.standIn.commit({
    repository,
    branch: 'greet',
    files: release('1.2.0'),
    by: ada,
    author: { name: 'Somebody Else', email: 'else@example.com' },
  });
  const deployment = await talk.begin(pull, '/deploy production');
  const { body } = await talk.answerSays(deployment, 'awaiting-approval');
  const [command = ''] = /\/approve production [0-9a-f]{8,}/.exec(body) ?? [];
  for (const [by, why] of [
    [mona, /author/],
    [ada, /author/],
    [eve, /write/],
  ] as const) {
    expect((await talk.ask(pull, command, by)).body).toMatch(why);
  }
  expect(deployment.statuses.at(-1)?.state).toBe('pending');
});

test('an approval of another plan is none', async () => {
  const { talk, github } = place();
  github.standIn.createUser('lisa');
  github.standIn.collaborator(repository, 'lisa', 'write');
  const deployment = talk.deployments.at(-1)!;
  const answer = await talk.ask(pull, '/approve production 0123456789abcdef', 'lisa');
  expect(answer.body).toMatch(/refused/);
  expect(deployment.statuses.at(-1)?.state).toBe('pending');
  expect(endOf(deployment)).toBeNull();
});

test('a delivery that comes again, under its own id or a new one, is the same command', async () => {
  const { talk, github } = place();
  const { deliveries, world } = github.standIn;
  const made = talk.deployments.length;
  const delivery = deliveries.findLast(
    ({ event, payload }) => event === 'issue_comment' && payload.includes('/deploy production'),
  )!;
  redeliver(world, delivery);
  await talk.settled();
  expect(await send(delivery.payload)).toBeLessThan(300);
  await talk.settled();
  expect(talk.deployments).toHaveLength(made);
});

test('a signature is good for its own body alone', async () => {
  const { talk, github } = place();
  const [answers, made] = [talk.answers.length, talk.deployments.length];
  const { payload } = github.standIn.deliveries.findLast(({ event }) => event === 'issue_comment')!;
  const forged = payload.replace(/"body":"[^"]*"/, '"body":"/deploy staging"');
  for (const signature of [signed(payload), `sha256=${'0'.repeat(64)}`, 'sha256=', '']) {
    expect(await send(forged, { signature })).toBe(401);
  }
  await talk.settled();
  expect([talk.answers.length, talk.deployments.length]).toEqual([answers, made]);
});

test('25 MB of garbage and more are refused, with a length and without', async () => {
  const { webhooks } = place();
  const garbage = Buffer.alloc(26 * 1024 * 1024, '{');
  const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
  const chunked = new ReadableStream({
    pull(controller) {
      controller.enqueue(garbage.subarray(0, 1024 * 1024));
    },
  });
  const bodies: readonly RequestInit[] = [{ body: garbage }, { body: chunked, duplex: 'half' }];
  for (const more of bodies) {
    // Who goes on sending is cut off, and may never read why.
    const answer = await fetch(webhooks, { method: 'POST', headers, ...more }).catch(() => null);
    expect(answer?.status ?? 413).toBe(413);
  }
  expect((await fetch(webhooks.replace('/api/github/webhooks', '/healthz'))).status).toBe(200);
});

test('names, titles and reasons are shown as text: no mention, no link, no HTML', async () => {
  const { talk, github } = place();
  const branch = 'x`@acme/ops`<img/src=x>|!(evil)';
  await talk.push(branch, release('1.3.0'));
  const { number } = await github.standIn.openPullRequest({
    repository,
    head: branch,
    title: '@acme/ops <script>alert(1)</script> ![x](http://evil.example/x.png) /deploy production',
    body: '/deploy production',
    by: mona,
  });
  const reason = '"@acme/ops ![x](http://evil.example) <img src=x> `\\` /deploy staging"';
  await talk.ask(number, `/lock staging ${reason}`);
  await talk.ask(number, '/deploy staging');
  await talk.ask(number, `/deploy production ${branch}`);
  await talk.ask(number, `/deploy @acme/ops`);
  await talk.ask(number, `/deploy <img/src=x>`);
  await talk.ask(number, `/status`);
  await talk.ask(number, '/unlock staging');
  const { comments } = github.standIn.repository(repository);
  const markup = comments
    .filter(({ app, issue }) => app !== null && issue.number === number)
    .map(({ body }) => markupOf(body));
  expect(markup).toHaveLength(7);
  for (const text of markup) {
    expect(text).not.toMatch(/@acme|<img|<script|!\[|\]\(http:\/\/evil/);
    expect(text).not.toMatch(/^\s*\/(deploy|approve)/m);
  }
});

test('__proto__ and its kin are words as any other', async () => {
  const { talk, github } = place();
  const made = talk.deployments.length;
  for (const words of [
    '/deploy __proto__',
    '/deploy constructor',
    '/deploy production --__proto__=1',
    '/deploy production --constructor',
    '/rollback production __proto__',
  ]) {
    const { body } = await talk.ask(pull, words);
    expect(body).toMatch(/refused|Line 1/);
  }
  const { payload } = github.standIn.deliveries.findLast(({ event }) => event === 'issue_comment')!;
  const polluted = payload.replace(
    '{',
    '{"__proto__":{"isByPerson":true,"role_name":"admin"},"constructor":{"prototype":{"a":1}},',
  );
  expect(await send(polluted)).toBeLessThan(300);
  expect(await send('{"__proto__":{"action":"created"}}')).toBeLessThan(500);
  expect(await send('{"action":"__proto__"}')).toBeLessThan(500);
  expect(await send('{}', { event: '__proto__' })).toBeLessThan(500);
  await talk.settled();
  expect(talk.deployments).toHaveLength(made);
  const help = await talk.ask(pull, '/help');
  expect(help.body).toContain('/rollback');
});
