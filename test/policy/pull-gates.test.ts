import { expect, test } from 'vitest';
import { judgeBase } from '../../src/policy/base.ts';
import { judgeDraft } from '../../src/policy/draft.ts';
import { judgeOutdated } from '../../src/policy/outdated.ts';
import { decidedReviews, judgeReview, type Review } from '../../src/policy/review.ts';

const environment = 'production';

test.each([
  [false, false, 'ready', true],
  [true, false, 'is_draft', false],
  [true, true, 'admitted', true],
])('draft %s, admitted %s: %s', (isDraft, admitted, reason, open) => {
  expect(judgeDraft({ isDraft, admitted, environment })).toMatchObject({ reason, open });
});

test.each([
  ['main', undefined, true],
  ['release/1', undefined, false],
  ['release/1', ['release/*'], true],
  ['main', ['release/*'], false],
])('into %s where bases are %s: open %s', (branch, bases, open) => {
  expect(judgeBase({ branch, bases, defaultBranch: 'main' }).open).toBe(open);
});

test.each([
  ['refuse', 'ahead', 'up_to_date', true],
  ['refuse', 'identical', 'up_to_date', true],
  ['warn', 'diverged', 'outdated', true],
  ['warn', null, 'outdated', true],
  ['refuse', 'diverged', 'outdated', false],
  ['refuse', 'behind', 'outdated', false],
  ['refuse', null, 'outdated', false],
  ['update', 'behind', 'outdated_update', false],
  ['update', null, 'outdated', false],
] as const)('outdated: %s, the head is %s: %s', (wanted, relation, reason, open) => {
  const decision = judgeOutdated({ environment, wanted, base: 'main', relation });
  expect(decision).toMatchObject({ reason, open });
  if (!open) expect(decision.hint).toContain('/deploy production');
});

const people = { mona: 1, ada: 2, eve: 3 } as const;
const by = (login: keyof typeof people, state: string): Review => ({
  person: { id: people[login], login },
  state,
});

test.each([
  ['nobody', [], 1, 'review_required'],
  ['one says yes', [by('ada', 'APPROVED')], 0, 'reviewed'],
  ['a comment takes nothing back', [by('ada', 'APPROVED'), by('ada', 'COMMENTED')], 1, 'reviewed'],
  ['yes, dismissed', [by('ada', 'APPROVED'), by('ada', 'DISMISSED')], 1, 'review_required'],
  ['yes, then no', [by('ada', 'APPROVED'), by('ada', 'CHANGES_REQUESTED')], 1, 'changes_requested'],
  ['no, then yes', [by('ada', 'CHANGES_REQUESTED'), by('ada', 'APPROVED')], 1, 'reviewed'],
  [
    'one yes, one no',
    [by('ada', 'APPROVED'), by('eve', 'CHANGES_REQUESTED')],
    1,
    'changes_requested',
  ],
  ['one of two', [by('ada', 'APPROVED')], 2, 'review_required'],
  ['two of two', [by('ada', 'APPROVED'), by('eve', 'APPROVED')], 2, 'reviewed'],
  ['the same one twice', [by('ada', 'APPROVED'), by('ada', 'APPROVED')], 2, 'review_required'],
])('reviews: %s', (_name, reviews, wanted, reason) => {
  const decision = judgeReview({ environment, reviews: decidedReviews(reviews), wanted });
  expect(decision).toMatchObject({ reason, open: reason === 'reviewed' });
});
