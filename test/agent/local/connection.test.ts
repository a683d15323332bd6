import { expect, test } from 'vitest';
import { aboutAgent } from '../../../src/agent/local/about.ts';
import { Connection } from '../../../src/agent/local/connection.ts';
import { isKnownRef } from '../../../src/agent/local/ref-text.ts';
import { JumpingClock } from '../jumping-clock.ts';

test('it is known since when the other side answers, and since when it does not', async () => {
  const clock = new JumpingClock(1_000);
  const connection = new Connection(clock);
  expect(connection.view()).toMatchObject({ connected: false, since: null, lastAnswer: null });
  expect(await connection.note(Promise.resolve('refs'))).toBe('refs');
  await clock.sleep(500);
  await connection.note(Promise.resolve('refs'));
  expect(connection.view()).toMatchObject({ connected: true, since: 1_000, lastAnswer: 1_500 });
  for (const pause of [500, 500]) {
    await clock.sleep(pause);
    await expect(connection.note(Promise.reject(new Error('away\nfatal: …')))).rejects.toThrow();
  }
  expect(connection.view()).toMatchObject({ connected: false, since: 2_000, lastAnswer: 1_500 });
  const known = { host: 'web-1', version: '1', since: 0, source: 'acme/shop', pollMs: 10_000 };
  expect(aboutAgent({ ...known, connection: connection.view(), watch: null })).toMatchObject({
    connected: false,
    connected_since: '1970-01-01T00:00:02.000Z',
    problem: 'away',
    last_sync: '1970-01-01T00:00:01.500Z',
    next_poll: '1970-01-01T00:00:11.500Z',
    watching: null,
  });
});

test('a question that was given up says nothing of the other side', async () => {
  const connection = new Connection(new JumpingClock(0));
  await connection.note(Promise.resolve(1));
  const left = connection.note(Promise.reject(new Error('left')), AbortSignal.abort());
  await expect(left).rejects.toThrow('left');
  expect(connection.view().connected).toBe(true);
});

test.each(['main', 'v1.2.0', 'feature/maps-2', '@4f9c2ab', 'a'.repeat(40), 'release_1'])(
  '%s may name a commit',
  (text) => expect(isKnownRef(text)).toBe(true),
);

test.each([
  '--all',
  '-x',
  'a..b',
  'a b',
  'a\n',
  '../x',
  'x/',
  'HEAD@{1}',
  'x.lock',
  '@',
  '',
  'a:b',
])('%j names none', (text) => expect(isKnownRef(text)).toBe(false));
