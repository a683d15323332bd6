import { expect, test } from 'vitest';
import type { JournalBody } from '../../src/deploy/journal-entries.ts';
import { startingAt } from '../../src/deploy/resume.ts';
import { failureOf, runSettling, runSteps, type StepWorld } from '../../src/deploy/run-steps.ts';
import { SallyportError } from '../../src/model/errors.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { unitOf } from './unit-of.ts';

const rules = { onFailure: 'rollback', retry: null } as const;

test('each step stands in the journal before it runs and after it ended', async () => {
  const seen: string[] = [];
  const unit = unitOf((name) => void seen.push(`run ${name}`), ['build']);
  const world = worldOf((entry) => void seen.push(lineOf(entry)));
  const outcome = await runSteps(startingAt('forward'), unit, rules, world);
  expect(outcome).toMatchObject({ state: 'rolled-back', failure: { step: 'build' } });
  expect(seen).toEqual(
    ['fetch', 'back-up', 'build', 'switch-back', 'stop-new'].flatMap((name) => [
      `step-began ${name}`,
      `run ${name}`,
      `step-ended ${name}${name === 'build' ? ' build_failed' : ''}`,
    ]),
  );
});

test('asked to leave, it finishes the step in hand', async () => {
  const seen: string[] = [];
  let leaving = false;
  const unit = unitOf((name) => {
    seen.push(name);
    leaving = name === 'build';
  }, []);
  const world = { ...worldOf(), isLeaving: () => leaving };
  expect(await runSteps(startingAt('forward'), unit, rules, world)).toEqual({ state: 'left' });
  expect(seen).toEqual(['fetch', 'back-up', 'build']);
});

test('aborted, the step in hand does not count as failed', async () => {
  const entries: JournalBody[] = [];
  const kill = new AbortController();
  const unit = unitOf((name) => {
    if (name !== 'build') return;
    kill.abort(new Error('killed'));
    throw new Error('the program was ended');
  }, []);
  const world = { ...worldOf((entry) => void entries.push(entry)), signal: kill.signal };
  await expect(runSteps(startingAt('forward'), unit, rules, world)).rejects.toThrow('killed');
  expect(entries.at(-1)).toMatchObject({ kind: 'step-began', step: 'build' });
});

test('where the journal cannot be written nothing goes on', async () => {
  const seen: string[] = [];
  const unit = unitOf((name) => void seen.push(name), []);
  const world = worldOf(() => {
    throw new SallyportError({ code: 'disk_full', message: 'no room' });
  });
  await expect(runSteps(startingAt('forward'), unit, rules, world)).rejects.toThrow('no room');
  expect(seen).toEqual([]);
});

test('what follows a unit that is done is passed over where it fails', async () => {
  const entries: JournalBody[] = [];
  const { settle } = unitOf(() => undefined, ['drain']);
  expect(
    await runSettling(
      settle,
      [],
      worldOf((entry) => void entries.push(entry)),
    ),
  ).toBe(true);
  expect(entries.at(-1)).toMatchObject({ step: 'drain', failure: { reason: 'build_failed' } });
});

test('any error is a failure with a reason of the closed list', () => {
  const full = new SallyportError({ code: 'disk_full', message: 'no room', hint: 'df -h' });
  expect(failureOf('fetch', full)).toMatchObject({ reason: 'disk_full', details: ['df -h'] });
  expect(failureOf('fetch', new Error('oh'))).toMatchObject({ reason: 'internal', message: 'oh' });
});

function worldOf(note: (entry: JournalBody) => void = () => undefined): StepWorld {
  return {
    note: async (entry) => note(entry),
    clock: new VirtualClock(),
    on: () => undefined,
    isLeaving: () => false,
    cancelledBy: () => null,
    signal: new AbortController().signal,
  };
}

function lineOf(entry: JournalBody): string {
  if (entry.kind !== 'step-began' && entry.kind !== 'step-ended') return entry.kind;
  const failure = entry.kind === 'step-ended' && entry.failure ? ` ${entry.failure.reason}` : '';
  return `${entry.kind} ${entry.step}${failure}`;
}
