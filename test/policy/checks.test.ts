import { expect, test } from 'vitest';
import type { CheckFound } from '../../src/policy/check-state.ts';
import { judgeChecks, type ChecksFacts } from '../../src/policy/checks.ts';

let nextId = 1;

function run(name: string, conclusion: string | null, more: Partial<CheckFound> = {}): CheckFound {
  const id = nextId++;
  const status = conclusion === null ? 'in_progress' : 'completed';
  return {
    name,
    app: 5,
    suite: 50,
    kind: 'check-run',
    status,
    conclusion,
    startedAt: id,
    id,
    ...more,
  };
}

function status(name: string, state: string): CheckFound {
  return { ...run(name, null), app: null, suite: null, kind: 'status', status: state };
}

function reasonOf(
  wanted: ChecksFacts['wanted'],
  found: readonly CheckFound[] | null,
  required: ChecksFacts['required'] = [{ name: 'test', app: null }],
  total = found?.length ?? 0,
): string {
  return judgeChecks({ wanted, required, found, total }).reason;
}

test.each([
  ['success', 'checks_succeeded'],
  ['neutral', 'checks_succeeded'],
  ['skipped', 'checks_succeeded'],
  ['failure', 'checks_failed'],
  ['cancelled', 'checks_failed'],
  ['timed_out', 'checks_failed'],
  ['action_required', 'checks_failed'],
  ['stale', 'checks_failed'],
  ['startup_failure', 'checks_failed'],
  ['what comes next year', 'checks_failed'],
  [null, 'checks_pending'],
])('a check run that concluded %s: %s', (conclusion, reason) => {
  expect(reasonOf('required', [run('test', conclusion)])).toBe(reason);
});

test.each([
  ['success', 'checks_succeeded'],
  ['pending', 'checks_pending'],
  ['failure', 'checks_failed'],
  ['error', 'checks_failed'],
])('a commit status %s: %s', (state, reason) => {
  expect(reasonOf('required', [status('test', state)])).toBe(reason);
});

test('a run that is completed without a conclusion has failed', () => {
  expect(reasonOf('all', [run('test', null, { status: 'completed' })])).toBe('checks_failed');
});

test('of re-runs the newest counts, whichever way it went', () => {
  expect(reasonOf('required', [run('test', 'failure'), run('test', 'success')])).toBe(
    'checks_succeeded',
  );
  expect(reasonOf('required', [run('test', 'success'), run('test', 'failure')])).toBe(
    'checks_failed',
  );
  expect(reasonOf('required', [run('test', 'success'), run('test', null)])).toBe('checks_pending');
  const later = run('test', 'success', { startedAt: 1e6 });
  expect(reasonOf('required', [later, run('test', 'failure')])).toBe('checks_succeeded');
});

test('a re-run that has not started yet counts already', () => {
  const waiting = run('test', null, { status: 'queued', startedAt: null });
  expect(reasonOf('required', [waiting, run('test', 'success')])).toBe('checks_pending');
});

test('a name that several share must have succeeded with all of them', () => {
  const ours = run('test', 'success');
  expect(reasonOf('required', [ours, run('test', 'failure', { app: 6 })])).toBe('checks_failed');
  expect(reasonOf('required', [ours, status('test', 'failure')])).toBe('checks_failed');
  expect(reasonOf(['test'], [ours, status('test', 'pending')])).toBe('checks_pending');
});

test('the same job of two workflows is two checks: the later one does not answer for the other', () => {
  const failed = run('test', 'failure', { suite: 51 });
  expect(reasonOf('required', [failed, run('test', 'success', { suite: 52 })])).toBe(
    'checks_failed',
  );
  const again = run('test', 'success', { suite: 51 });
  expect(reasonOf('required', [failed, run('test', 'success'), again])).toBe('checks_succeeded');
});

test('a check that is required of one app is not answered by another', () => {
  const required = [{ name: 'test', app: 5 }];
  const other = run('test', 'success', { app: 6 });
  expect(reasonOf('required', [other], required)).toBe('checks_missing');
  expect(reasonOf('required', [other, run('test', 'success')], required)).toBe('checks_succeeded');
});

test('what is missing or was not read keeps it closed', () => {
  expect(reasonOf('required', [run('lint', 'success')])).toBe('checks_missing');
  expect(reasonOf(['test', 'lint'], [run('lint', 'success')])).toBe('checks_missing');
  expect(reasonOf('all', [])).toBe('checks_missing');
  expect(reasonOf('required', null)).toBe('checks_unknown');
  expect(reasonOf('required', [run('test', 'success')], null)).toBe('checks_unknown');
  expect(reasonOf('all', [run('test', 'success')], [], 101)).toBe('checks_unknown');
});

test('what is not asked for does not matter', () => {
  expect(reasonOf('none', null, null)).toBe('not_required');
  expect(reasonOf('required', [run('lint', 'failure')], [])).toBe('not_required');
  expect(reasonOf(['lint'], [run('lint', 'success'), run('test', 'failure')])).toBe(
    'checks_succeeded',
  );
  expect(reasonOf('all', [run('lint', 'success'), run('test', 'failure')])).toBe('checks_failed');
});

test('names the checks, not all of hundreds', () => {
  const many = Array.from({ length: 150 }, (_, index) => run(`job ${index}`, 'failure'));
  const { message } = judgeChecks({ wanted: 'all', required: null, found: many, total: 150 });
  expect(message).toBe('Failed: job 0, job 1, job 2, job 3, job 4 and 145 more');
});
