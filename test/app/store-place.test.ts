import { expect, test } from 'vitest';
import { storePlaceOf } from '../../src/app/store-place.ts';

test.each([
  [{ HOME: '/home/ada' }, '/home/ada/.local/state/sallyport/app.sqlite'],
  [{ HOME: '/home/ada', XDG_STATE_HOME: '/xdg' }, '/xdg/sallyport/app.sqlite'],
  [{ STATE_DIRECTORY: '/var/lib/one:/var/lib/two' }, '/var/lib/one/app.sqlite'],
  [{ SALLYPORT_STATE: 'here', STATE_DIRECTORY: '/var/lib/one' }, '/work/here/app.sqlite'],
])('%j', (env, path) => {
  expect(storePlaceOf(env, '/work')).toEqual({ kind: 'file', path });
});

test('a PostgreSQL goes before files; another database is refused', () => {
  const url = 'postgres://db/sallyport';
  expect(storePlaceOf({ DATABASE_URL: url, SALLYPORT_STATE: '/x' }, '/')).toEqual({
    kind: 'postgres',
    url,
  });
  expect(() => storePlaceOf({ DATABASE_URL: 'mysql://db' }, '/')).toThrow(/no address/);
  const spelt = 'postgres://ada:100%sure@db/sallyport';
  expect(() => storePlaceOf({ DATABASE_URL: spelt }, '/')).toThrow(/no address/);
  expect(() => storePlaceOf({ DATABASE_URL: spelt }, '/')).not.toThrow(/sure/);
});
