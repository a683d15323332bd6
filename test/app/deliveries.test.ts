import { expect, test } from 'vitest';
import { Deliveries } from '../../src/app/deliveries.ts';

test('an id is taken once, until it is forgotten', () => {
  const deliveries = new Deliveries();
  expect([deliveries.take('a'), deliveries.take('a')]).toEqual([true, false]);
  deliveries.forget('a');
  expect(deliveries.take('a')).toBe(true);
});

test('the oldest ids make room', () => {
  const deliveries = new Deliveries(2);
  for (const id of ['a', 'b', 'c']) deliveries.take(id);
  expect([deliveries.take('c'), deliveries.take('a')]).toEqual([false, true]);
});
