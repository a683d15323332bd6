import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logOf, unitOf, worldOf } from '../../../src/targets/service/world.ts';
import { contextOf } from '../../support/service-bench.ts';

const name = fc.stringMatching(/^[a-z][a-z.]{0,6}$/);
const named = (environment: string, target: string) =>
  worldOf(contextOf('/nowhere', { environment, target }).context);

test('a service is called after its environment and its target', () => {
  const world = named('production', 'web');
  expect([world.route, unitOf(world, 'blue')]).toEqual(['production.web', 'production.web.blue']);
  expect(logOf(world, 'blue')).toMatch(/\/logs\/production\.web\.blue\.log$/);
});

test('two services share neither a route, nor a slot, nor a file', () => {
  fc.assert(
    fc.property(name, name, name, name, (a, b, c, d) => {
      fc.pre(a !== c || b !== d);
      const [one, other] = [named(a, b), named(c, d)];
      const namesOf = (world: typeof one) => [
        world.route,
        unitOf(world, 'blue'),
        unitOf(world, 'green'),
      ];
      expect(namesOf(other).some((each) => namesOf(one).includes(each))).toBe(false);
    }),
  );
});

test('a target with the name of a slot is not that slot', () => {
  expect(named('production', 'web.blue').route).not.toBe(
    unitOf(named('production', 'web'), 'blue'),
  );
});
