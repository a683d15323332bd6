import { expect, test } from 'vitest';
import { writeOf, type Write } from '../../src/app/octokit/write-of.ts';
import { WriteQueue } from '../../src/app/octokit/write-queue.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** Writes that are done at once, by a clock that moves only while somebody sleeps. */
function makeQueue() {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      await Promise.resolve();
      now += ms;
    },
    random: () => 0,
  };
  const queue = new WriteQueue(clock);
  const sent: [name: string, at: number][] = [];
  const write = (name: string, more: Partial<Write> = {}): Promise<string> =>
    queue.run({ rank: 1, creates: false, key: null, ...more }, () => {
      sent.push([name, now]);
      return Promise.resolve(name);
    });
  return { queue, write, sent, clock };
}

const names = (sent: readonly [string, number][]) => sent.map(([name]) => name);
const times = (count: number) => Array.from({ length: count }, (_, n) => String(n));

test('a handful goes at once, the rest a second apart', async () => {
  const { write, sent } = makeQueue();
  await Promise.all(times(19).map((name) => write(name)));
  expect(sent.map(([, at]) => at)).toEqual([...Array<number>(16).fill(0), 1000, 2000, 3000]);
});

test('of what waits the important goes first', async () => {
  const { write, sent } = makeQueue();
  const burst = times(16).map((name) => write(name));
  const later = [
    write('reaction', { rank: 2 }),
    write('comment'),
    write('deployment', { rank: 0 }),
    write('another comment'),
  ];
  await Promise.all([...burst, ...later]);
  expect(names(sent).slice(16)).toEqual(['deployment', 'comment', 'another comment', 'reaction']);
});

test('of the edits of a comment that wait only the newest is sent; all end as it does', async () => {
  const { write, sent } = makeQueue();
  const burst = times(16).map((name) => write(name));
  const edits = ['a', 'b', 'c'].map((name) => write(name, { key: 'comment 1' }));
  const other = write('other', { key: 'comment 2' });
  await Promise.all([...burst, other]);
  expect(await Promise.all(edits)).toEqual(['c', 'c', 'c']);
  expect(names(sent).slice(16)).toEqual(['c', 'other']);
});

test('an edit does not overtake one that is under way', async () => {
  const { queue } = makeQueue();
  const edit = { rank: 1, creates: false, key: 'comment 1' };
  const events: string[] = [];
  const slow = Promise.withResolvers<void>();
  const first = queue.run(edit, () => slow.promise.then(() => void events.push('first')));
  const second = queue.run(edit, () => Promise.resolve(void events.push('second')));
  slow.resolve();
  await Promise.all([first, second]);
  expect(events).toEqual(['first', 'second']);
});

test('at most 80 creations a minute and 500 an hour; an edit need not wait for that', async () => {
  const { write, sent } = makeQueue();
  const created = times(502).map((name) => write(name, { creates: true, rank: 0 }));
  const edit = write('edit');
  await Promise.all([...created, edit]);
  const at = sent.filter(([name]) => name !== 'edit').map(([, time]) => time);
  for (const [n, time] of at.entries()) {
    if (n >= 80) expect(time - at[n - 80]!).toBeGreaterThanOrEqual(60_000);
  }
  expect(at[500]! - at[0]!).toBeGreaterThanOrEqual(3_600_000);
  expect(sent.find(([name]) => name === 'edit')![1]).toBeLessThan(600_000);
});

test('what GitHub refuses for its rate holds the others up', async () => {
  const { queue, write, sent } = makeQueue();
  const refused = new SallyportError({ code: 'limited', message: '', retryAfterMs: 30_000 });
  const first = queue.run({ rank: 0, creates: true, key: null }, () => Promise.reject(refused));
  await expect(first).rejects.toBe(refused);
  await write('next');
  expect(sent).toEqual([['next', 30_000]]);
});

test.each([
  ['GET /repos/{owner}/{repo}', null],
  ['POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', [2, true, null]],
  ['POST /repos/{owner}/{repo}/issues/{issue_number}/labels', [2, true, null]],
  ['POST /repos/{owner}/{repo}/issues/{issue_number}/comments', [1, true, null]],
  ['PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', [1, false, 'a/b comment 7']],
  ['POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', [0, true, null]],
  ['PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', [0, false, null]],
])('%s', (route, expected) => {
  const write = writeOf(route, { owner: 'a', repo: 'b', comment_id: 7 });
  expect(write && [write.rank, write.creates, write.key]).toEqual(expected);
});
