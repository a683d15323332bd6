import { expect, test } from 'vitest';
import { SallyportError } from '../../src/model/errors.ts';
import { assertSuccess, failingAs } from '../../src/targets/failures.ts';
import { StepFailure } from '../../src/targets/target.ts';

const { signal } = new AbortController();
const refused = (code: string) => new SallyportError({ code, message: 'no', hint: 'do this' });

test.each([
  ['what is refused on the way', refused('git_unreachable'), 'fetch_failed', ['do this']],
  ['an error whose code is a reason', refused('port_taken'), 'port_taken', ['do this']],
  ['a full disk', Object.assign(new Error('no'), { code: 'ENOSPC' }), 'disk_full', []],
  [
    'an error of the system',
    Object.assign(new Error('no'), { code: 'EACCES' }),
    'fetch_failed',
    [],
  ],
  ['a fault of our own', new TypeError('no'), 'internal', []],
  [
    'a failure that knows its reason',
    new StepFailure('unhealthy', 'no', ['x']),
    'unhealthy',
    ['x'],
  ],
])('%s', async (_case, thrown, reason, details) => {
  const failing = failingAs('fetch_failed', signal, () => Promise.reject(thrown));
  await expect(failing).rejects.toBeInstanceOf(StepFailure);
  await expect(failing).rejects.toMatchObject({ reason, details, message: 'no' });
});

test('an abort is no failure of the step', async () => {
  const reason = new Error('leaving');
  const failing = failingAs('build_failed', AbortSignal.abort(reason), () =>
    Promise.reject(new Error('cut off')),
  );
  await expect(failing).rejects.toBe(reason);
});

test.each([
  ['a program without room', ['cp: error writing x: No space left on device'], 'disk_full'],
  [
    'a program of Node without room',
    ['Error: ENOSPC: no space left on device, write'],
    'disk_full',
  ],
  ['a quota', ['Disk quota exceeded'], 'disk_full'],
  ['too many watched files', ['ENOSPC: System limit for number of file watchers'], 'build_failed'],
  ['any other failure', ['no such file'], 'build_failed'],
])('%s', (_case, tail, reason) => {
  const result = { status: 1, tail, durationMs: 1 };
  expect(() => assertSuccess('build', 'build_failed', result)).toThrow(
    expect.objectContaining({ reason, details: tail }),
  );
});
