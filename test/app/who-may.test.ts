import { expect, test } from 'vitest';
import { ada, eve, mona, peopleBench } from './people-bench.ts';
import { handlePush } from '../../src/app/push.ts';
import { appBench } from './app-bench.ts';
import { base, type Facts } from './memory-github.ts';
import type { GithubRules } from '../../src/policy/github-rules.ts';

const noRules: GithubRules = {
  reviewers: [],
  preventSelfReview: false,
  waitMinutes: 0,
  refs: null,
};
const adaReviews: GithubRules = { ...noRules, reviewers: [{ kind: 'user', ...ada }] };

/** Lines of the policy of production, besides those of `require`. */
const withLines =
  (lines: string, change: (known: Facts) => void = () => {}) =>
  (known: Facts) => {
    for (const [path, text] of Object.entries(known.files)) {
      known.files[path] = text.replace(
        'targets: [web], require',
        `targets: [web], ${lines}, require`,
      );
    }
    change(known);
  };

const commands = [
  ['deploy', '/deploy production'],
  ['plan', '/plan production'],
  ['rollback', '/rollback production'],
  ['switch', '/switch production'],
  ['cancel', '/cancel production'],
  ['lock', '/lock production'],
  ['unlock', '/unlock production'],
  ['pause', '/pause production'],
  ['resume', '/resume production'],
  ['approve', '/approve production'],
  ['reject', '/reject production'],
] as const;

test.each(commands)(
  'may: who is not named may not /%s, and learns who may',
  async (name, words) => {
    const bench = peopleBench(undefined, withLines(`may: { ${name}: ["@acme/ops", ada] }`));
    if (name === 'approve' || name === 'reject') {
      await bench.type('/deploy production', mona);
      await bench.planned(1);
    }
    const before = [bench.ledgers.jobs.length, bench.ledgers.records.length];
    const answer = await bench.type(words, eve);
    expect(answer).toContain(`eve may not /${name} on production; those who may are`);
    expect(answer).toContain('acme/ops, ada.');
    expect([bench.ledgers.jobs.length, bench.ledgers.records.length]).toEqual(before);
  },
);

test('may: a member of a team that is named may, asked of GitHub at that moment', async () => {
  const bench = peopleBench(undefined, withLines('may: { lock: ["@acme/ops"] }'));
  expect(await bench.type('/lock production', eve)).toContain('may not /lock');
  bench.known.teams['acme/ops'] = ['eve'];
  expect(await bench.type('/lock production', eve)).not.toContain('may not');
  expect(bench.ledgers.jobs).toHaveLength(1);
});

test('may: being named is no permission to write', async () => {
  const lines = withLines('may: { lock: [eve] }', (known) => (known.permission = 'read'));
  const bench = peopleBench(undefined, lines);
  expect(await bench.type('/lock production', eve)).toContain('needs write');
});

test("GitHub's reviewers and wait timer come into the job", async () => {
  const bench = peopleBench('{ checks: none }', (known) => {
    known.rules['production'] = { ...adaReviews, waitMinutes: 30 };
  });
  await bench.type('/deploy production', mona);
  const { flags, issued } = (await bench.view(1)).job;
  expect(flags).toEqual({ approvals: '1', 'not-before': expect.any(String), pull: '3' });
  const waits = Date.parse(String(flags['not-before'])) - Date.parse(issued);
  expect(Math.abs(waits - 30 * 60_000)).toBeLessThan(60_000);
});

test("with `github: false` GitHub's environment says nothing", async () => {
  const bench = peopleBench('{ github: false }', (known) => {
    known.rules['production'] = { ...adaReviews, refs: { branches: [], tags: [] } };
  });
  await bench.type('/deploy production', mona);
  expect((await bench.view(1)).job.flags).toEqual({ pull: '3' });
});

test.each([
  ['', 'open', '{ checks: none }'],
  ['where the policy names it', 'closed', '{ github: true }'],
])('rules that the App may not read %s: %s', async (_name, answer, require) => {
  const bench = peopleBench(require, (known) => (known.rules['production'] = 'unread'));
  const said = await bench.type('/deploy production', mona);
  expect(bench.ledgers.jobs).toHaveLength(answer === 'open' ? 1 : 0);
  if (answer === 'closed') expect(said).toContain('may not read the rules');
  expect(bench.logged).toContain('the rules of an environment on GitHub cannot be read');
});

test.each([
  ['the head of the pull request', '/deploy production', ['feature'], true],
  ['a pattern over merges of pull requests', '/deploy production', ['refs/pull/*/merge'], true],
  ['another branch', '/deploy production', ['main', 'release/*'], false],
  ['a branch by name', '/deploy production main', ['main'], true],
  ['a SHA on an admitted branch', `/deploy production @${'b'.repeat(40)}`, ['feat*'], true],
  ['a SHA on no admitted branch', `/deploy production @${'b'.repeat(40)}`, ['main'], false],
])("GitHub's branch policies: %s", async (_name, words, branches, admitted) => {
  const bench = peopleBench('{ checks: none }', (known) => {
    known.rules['production'] = { ...noRules, refs: { branches, tags: [] } };
  });
  const answer = await bench.type(words, mona);
  expect(bench.ledgers.jobs).toHaveLength(admitted ? 1 : 0);
  if (!admitted) expect(answer).toContain("GitHub's environment production does not take");
});

test('an approval counts where the policy and GitHub both take the person', async () => {
  const bench = peopleBench('{ approvals: 1, approvers: [eve, ada] }', (known) => {
    known.rules['production'] = adaReviews;
  });
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  expect(await bench.type('/approve production', eve)).toContain('eve is no required reviewer');
  expect(await bench.type('/approve production', ada)).toContain('is approved');
});

test('who asked may not approve where GitHub prevents self-review, whatever the policy says', async () => {
  const bench = peopleBench('{ approvals: 1, author_may_approve: true }', (known) => {
    known.rules['production'] = { ...adaReviews, preventSelfReview: true };
  });
  await bench.type('/deploy production', ada);
  await bench.planned(1);
  expect(await bench.type('/approve production', ada)).toContain('prevents self-review');
});

test('reviewers that GitHub no longer tells of are not forgotten', async () => {
  const bench = peopleBench(
    '{ checks: none }',
    (known) => (known.rules['production'] = adaReviews),
  );
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  bench.known.rules['production'] = 'unread';
  expect(await bench.type('/approve production', ada)).toContain('does not tell who');
});

test.each([
  ['admitted', { branches: ['main'], tags: [] }, { approvals: '1', auto: true }],
  ['not admitted', { branches: ['release/*'], tags: ['main'] }, null],
])("a push to a branch that is %s by GitHub's environment", async (_name, refs, flags) => {
  const bench = appBench((known) => {
    known.rules['staging'] = { ...adaReviews, refs };
  });
  const push = { ref: 'refs/heads/main', sha: base, sender: mona };
  await handlePush(push, bench.open);
  const job = (await bench.environment('staging'))?.running?.job;
  if (flags) expect(job?.flags).toEqual(flags);
  else expect(job).toBeUndefined();
});
