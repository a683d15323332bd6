import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFileOutbox } from '../../../src/adapters/outbox/file-outbox.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

async function bench() {
  const folder = await mkdtemp(join(tmpdir(), 'sp-outbox-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clock = new VirtualClock();
  const path = join(folder, 'state', 'outbox.json');
  const reopen = () => openFileOutbox(path, clock);
  return { clock, path, reopen, outbox: await reopen() };
}

const item = (id: string, lane: string | null = null) => ({ id, kind: 'slack', lane, body: id });
const minute = 60_000;
const options = { most: 10, forMs: minute };

test('an item is put once, through restarts, also after it was sent', async () => {
  const { outbox, reopen } = await bench();
  expect([await outbox.put(item('a')), await outbox.put(item('a'))]).toEqual(['new', 'seen']);
  const again = await reopen();
  const [leased] = await again.lease(options);
  expect(leased).toMatchObject({ id: 'a', body: 'a', attempts: 1 });
  await again.done(leased!);
  expect(await (await reopen()).put(item('a'))).toBe('seen');
  expect(await (await reopen()).lease(options)).toEqual([]);
});

test('what was leased when the process ended is due at once', async () => {
  const { outbox, reopen } = await bench();
  await outbox.put(item('a'));
  await outbox.lease(options);
  expect(await outbox.lease(options)).toEqual([]);
  expect(await (await reopen()).lease(options)).toHaveLength(1);
});

test('a lease that ran out gives the item to the next, and counts no more', async () => {
  const { outbox, clock } = await bench();
  await outbox.put(item('a'));
  const [first] = await outbox.lease(options);
  clock.advance(minute);
  const [second] = await outbox.lease(options);
  expect(second).toMatchObject({ attempts: 2 });
  await outbox.done(first!);
  await outbox.failed(second!, 'busy', 0);
  expect(await outbox.lease(options)).toHaveLength(1);
});

test('items of one lane leave one after the other; one that waits for another try holds nobody up', async () => {
  const { outbox } = await bench();
  for (const one of [item('a', 'x'), item('b', 'x'), item('c', 'y')]) await outbox.put(one);
  const [a, c] = await outbox.lease(options);
  expect([a!.id, c!.id]).toEqual(['a', 'c']);
  expect(await outbox.lease(options)).toEqual([]);
  await outbox.failed(a!, 'busy', minute);
  expect(await outbox.lease(options)).toMatchObject([{ id: 'b' }]);
});

test('what was given up may be put anew, and what is old is forgotten', async () => {
  const { outbox, clock } = await bench();
  await outbox.put(item('a'));
  const [a] = await outbox.lease(options);
  await outbox.failed(a!, 'gone', null);
  expect(await outbox.lease(options)).toEqual([]);
  expect(await outbox.put(item('a'))).toBe('new');
  await outbox.done((await outbox.lease(options))[0]!);
  clock.advance(minute);
  expect(await outbox.prune({ done: 2 * minute, failed: 0 })).toBe(0);
  expect(await outbox.prune({ done: minute - 1, failed: 0 })).toBe(1);
});

test('values are kept under keys; the file is for its owner alone', async () => {
  const { outbox, reopen, path } = await bench();
  expect(await outbox.recall('thread')).toBeNull();
  await outbox.keep('thread', '1');
  await outbox.keep('thread', '2');
  expect(await (await reopen()).recall('thread')).toBe('2');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a file that is no outbox is not written over', async () => {
  const { outbox, reopen, path } = await bench();
  await outbox.put(item('a'));
  await writeFile(path, '{');
  await expect(reopen()).rejects.toMatchObject({ code: 'outbox_unreadable' });
  expect(await readFile(path, 'utf8')).toBe('{');
});
