import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSwitch, type SwitchGoal } from '../../src/deploy/find-switch.ts';
import type { DeploymentView } from '../../src/deploy/fold-deployment.ts';
import type { EnvironmentView } from '../../src/deploy/fold-environment.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { Operation } from '../../src/model/job.ts';
import { after, type End, type Past } from './staged-log.ts';

const letter = (sha: string | undefined) => sha?.[0];

/** What each target has in force and waiting: a host's own word, kept without the fold. */
function played(pasts: readonly Past[]) {
  const inForce = new Map<string, string>();
  const slots = new Map<string, string>();
  for (const { operation, sha, ends } of pasts) {
    const isCompleted = Object.values(ends).every((end) =>
      ['done', 'staged', 'same'].includes(end),
    );
    for (const [target, end] of Object.entries(ends)) {
      const hasMoved = end === 'done' || (end === 'same' && isCompleted && operation === 'switch');
      if (isCompleted && (end === 'done' || end === 'same')) inForce.set(target, sha);
      const keeps = operation === 'switch' && slots.get(target) === sha && !isCompleted;
      if (!keeps && (hasMoved || !['open', 'refused', 'same'].includes(end))) slots.delete(target);
      if (isCompleted && end === 'staged') slots.set(target, sha);
    }
  }
  return { inForce, slots };
}

const anyEnd = fc.constantFrom<End>('done', 'done', 'staged', 'same', 'rolled-back', 'refused');
const anyPast: fc.Arbitrary<Past> = fc
  .record({
    operation: fc.constantFrom<Operation>('deploy', 'deploy', 'rollback', 'switch'),
    sha: fc.constantFrom('a', 'b', 'c'),
    web: anyEnd,
    api: fc.option(anyEnd, { nil: undefined }),
  })
  .map(({ operation, sha, web, api }): Past => {
    const isTrouble = (end: End | undefined) => end === 'rolled-back' || end === 'refused';
    // Nothing begins after a failure, and what was done before it goes back.
    const first: End = isTrouble(api) && !isTrouble(web) ? 'same' : web;
    const second: End | undefined = isTrouble(web) && api !== undefined ? 'open' : api;
    const mayStage = (end: End): End => (operation !== 'deploy' && end === 'staged' ? 'done' : end);
    const ends = { web: mayStage(first), ...(second && { api: mayStage(second) }) };
    const flags = api === undefined ? { only: 'web' } : {};
    return { operation, sha, ends, flags };
  });

test('over any log, what waits is what the idle slots hold, and a switch goes there and nowhere else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyPast, { minLength: 1, maxLength: 12 }), async (pasts) => {
      const view = await after(pasts);
      const { slots, inForce } = played(pasts);
      const found = view.staged.flatMap(({ view: of, targets }) =>
        targets.map((target) => [target, letter(of.job.sha)] as const),
      );
      expect(new Map(found)).toEqual(slots);
      for (const target of ['web', 'api']) {
        const goal = goalOf(view, target);
        if (slots.has(target)) expect(letter(goal?.view.job.sha)).toBe(slots.get(target));
        else if (goal) expect(letter(goal.view.job.sha)).not.toBe(inForce.get(target));
        // What was only ever staged is never taken for what completed.
        if (goal && !goal.isStaged) expect(stagedIn(goal.view)).not.toContain(target);
      }
      const { lastGood } = view;
      if (lastGood) expect(stagedIn(lastGood)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

/** `null` where there is nothing to switch to. */
function goalOf(view: EnvironmentView, target: string): SwitchGoal | null {
  try {
    return findSwitch('production', view, { target, to: null }, { nothing: '', other: '' });
  } catch (error) {
    expect(error).toBeInstanceOf(SallyportError);
    return null;
  }
}

function stagedIn({ units }: DeploymentView): readonly string[] {
  return units.filter(({ reason }) => reason === 'staged').map(({ target }) => target);
}
