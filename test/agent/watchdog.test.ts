import { describe, expect, test } from 'vitest';
import { judgeBeat, Watchdog, type Beat, type Pulse } from '../../src/agent/watchdog.ts';

const minute = 60_000;

describe('whether a loop is stuck', () => {
  test.each<[string, Beat | null, Pulse, boolean]>([
    ['nothing is known of it yet', null, { turn: 1, atMostMs: 0 }, false],
    [
      'it is at another thing',
      { turn: 1, sinceMs: 9 * minute, isStuck: true },
      { turn: 2, atMostMs: 0 },
      false,
    ],
    [
      'it waits as long as it said',
      { turn: 1, sinceMs: 4 * minute, isStuck: false },
      { turn: 1, atMostMs: 5 * minute },
      false,
    ],
    [
      'it is a little late: the machine has much to do',
      { turn: 1, sinceMs: 5 * minute, isStuck: false },
      { turn: 1, atMostMs: 5 * minute },
      false,
    ],
    [
      'it waits longer than it said, by more than a minute',
      { turn: 1, sinceMs: 6 * minute, isStuck: false },
      { turn: 1, atMostMs: 5 * minute },
      true,
    ],
    [
      'it works for hours: steps have limits of their own',
      { turn: 1, sinceMs: 300 * minute, isStuck: false },
      { turn: 1, atMostMs: Infinity },
      false,
    ],
  ])('%s', (_case, before, pulse, isStuck) => {
    expect(judgeBeat(before, pulse, 20_000).isStuck).toBe(isStuck);
  });
});

test('all is well while every loop goes on, and no more from when one is stuck, which is said once', () => {
  const turns = [0, 0];
  const errors: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (text: string) => void errors.push(text) };
  const watchdog = new Watchdog(() => turns.map((turn) => ({ turn, atMostMs: minute })), log);
  const well = Array.from({ length: 20 }, (_, look) => {
    turns[0]! += 1;
    if (look < 3) turns[1]! += 1;
    return watchdog.isWell(20_000);
  });
  // After the third look one is at the same thing; one minute and one of slack are six more looks.
  expect(well.lastIndexOf(true)).toBe(8);
  expect(well.indexOf(false)).toBe(9);
  expect(errors).toEqual(['a loop of the agent is stuck']);
});
