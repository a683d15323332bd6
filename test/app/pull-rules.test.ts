import { expect, test } from 'vitest';
import { mona, peopleBench } from './people-bench.ts';
import { base, foreign, head, type Facts } from './memory-github.ts';

/** A bench with these lines of `pull_requests` in the policy of production. */
function bench(lines: string, change: (known: Facts) => void = () => {}) {
  return peopleBench(`{ checks: none }, pull_requests: { ${lines} }`, change);
}

const isDraft = (known: Facts) => Object.assign(known.pull, { isDraft: true });
const isOld = (known: Facts) => {
  known.relations[`${base}...${head}`] = 'diverged';
};
const yes = { person: { id: 6, login: 'ada' }, state: 'APPROVED' };
const no = { person: { id: 7, login: 'eve' }, state: 'CHANGES_REQUESTED' };
const own = { person: { id: 5, login: 'mona' }, state: 'APPROVED' };

test.each<[string, string, (known: Facts) => void, string | null]>([
  ['a draft', '', isDraft, 'is a draft'],
  ['a draft where drafts are taken', 'drafts: true', isDraft, null],
  ['another base', '', ({ pull }) => Object.assign(pull.base, { branch: 'next' }), 'into next'],
  [
    'an admitted base',
    'bases: [next]',
    ({ pull }) => Object.assign(pull.base, { branch: 'next' }),
    null,
  ],
  ['an outdated one, by default', '', isOld, null],
  ['an outdated one, refused', 'outdated: refuse', isOld, 'main has commits'],
  ['an outdated one, ignored', 'outdated: ignore', isOld, null],
  ['no review', 'review: true', () => {}, '0 of 1 reviews'],
  ['a review', 'review: true', (known) => known.reviews.push(yes), null],
  ['a review by its author', 'review: true', (known) => known.reviews.push(own), '0 of 1 reviews'],
  ['changes requested', 'review: true', (known) => known.reviews.push(yes, no), 'requested by eve'],
  [
    'fewer reviews than a ruleset asks for',
    'review: true',
    (known) => known.reviews.push(yes) + (known.reviewsWanted = 2),
    '1 of 2 reviews',
  ],
])('%s', async (_name, lines, change, refusal) => {
  const { type, ledgers } = bench(lines, change);
  const answer = await type('/deploy production', mona);
  expect(ledgers.jobs).toHaveLength(refusal === null ? 1 : 0);
  if (refusal !== null) expect(answer).toContain(refusal);
});

test('what is refused by its name is refused by its SHA, too', async () => {
  const { type, ledgers } = bench('', isDraft);
  expect(await type(`/deploy production @${head}`, mona)).toContain('is a draft');
  expect(ledgers.jobs).toEqual([]);
  // Another branch is no part of the pull request.
  await type('/deploy production main', mona);
  expect(ledgers.jobs).toHaveLength(1);
});

test('a draft may be looked at, and is not asked about its age', async () => {
  const { type, ledgers, calls } = bench('', isDraft);
  await type('/plan production', mona);
  expect(ledgers.jobs).toHaveLength(1);
  expect(calls).not.toContain('relation');
});

test('an outdated one goes out with a warning in its job', async () => {
  const { type, view } = bench('', isOld);
  const answer = await type('/deploy production', mona);
  expect(answer).toContain('⚠️ The base branch has commits that this pull request lacks.');
  const { gates } = (await view(1)).job;
  expect(gates).toContainEqual({ name: 'outdated', open: true, reason: 'outdated' });
});

test('`update` merges the base into it and asks for the command again', async () => {
  const { type, ledgers, calls } = bench('outdated: update', isOld);
  expect(await type('/deploy production', mona)).toContain('main is being merged into it');
  expect(calls).toContain('update 3');
  expect(ledgers.jobs).toEqual([]);
});

test('`update` touches nothing where something else keeps the command out', async () => {
  const { type, calls } = bench('outdated: update', (known) => isOld(isDraft(known) && known));
  expect(await type('/deploy production', mona)).toContain('is a draft');
  expect(calls).not.toContain('update 3');
});

test('`update` says what is missing where GitHub does not let the App', async () => {
  const { type } = bench('outdated: update', (known) => {
    isOld(known);
    known.updates = false;
  });
  expect(await type('/deploy production', mona)).toContain('contents: write');
});

const isFork = ({ pull, files }: Facts) => {
  Object.assign(pull.head, { repository: 8, sha: foreign, branch: 'main' });
  const path = '.github/sallyport.yml@';
  files[path + foreign] = files[path + head]!;
};

test.each<[string, string, (known: Facts) => void, string | null]>([
  ['by default', '', () => {}, 'commits of forks are never deployed'],
  [
    'where forks are taken',
    'forks: true',
    () => {},
    `git push origin ${foreign}:refs/heads/review/3`,
  ],
  [
    'where forks are taken and a branch has its head',
    'forks: true',
    (known) => {
      known.branchesAt[foreign] = ['review/3'];
      known.pushes['review/3'] = [{ after: foreign, at: 0, login: 'ada' }];
    },
    null,
  ],
  [
    'where it was brought in after the comment',
    'forks: true',
    (known) => {
      known.branchesAt[foreign] = ['review/3'];
      known.pushes['review/3'] = [{ after: foreign, at: Date.now() * 2, login: 'ada' }];
    },
    'pushed to after the command was written',
  ],
])('a fork %s', async (_name, lines, change, refusal) => {
  const { type, ledgers, view } = bench(lines, (known) => {
    isFork(known);
    known.relations[`${base}...${foreign}`] = 'ahead';
    change(known);
  });
  const answer = await type('/deploy production', mona);
  expect(ledgers.jobs).toHaveLength(refusal === null ? 1 : 0);
  if (refusal === null) {
    expect((await view(1)).job).toMatchObject({ sha: foreign, authors: ['mona', 'ada'] });
  } else {
    expect(answer).toContain(refusal);
  }
});
