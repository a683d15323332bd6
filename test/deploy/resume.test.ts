import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Direction, JournalBody } from '../../src/deploy/journal-entries.ts';
import {
  advance,
  nextMove,
  startingAt,
  type Move,
  type Position,
} from '../../src/deploy/resume.ts';
import { runSteps } from '../../src/deploy/run-steps.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { backNames, forwardNames, unitOf } from './unit-of.ts';

const quiet = unitOf(() => undefined, []);

function ended(step: string, phase: 'applying' | 'rolling-back' | 'backing-up', isFine = true) {
  const failure = { reason: 'build_failed', step, message: 'broke', details: [] } as const;
  return { kind: 'step-ended', step, phase, failure: isFine ? null : failure } as const;
}

const cases: readonly [string, Direction, readonly JournalBody[], string][] = [
  ['nothing has run', 'forward', [], 'step fetch'],
  [
    'a step began',
    'forward',
    [{ kind: 'step-began', step: 'fetch', phase: 'planning' }],
    'step fetch',
  ],
  ['a step ended', 'forward', [ended('fetch', 'applying')], 'step back-up'],
  ['the agent left', 'forward', [ended('fetch', 'applying'), { kind: 'left' }], 'step back-up'],
  ['all have ended', 'forward', forwardNames.map((name) => ended(name, 'applying')), 'end done'],
  ['a step failed', 'forward', [ended('build', 'applying', false)], 'turn'],
  [
    'backing up failed',
    'forward',
    [ended('back-up', 'backing-up', false)],
    'end failed build_failed',
  ],
  [
    'it was on its way back',
    'forward',
    [ended('build', 'applying', false), ended('switch-back', 'rolling-back')],
    'step stop-new',
  ],
  [
    'it came back',
    'forward',
    [ended('build', 'applying', false), ...backNames.map((name) => ended(name, 'rolling-back'))],
    'end rolled-back build_failed',
  ],
  [
    'it broke on its way back',
    'forward',
    [ended('build', 'applying', false), ended('switch-back', 'rolling-back', false)],
    'end failed rollback_failed',
  ],
  ['a later unit failed', 'back', [], 'step switch-back'],
  [
    'it was undone for a later unit',
    'back',
    backNames.map((name) => ended(name, 'rolling-back')),
    'end rolled-back later_unit_failed',
  ],
];

test.each(cases)('when %s', (_when, direction, entries, expected) => {
  const move = nextMove(positionAfter(direction, entries), quiet, { onFailure: 'rollback' });
  expect(words(move)).toBe(expected);
});

test('with `stop`, a failure ends the unit where it is', () => {
  const position = positionAfter('forward', [ended('switch', 'applying', false)]);
  expect(words(nextMove(position, quiet, { onFailure: 'stop' }))).toBe('end failed build_failed');
});

test('a unit killed at any entry ends as one that was not, each step run at most twice', async () => {
  const broken = fc.subarray([...forwardNames, ...backNames]);
  await fc.assert(
    fc.asyncProperty(broken, fc.constantFrom('rollback', 'stop'), async (steps, onFailure) => {
      const whole = await live([], steps, onFailure);
      for (let cut = 0; cut <= whole.entries.length; cut += 1) {
        const rest = await live(whole.entries.slice(0, cut), steps, onFailure);
        expect(rest.outcome).toEqual(whole.outcome);
        const finished = rest.entries.filter(({ kind }) => kind === 'step-ended');
        expect(finished).toEqual(whole.entries.filter(({ kind }) => kind === 'step-ended'));
      }
    }),
    { numRuns: 60 },
  );
});

function positionAfter(direction: Direction, entries: readonly JournalBody[]): Position {
  return entries.reduce(advance, startingAt(direction));
}

/** A life that begins with what an earlier one left in the journal. */
async function live(
  before: readonly JournalBody[],
  broken: readonly string[],
  onFailure: 'rollback' | 'stop',
) {
  const entries = [...before];
  const position = positionAfter('forward', before);
  const outcome = await runSteps(
    position,
    unitOf(() => undefined, broken),
    { onFailure, retry: null },
    {
      note: async (entry) => entries.push(entry),
      clock: new VirtualClock(),
      on: () => undefined,
      isLeaving: () => false,
      cancelledBy: () => null,
      signal: new AbortController().signal,
    },
  );
  return { entries, outcome };
}

function words(move: Move): string {
  if (move.kind === 'step') return `step ${move.step.name}`;
  if (move.kind === 'turn') return 'turn';
  const { outcome } = move;
  return 'failure' in outcome
    ? `end ${outcome.state} ${outcome.failure.reason}`
    : `end ${outcome.state}`;
}
