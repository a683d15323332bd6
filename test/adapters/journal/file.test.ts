import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Files } from '../../../src/adapters/journal/file/files.ts';
import { scanLines, startOfFile } from '../../../src/adapters/journal/file/line.ts';
import { openJournal } from '../../../src/adapters/journal/file/open-journal.ts';
import { journalContract } from '../../contract/journal.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { faultyFiles } from './faulty-files.ts';

const clock = new VirtualClock();
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-journal-'));
  path = join(folder, 'sub', 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

journalContract('file', async () => ({
  open: () => openJournal(path, { clock }),
  remove: async () => undefined,
}));

test('cut at any byte, the entries before the cut survive and it can be appended to', async () => {
  const whole = await writeThree();
  const ends = [...whole.keys()].filter((at) => whole[at] === 0x0a);
  for (let length = 0; length <= whole.length; length += 1) {
    const survivors = ends.filter((end) => end < length).length;
    const read = scanLines(whole.subarray(0, length), startOfFile, path);
    expect(read.lines.map(({ body }) => body)).toEqual(three.slice(0, survivors));
    expect(read.end.offset + read.torn).toBe(length);
    if (length % 23 !== 0) continue;
    await writeFile(path, whole.subarray(0, length));
    const bodies = await openAnd((journal) => journal.append('more'));
    expect(bodies).toEqual([...three.slice(0, survivors), 'more']);
  }
});

test('a flipped bit anywhere is noticed, and the file is left as it is', async () => {
  const whole = await writeThree();
  const places = fc.nat({ max: whole.length - 1 });
  await fc.assert(
    fc.asyncProperty(places, fc.nat({ max: 7 }), async (place, bit) => {
      const flipped = Buffer.from(whole);
      flipped[place]! ^= 1 << bit;
      await writeFile(path, flipped);
      const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
      const isNul = flipped[place] === 0 && place >= lastLine;
      if (isNul) return;
      await expect(openJournal(path, { clock })).rejects.toMatchObject({ code: 'journal_damaged' });
      expect(await readFile(path)).toEqual(flipped);
    }),
    { numRuns: 200 },
  );
});

test('damage names the first broken entry; a missing one counts', async () => {
  const whole = (await writeThree()).toString();
  const [first, second, third] = whole.split('\n');
  await writeFile(path, `${first}\n${second!.replace('two', 'owt')}\n${third}\n`);
  await expect(openJournal(path, { clock })).rejects.toThrow(/damaged at entry 2/);
  await writeFile(path, `${first}\n${third}\n`);
  await expect(openJournal(path, { clock })).rejects.toThrow(/damaged at entry 2/);
});

test('a last line whose pages never reached the disk is torn', async () => {
  const whole = await writeThree();
  whole.fill(0, whole.length - 40, whole.length - 10);
  await writeFile(path, whole);
  expect(await openAnd(async () => undefined)).toEqual(three.slice(0, 2));
});

test('a body that the schema refuses is damage', async () => {
  await writeThree();
  const opened = openJournal(path, { clock, schema: z.number() });
  await expect(opened).rejects.toThrow(/damaged at entry 1/);
});

test('no room: says so, leaves no half line, and goes on when there is room again', async () => {
  const { files, faults } = faultyFiles();
  const bodies = await openAnd(async (journal) => {
    await journal.append('one');
    for (faults.room of [0, 10, 70]) {
      await expect(journal.append('lost')).rejects.toMatchObject({
        code: 'disk_full',
        next: 'retry',
      });
    }
    faults.room = Infinity;
    await journal.append('two');
    Object.assign(faults, { room: 10, stuck: true });
    await expect(journal.append('a longer one that is lost')).rejects.toThrow(/no room/);
    await expect(journal.append('lost')).rejects.toMatchObject({ code: 'journal_unwritable' });
    Object.assign(faults, { room: Infinity, stuck: false, chunk: 7 });
    await journal.append('three');
  }, files);
  expect(bodies).toEqual(['one', 'two', 'three']);
});

test('an entry that could not be synced was not appended', async () => {
  const { files, faults } = faultyFiles();
  const bodies = await openAnd(async (journal) => {
    faults.unsynced = true;
    await expect(journal.append('lost')).rejects.toMatchObject({ code: 'journal_unwritable' });
    faults.unsynced = false;
    await journal.append('kept');
  }, files);
  expect(bodies).toEqual(['kept']);
});

test('a crash at any byte of a write loses no acknowledged entry', async () => {
  for (let bytes = 1; bytes < 400; bytes += 13) {
    await rm(path, { force: true });
    const { files, faults } = faultyFiles();
    const acknowledged: unknown[] = [];
    await openAnd(async (journal) => {
      faults.crashAfter = bytes;
      for (const body of three) {
        await journal.append(body).then(
          () => acknowledged.push(body),
          () => undefined,
        );
      }
    }, files).catch(() => undefined);
    const survived = await openAnd(async () => undefined);
    expect(survived.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(three.slice(0, survived.length)).toEqual(survived);
  }
});

const three = ['one', { two: 'two' }, [3]];

async function writeThree(): Promise<Buffer> {
  await openAnd(async (journal) => {
    for (const body of three) await journal.append(body);
  });
  return await readFile(path);
}

/** Opens, acts, closes; then opens it anew on the real file system and gives the bodies that are there. */
async function openAnd(
  act: (journal: Awaited<ReturnType<typeof openJournal<unknown>>>) => Promise<unknown>,
  files?: Files,
): Promise<unknown[]> {
  const journal = await openJournal<unknown>(path, { clock, ...(files ? { files } : {}) });
  try {
    await act(journal);
  } finally {
    await journal.close();
  }
  const again = await openJournal<unknown>(path, { clock });
  await again.close();
  return again.entries().map(({ body }) => body);
}
