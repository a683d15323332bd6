import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JournalBody } from '../../src/deploy/journal-entries.ts';
import { advance, startingAt } from '../../src/deploy/resume.ts';
import { mayPass, pauseAfterTry } from '../../src/deploy/retry.ts';
import { runSteps, type StepEvent, type StepWorld } from '../../src/deploy/run-steps.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { Reason } from '../../src/model/reason.ts';
import { StepFailure } from '../../src/targets/target.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { forwardNames, unitOf } from './unit-of.ts';

const retry = { attempts: 3, initial: 60_000, factor: 2, max: 90_000 };
const rules = { onFailure: 'rollback', retry } as const;

/** A unit whose step `name` fails the first `times` times, and what its life left behind. */
async function live(name: string, times: number, reason: Reason, given: Partial<StepWorld> = {}) {
  const entries: JournalBody[] = [];
  const events: StepEvent[] = [];
  const clock = new VirtualClock(1);
  const began = clock.now();
  let left = times;
  const unit = unitOf((step) => {
    if (step !== name || left === 0) return;
    left -= 1;
    throw new StepFailure(reason, `${step} broke`);
  }, []);
  const go = (position = startingAt('forward'), more: Partial<StepWorld> = {}) =>
    runSteps(position, unit, rules, {
      note: async (entry) => entries.push(entry),
      clock,
      on: (event) => void events.push(event),
      isLeaving: () => false,
      cancelledBy: () => null,
      signal: new AbortController().signal,
      ...given,
      ...more,
    });
  return { entries, events, clock, began, go };
}

function triesOf(entries: readonly JournalBody[], step: string): number {
  return entries.filter((entry) => entry.kind === 'step-began' && entry.step === step).length;
}

test('what may pass is tried again, after a pause that grows', async () => {
  const { go, entries, clock, began } = await live('start', 2, 'unhealthy');
  expect(await go()).toEqual({ state: 'done' });
  expect(triesOf(entries, 'start')).toBe(3);
  expect(clock.now() - began).toBeGreaterThanOrEqual(30_000 + 45_000);
  expect(clock.now() - began).toBeLessThanOrEqual(60_000 + 90_000);
});

test('after the last try it has failed', async () => {
  const { go, entries, events } = await live('start', 9, 'unhealthy');
  expect(await go()).toMatchObject({ state: 'rolled-back', failure: { reason: 'unhealthy' } });
  expect(triesOf(entries, 'start')).toBe(3);
  expect(events.filter(({ kind }) => kind === 'step-retried')).toHaveLength(2);
});

test('what does not pass by itself is not tried again', async () => {
  const { go, entries } = await live('build', 1, 'build_failed');
  expect(await go()).toMatchObject({ state: 'rolled-back' });
  expect(triesOf(entries, 'build')).toBe(1);
});

test('each step has all its tries', () => {
  const failed = (step: string, attempt: number): JournalBody => {
    const failure = { reason: 'unhealthy', step, message: '', details: [] } as const;
    return { kind: 'step-retried', step, phase: 'applying', failure, attempt };
  };
  const ended = { kind: 'step-ended', step: 'start', phase: 'applying', failure: null } as const;
  const after = [failed('start', 1), failed('start', 2)].reduce(advance, startingAt('forward'));
  expect(after.tries).toBe(2);
  expect(advance(after, ended).tries).toBe(0);
});

test('whoever goes on after a kill knows how many tries are left', async () => {
  const whole = await live('start', 9, 'unhealthy');
  await whole.go();
  for (let cut = 0; cut <= whole.entries.length; cut += 1) {
    const before = whole.entries.slice(0, cut);
    const next = await live('start', 9, 'unhealthy');
    const outcome = await next.go(before.reduce(advance, startingAt('forward')));
    expect(outcome).toMatchObject({ state: 'rolled-back' });
    const retried = [...before, ...next.entries].filter(({ kind }) => kind === 'step-retried');
    expect(retried).toHaveLength(2);
  }
});

test('a pause ends at once when it is aborted, and when the agent is to leave', async () => {
  const kill = new AbortController();
  const end = (event: StepEvent) => {
    if (event.kind === 'step-retried') kill.abort(new Error('killed'));
  };
  const killed = await live('start', 1, 'unhealthy', { on: end, signal: kill.signal });
  await expect(killed.go()).rejects.toThrow('killed');
  expect(killed.clock.now()).toBe(killed.began);

  const leaving = await live('start', 1, 'unhealthy');
  const isLeaving = () => leaving.clock.now() - leaving.began >= 5_000;
  expect(await leaving.go(undefined, { isLeaving })).toEqual({ state: 'left' });
  expect(leaving.clock.now() - leaving.began).toBeLessThan(6_001);
});

test('no pause is longer than the longest, and none is nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (try_, by) => {
        const pause = pauseAfterTry(try_, retry, by);
        expect(pause).toBeLessThanOrEqual(retry.max);
        expect(pause).toBeGreaterThanOrEqual(retry.initial / 2);
      },
    ),
  );
});

test.each([
  [new StepFailure('unhealthy', ''), true],
  [new StepFailure('build_failed', ''), false],
  [new StepFailure('build_failed', '', [], undefined, true), true],
  [new SallyportError({ code: 'git_unreachable', message: '', next: 'retry' }), true],
  [new Error('oh'), false],
])('%o may pass: %j', (thrown, expected) => {
  expect(mayPass(thrown)).toBe(expected);
});

test('a step that is tried again is the only one that runs twice', async () => {
  const { go, entries } = await live('switch', 1, 'reload_failed');
  await go();
  const twice = forwardNames.filter((name) => triesOf(entries, name) > 1);
  expect(twice).toEqual(['switch']);
});

test('going back waits for room on the disk for as long as it takes, also where nothing else is tried again', async () => {
  const { go, entries, events, clock, began } = await live('switch-back', 20, 'disk_full');
  const back = { ...startingAt('back') };
  expect(await go(back, { cancelledBy: () => 'by octocat' })).toMatchObject({
    state: 'rolled-back',
  });
  expect(triesOf(entries, 'switch-back')).toBe(21);
  expect(events.some(({ kind }) => kind === 'step-ended')).toBe(true);
  // Soon at first, and never a busy loop.
  expect(clock.now() - began).toBeGreaterThan(15 * 15_000);
  expect(clock.now() - began).toBeLessThan(20 * 30_000);
});

test('on the way forward a full disk is the last word', async () => {
  const { go, entries } = await live('start', 1, 'disk_full');
  expect(await go()).toMatchObject({ state: 'rolled-back', failure: { reason: 'disk_full' } });
  expect(triesOf(entries, 'start')).toBe(1);
});

test('asked to leave while it waits for room, it leaves; whoever comes next goes on', async () => {
  const full = await live('switch-back', 1, 'disk_full');
  expect(await full.go(startingAt('back'), { isLeaving: () => full.entries.length >= 2 })).toEqual({
    state: 'left',
  });
  const position = full.entries.reduce(advance, startingAt('back'));
  expect(await full.go(position)).toMatchObject({ state: 'rolled-back' });
});
