import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cookieNameOf,
  cookieValue,
  isInShare,
  placeCookie,
  placeFrom,
  placeOf,
} from '../../../../src/adapters/proxy/builtin/share.ts';

const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const place = fc.nat(2 ** 32 - 1);

test('of any visitors in a row, as many are in a share as it says, but for a few', () => {
  const run = fc.record({
    share,
    from: fc.nat(2 ** 33),
    length: fc.integer({ min: 1, max: 3_000 }),
  });
  fc.assert(
    fc.property(run, ({ share, from, length }) => {
      const visitors = Array.from({ length }, (_, at) => placeOf(from + at));
      const inside = visitors.filter((place) => isInShare(place, share)).length;
      expect(Math.abs(inside - share * length)).toBeLessThan(6);
    }),
  );
});

test('every second, third or tenth visitor is as likely in a share as the others', () => {
  for (const every of [2, 3, 4, 5, 7, 10]) {
    const visitors = Array.from({ length: 2_000 }, (_, at) => placeOf(at * every));
    const inside = visitors.filter((place) => isInShare(place, 0.3)).length;
    expect(Math.abs(inside - 600)).toBeLessThan(20);
  }
});

test('whoever is in a share stays in it when it grows', () => {
  fc.assert(
    fc.property(place, share, share, (place, one, other) => {
      const [small, large] = [Math.min(one, other), Math.max(one, other)];
      if (isInShare(place, small)) expect(isInShare(place, large)).toBe(true);
    }),
  );
});

test('a place comes back from its cookie, among any others', () => {
  const name = cookieNameOf('production.web');
  expect(name).toMatch(/^sallyport_[0-9a-f]{8}$/);
  expect(name).not.toBe(cookieNameOf('staging.web'));
  fc.assert(
    fc.property(place, fc.boolean(), fc.array(fc.string()), (place, secure, others) => {
      const said = placeCookie(name, place, secure);
      expect(said.includes('; Secure')).toBe(secure);
      const sent = ['a=1', ...others.map((text) => text.replace(/[;=]/g, '')), said.split(';')[0]];
      expect(placeFrom(sent.join('; '), name)).toBe(place);
    }),
  );
});

test.each(['', 'green', '1', 'fffffffff', '0000000g', '-0000001'])(
  'a cookie that says %j gives nobody a place',
  (value) => {
    expect(placeFrom(`sallyport_x=${value}`, 'sallyport_x')).toBeNull();
  },
);

test('a cookie is found by its whole name', () => {
  expect(cookieValue('xslot=a; slot =b; slotx=c', 'slot')).toBe('b');
  expect(cookieValue('xslot=a; slot', 'slot')).toBeNull();
  expect(cookieValue(undefined, 'slot')).toBeNull();
});
