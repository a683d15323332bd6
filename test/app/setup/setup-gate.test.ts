import { expect, test } from 'vitest';
import { SetupGate } from '../../../src/app/setup/setup-gate.ts';

function open() {
  const time = { now: 0 };
  return { time, gate: new SetupGate(() => time.now) };
}

test('the token lets one browser in, and nobody after it', () => {
  const { gate } = open();
  expect(gate.knows('')).toBe(false);
  const cookie = gate.enter(gate.token)!;
  expect(gate.knows(cookie)).toBe(true);
  expect(gate.knows(gate.token)).toBe(false);
  expect(gate.enter(gate.token)).toBeNull();
  expect(gate.isOver).toBe(false);
});

test('five guesses end it, for whoever was let in too', () => {
  const { gate } = open();
  const cookie = gate.enter(gate.token)!;
  for (let guess = 1; guess <= 5; guess += 1) {
    expect([guess, gate.isOver]).toEqual([guess, false]);
    expect(gate.enter('x'.repeat(43))).toBeNull();
  }
  expect([gate.isOver, gate.knows(cookie), gate.enter(gate.token)]).toEqual([true, false, null]);
});

test('it ends after fifteen minutes', () => {
  const { gate, time } = open();
  const cookie = gate.enter(gate.token)!;
  time.now = 15 * 60_000 - 1;
  expect(gate.knows(cookie)).toBe(true);
  time.now += 1;
  expect([gate.isOver, gate.knows(cookie), gate.enter(gate.token)]).toEqual([true, false, null]);
});

test('the state comes back from GitHub once', () => {
  const { gate } = open();
  expect([gate.takeState(''), gate.takeState(gate.token)]).toEqual([false, false]);
  expect([gate.takeState(gate.state), gate.takeState(gate.state)]).toEqual([true, false]);
});
