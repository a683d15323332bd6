import { expect, test } from 'vitest';
import { lostDeliveries } from '../../src/app/lost-deliveries.ts';
import { redeliverSince, redeliverUntil, type AppRequest } from '../../src/app/redeliver.ts';
import type { Clock } from '../../src/ports/clock.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-21T12:00:00Z');
const line = (id: number, guid: string, status_code: number, at = now) => ({
  id,
  guid,
  status_code,
  delivered_at: new Date(at).toISOString(),
});

test('lost is what nobody took in any try, by its newest try, oldest first', () => {
  const log = [
    line(9, 'again and lost', 502),
    line(8, 'later taken', 202),
    line(7, 'lost', 0),
    line(6, 'taken', 200),
    line(5, 'later taken', 504),
    line(4, 'again and lost', 502),
  ];
  expect(lostDeliveries(log).map(({ id }) => id)).toEqual([9, 7]);
});

test('what was not taken five times is left to people', () => {
  expect(lostDeliveries([1, 2, 3, 4].map((id) => line(id, 'a', 500)))).toHaveLength(1);
  expect(lostDeliveries([1, 2, 3, 4, 5].map((id) => line(id, 'a', 500)))).toEqual([]);
});

/** GitHub's log in pages of two, newest first; tells what it was asked to send again. */
function makeGithub(log: ReturnType<typeof line>[]) {
  const asked: unknown[] = [];
  let pages = 0;
  const request: AppRequest = (route, { cursor, delivery_id }) => {
    if (route.startsWith('POST')) {
      asked.push(delivery_id);
      return Promise.resolve({ data: {}, headers: {} });
    }
    pages += 1;
    const from = Number(cursor ?? 0);
    const link = `<https://api.github.com/app/hook/deliveries?per_page=100&cursor=${from + 2}>; rel="next"`;
    const isLast = from + 2 >= log.length;
    return Promise.resolve({
      data: log.slice(from, from + 2),
      headers: isLast ? {} : { link },
    });
  };
  return { request, asked, pages: () => pages };
}

const clock: Clock = { now: () => now, random: () => 0.5, sleep: () => Promise.resolve() };
const quiet = { info() {}, warn() {}, error() {} };
const inbox = { show: () => Promise.resolve(null) };

test('reads back to the given time, and asks for what is lost', async () => {
  const ages = [0, 1, 2, 3, 4, 5, 6];
  const log = ages.map((age) => line(100 - age, `d${age}`, 502, now - age * hour));
  const { request, asked, pages } = makeGithub(log);
  await redeliverSince(now - 2.5 * hour, { request, inbox, clock, log: quiet });
  expect([asked, pages()]).toEqual([[98, 99, 100], 2]);
});

test('what was written down here is not lost, though GitHub did not hear so', async () => {
  const { request, asked } = makeGithub([line(2, 'here', 504), line(1, 'lost', 504)]);
  const here = { show: (id: string) => Promise.resolve(id === 'here' ? ({} as never) : null) };
  await redeliverSince(now - hour, { request, inbox: here, clock, log: quiet });
  expect(asked).toEqual([1]);
});

test.each([
  ['since the last good one, and a little before', now - 2 * hour, [2.1, 2, 1, 0]],
  ['of an App that is new here only the last hour', null, [1, 0]],
  ['never of more than three days', now - 1_000 * hour, [7, 2.1, 2, 1, 0]],
])('%s', async (_name, lastAt, expected) => {
  const ids = (ages: readonly number[]) => ages.map((age) => 1_000 - 10 * age);
  const ages = [0, 1, 2, 2.1, 7, 82];
  const { request, asked } = makeGithub(
    ages.map((age) => line(ids([age])[0]!, `d${age}`, 502, now - age * hour)),
  );
  const ending = new AbortController();
  const sleep: Clock['sleep'] = (ms) => {
    // The pause between two looks.
    if (ms > 60_000) ending.abort();
    return Promise.resolve();
  };
  const world = { request, inbox, clock: { ...clock, sleep }, log: quiet };
  await redeliverUntil(ending.signal, lastAt, world);
  expect(asked).toEqual(ids(expected));
});
