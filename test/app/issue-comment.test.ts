import { expect, test } from 'vitest';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import { SallyportError } from '../../src/model/errors.ts';
import { appBench, commentOf } from './app-bench.ts';
import { head, pushedAt } from './memory-github.ts';

test.each([
  ['nothing like a command', 'Looks good to me.', {}],
  ['a command in the middle of a line', 'please /deploy production', {}],
  ['a command in a quote', '> /deploy production', {}],
  ['a command in a code block', '```\n/deploy production\n```', {}],
  ['a misspelt command by a bot', '/depoly production', { isByPerson: false }],
])('%s causes no call at all', async (_name, body, over) => {
  const bench = appBench();
  await handleIssueComment(commentOf(body, over), bench.open);
  expect([bench.opened(), bench.calls]).toEqual([0, []]);
});

test('/deploy makes a bound job for the head, reacts twice, answers once', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  const view = (await bench.environment())!.running!;
  expect(view).toMatchObject({
    bound: true,
    job: {
      operation: 'deploy',
      cause: 'comment:7:99:1',
      sha: head,
      ref: 'feature',
      actor: { id: 5, login: 'mona' },
      authors: ['mona', 'lisa'],
      targets: [{ name: 'web', kind: 'service', hosts: ['web-1'] }],
      reply: { issue: 3, comment: 1 },
      gates: [
        { name: 'permission', open: true },
        { name: 'head', open: true },
        { name: 'fork', open: true },
        { name: 'base', open: true },
        { name: 'draft', open: true },
        { name: 'outdated', open: true },
        { name: 'refs', open: true },
        { name: 'lock', open: true },
        { name: 'quarantine', open: true },
        { name: 'from', open: true },
        { name: 'checks', open: true },
      ],
    },
  });
  expect(bench.reactions).toEqual(['eyes', 'rocket']);
  expect(bench.comments).toHaveLength(1);
  expect(bench.comments[0]!.body).toContain('deploy to `production`: **pending**');
});

test('the same comment delivered twice is one job', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  expect(bench.ledgers.jobs).toHaveLength(1);
  expect(bench.comments[1]!.body).toContain('was taken before, as deployment 1');
});

test('without write permission nothing is done but to say so', async () => {
  const bench = appBench((known) => {
    known.permission = 'read';
  });
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
  expect(bench.reactions).toEqual(['eyes', 'confused']);
  expect(bench.comments).toHaveLength(1);
  expect(bench.comments[0]!.body).toContain('deploying needs write');
});

test.each([
  ['an unknown environment', '/deploy nowhere', {}, 'There is no environment nowhere'],
  ['a head pushed after the comment', '/deploy production', { at: pushedAt }, 'pushed to after'],
  ['an unknown ref', '/deploy production nothing', {}, 'There is no branch or tag nothing'],
  [
    'nothing to go back to',
    '/rollback production',
    {},
    'No deployment to production has completed',
  ],
  ['nothing to tell', '/status production', {}, 'Nothing was deployed to production yet'],
])('%s is refused in words', async (_name, body, over, words) => {
  const bench = appBench();
  await handleIssueComment(commentOf(body, over), bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
  expect(bench.reactions).toEqual(['eyes', 'confused']);
  expect(bench.comments).toHaveLength(1);
  expect(bench.comments[0]!.body).toContain(words);
});

test('a commit that is on no admitted ref is refused', async () => {
  const bench = appBench((known) => {
    const path = `.github/sallyport.yml@${'a'.repeat(40)}`;
    known.files[path] = Object.values(known.files)[0]!;
  });
  await handleIssueComment(
    commentOf('/deploy production @aaaaaaaa', { isPull: false }),
    bench.open,
  );
  expect(bench.comments[0]!.body).toContain('is on nothing that production admits');
});

test('a misspelt command is answered with the one that was meant', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/depoly production'), bench.open);
  expect(bench.comments[0]!.body).toMatch(/Did you mean `\/deploy/);
  expect(bench.reactions.toSorted()).toEqual(['confused', 'eyes']);
});

test('several commands are carried out in order, each with its answer', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy staging\n/deploy production\n/help'), bench.open);
  expect(bench.ledgers.jobs).toHaveLength(2);
  expect(bench.comments).toHaveLength(3);
  expect(bench.comments[2]!.body).toContain('Environments: `production`, `staging`');
});

test('/status tells what runs', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  await handleIssueComment(commentOf('/status', { comment: 100 }), bench.open);
  expect(bench.comments[1]!.body).toMatch(/\| `production` \| \w+ \| (?:syncing|out-of-sync) \|/);
});

test('when GitHub cannot be asked, people learn it and the delivery fails', async () => {
  const bench = appBench();
  bench.github.pull = () =>
    Promise.reject(
      new SallyportError({ code: 'github_unreachable', message: 'No answer', next: 'retry' }),
    );
  await expect(
    handleIssueComment(commentOf('/deploy production'), bench.open),
  ).rejects.toMatchObject({ code: 'github_unreachable' });
  expect(bench.comments[0]!.body).toContain('No answer');
});

test('the text of a bug is for the log alone', async () => {
  const bench = appBench();
  bench.github.pull = () => Promise.reject(new TypeError('secret inner state'));
  await expect(handleIssueComment(commentOf('/deploy production'), bench.open)).rejects.toThrow();
  expect(bench.comments[0]!.body).toContain('Sallyport itself failed');
  expect(bench.comments[0]!.body).not.toContain('secret inner state');
});
