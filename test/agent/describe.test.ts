import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeEnd, describeRecord, describeStart } from '../../src/agent/describe.ts';
import { jobOf } from '../support/jobs.ts';

const unit = { job: jobOf('a comment', null), target: 'web' };

test('people read who, what and how it stands', () => {
  const failure = {
    reason: 'build_failed',
    step: 'build',
    message: 'npm: 1',
    details: ['npm error', 'no such package'],
  } as const;
  expect([
    describeRecord('web-1', 'applying', describeStart(unit)),
    describeRecord('web-1', 'done', describeEnd(unit, { state: 'done' })),
    describeRecord('web-1', 'rolled-back', describeEnd(unit, { state: 'rolled-back', failure })),
  ]).toEqual([
    'web-1 applying: web aaaaaaa, deploy by ada',
    'web-1 done: web is at aaaaaaa',
    'web-1 rolled-back: web: build: npm: 1: no such package',
  ]);
});

test('a description is one line of at most 140 whole characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (said) => {
      const text = describeRecord('web-1', 'failed', said);
      expect(text.length).toBeLessThanOrEqual(140);
      expect(text).not.toContain('\n');
      expect(text.isWellFormed()).toBe(true);
    }),
  );
});
