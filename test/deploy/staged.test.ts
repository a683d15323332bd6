import { expect, test } from 'vitest';
import { findCompleted, hasCompleted, hasProved } from '../../src/deploy/find-completed.ts';
import type { EnvironmentView } from '../../src/deploy/fold-environment.ts';
import { after, type Past } from './staged-log.ts';

const live: Past = { sha: 'a', ends: { web: 'done' } };
const staged: Past = { sha: 'b', ends: { web: 'staged' } };
const switched: Past = {
  operation: 'switch',
  sha: 'b',
  ends: { web: 'done' },
  flags: { from: '2' },
};
const both: Past = { sha: 'a', ends: { web: 'done', map: 'done' } };
const half: Past = { sha: 'b', ends: { web: 'staged', map: 'done' } };

const letter = (sha: string | undefined) => sha?.[0] ?? '-';
/** `web,map@b`, of all that is staged. */
const waiting = ({ staged: all }: EnvironmentView) =>
  all.map(({ view, targets }) => `${targets.join(',')}@${letter(view.job.sha)}`).join(' ');
const good = ({ lastGood }: EnvironmentView) => letter(lastGood?.job.sha);

test('what is staged is completed, and brought nothing', async () => {
  const view = await after([live, staged]);
  expect(view.deployments[1]).toMatchObject({ state: 'completed', reason: 'staged', over: true });
  expect(waiting(view)).toBe('web@b');
  expect(good(view)).toBe('a');
  expect(letter(view.desired?.job.sha)).toBe('a');
  expect(hasCompleted(view, 'b'.repeat(40))).toBe(false);
  expect(hasProved(view, 'b'.repeat(40))).toBe(false);
});

test('a switch brings it, and what was before it is where a rollback goes', async () => {
  const view = await after([live, staged, switched]);
  expect(waiting(view)).toBe('');
  expect(good(view)).toBe('b');
  expect(letter(view.previousGood?.job.sha)).toBe('a');
  expect(hasProved(view, 'b'.repeat(40))).toBe(true);
  expect(findCompleted('production', view, null, { nothing: '', other: '' }).deployment).toBe(1);
});

test.each<readonly [string, readonly Past[], string, string]>([
  ['nothing else came', [live, staged], 'web@b', 'a'],
  ['it is staged once more', [live, staged, { ...staged, sha: 'c' }], 'web@c', 'a'],
  ['another commit was deployed', [live, staged, { sha: 'c', ends: { web: 'done' } }], '', 'c'],
  ['another one failed', [live, staged, { sha: 'c', ends: { web: 'rolled-back' } }], '', 'a'],
  ['another one has begun', [live, staged, { sha: 'c', ends: { web: 'applying' } }], '', 'a'],
  ['another one waits', [live, staged, { sha: 'c', ends: { web: 'open' } }], 'web@b', 'a'],
  ['another one was refused', [live, staged, { sha: 'c', ends: { web: 'refused' } }], 'web@b', 'a'],
  [
    'another one changed nothing',
    [live, staged, { sha: 'a', ends: { web: 'same' } }],
    'web@b',
    'a',
  ],
  [
    'another target was deployed',
    [both, half, { sha: 'c', ends: { map: 'done' }, flags: { only: 'map' } }],
    'web@b',
    'a',
  ],
  [
    'the switch is under way',
    [live, staged, { ...switched, ends: { web: 'applying' } }],
    'web@b',
    'a',
  ],
  [
    'the switch failed',
    [live, staged, { ...switched, ends: { web: 'rolled-back' } }],
    'web@b',
    'a',
  ],
  ['it had the traffic already', [live, staged, { ...switched, ends: { web: 'same' } }], '', 'b'],
  [
    'people went elsewhere',
    [live, staged, { operation: 'rollback', sha: 'a', ends: { web: 'done' } }],
    '',
    'a',
  ],
  [
    'its deployment failed elsewhere',
    [both, { sha: 'b', ends: { web: 'staged', map: 'rolled-back' } }],
    '',
    'a',
  ],
])('a slot holds one release: %s', async (_name, pasts, left, last) => {
  const view = await after(pasts);
  expect([waiting(view), good(view)]).toEqual([left, last]);
});

test('files that were applied beside it are half of its commit', async () => {
  const view = await after([both, half]);
  expect(waiting(view)).toBe('web@b');
  expect(good(view)).toBe('a');
  // Something of it is in force: that is where a rollback goes back from.
  expect(findCompleted('production', view, null, { nothing: '', other: '' }).deployment).toBe(1);
  const switchedHalf = { ...switched, flags: { from: '2' } };
  expect(good(await after([both, half, switchedHalf]))).toBe('b');
});

test('staging leaves a rollback where it was', async () => {
  const older: Past = { sha: 'd', ends: { web: 'done' } };
  const view = await after([older, live, staged]);
  expect(findCompleted('production', view, null, { nothing: '', other: '' }).deployment).toBe(1);
});

test('going back by a switch quarantines what it left, a switch forward what failed', async () => {
  const back: Past = { operation: 'switch', sha: 'a', ends: { web: 'done' } };
  const left = await after([live, staged, switched, back]);
  expect(left.facts.quarantined.map(({ sha }) => letter(sha))).toEqual(['b']);
  expect(good(left)).toBe('a');
  const failed = await after([live, staged, { ...switched, ends: { web: 'rolled-back' } }]);
  expect(failed.facts.quarantined.map(({ sha }) => letter(sha))).toEqual(['b']);
  expect((await after([live, staged])).facts.quarantined).toEqual([]);
});

test('what is staged for a pull request keeps the environment, and ends no other hold', async () => {
  const pull = (past: Past, number: string): Past => ({
    ...past,
    flags: { ...past.flags, pull: number },
  });
  const held = async (...pasts: Past[]) => (await after(pasts)).facts.heldByPull?.pull ?? null;
  expect(await held(live, pull(staged, '12'))).toBe(12);
  expect(await held(pull(live, '11'), staged)).toBe(11);
  expect(await held(pull(live, '11'), pull(staged, '12'), pull(switched, '12'))).toBe(12);
  expect(await held(pull(live, '11'), staged, switched)).toBe(null);
});
