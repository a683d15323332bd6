import { expect, test } from 'vitest';
import { deploymentStates } from '../../src/model/deployment.ts';
import { unitStates } from '../../src/model/unit.ts';
import {
  deploymentTransitions,
  pathBetween,
  unitTransitions,
} from '../../src/deploy/transitions.ts';

test('every state can be reached from the first one', () => {
  for (const state of unitStates.slice(1)) {
    expect(pathBetween(unitTransitions, 'waiting', state), state).not.toBeNull();
  }
  for (const state of deploymentStates.slice(1)) {
    expect(pathBetween(deploymentTransitions, 'pending', state), state).not.toBeNull();
  }
});

test.each([
  ['waiting', 'applying', ['planning', 'planned', 'backing-up', 'applying']],
  ['applying', 'done', ['verifying', 'done']],
  ['done', 'rolled-back', ['rolling-back', 'rolled-back']],
  ['done', 'applying', null],
  ['rolled-back', 'waiting', null],
  ['failed', 'done', null],
] as const)('from %s to %s the way is %j', (from, to, way) => {
  expect(pathBetween(unitTransitions, from, to)).toEqual(way);
});

test('a backup that fails has changed nothing, so nothing is rolled back', () => {
  expect(unitTransitions['backing-up']).not.toContain('rolling-back');
});
