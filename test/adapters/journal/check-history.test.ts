import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { checkHistory } from '../../../src/adapters/journal/file/check-history.ts';
import { encodeLine, startOfFile } from '../../../src/adapters/journal/file/line.ts';
import { openJournal } from '../../../src/adapters/journal/file/open-journal.ts';
import { openFileLedger } from '../../../src/adapters/ledger/file/open-ledger.ts';

let state: string;
let path: string;

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'sallyport-check-'));
  path = join(state, 'journal', 'agent');
  const journal = await openJournal<{ n: number }>(path, { clock: systemClock });
  for (const n of [1, 2, 3, 4]) await journal.append({ n });
  await journal.close();
});

afterEach(() => rmSync(state, { recursive: true }));

test('journals and the ledger are whole as they were written', async () => {
  const ledger = openFileLedger(join(state, 'ledger'), { clock: systemClock });
  await ledger.publish({ token: 'a.b.c', sha: '', environment: 'x', description: '' });
  expect(await checkHistory(state)).toEqual([
    { path, entries: 4, broken: null, torn: false },
    { path: join(state, 'ledger'), entries: 1, broken: null, torn: false },
  ]);
});

test('an empty folder has no history', async () => {
  expect(await checkHistory(join(state, 'elsewhere'))).toEqual([]);
});

test('a write that was cut is no damage', async () => {
  appendFileSync(path, '{"seq":5,"at":1');
  expect(await checkHistory(state)).toEqual([{ path, entries: 4, broken: null, torn: true }]);
});

const lines = () => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const write = (all: readonly string[]) => writeFileSync(path, `${all.join('\n')}\n`);

test.each<[string, (all: string[]) => string[], number, string]>([
  ['one that was changed', (all) => all.with(1, all[1]!.replace('"n":2', '"n":9')), 2, 'checksum'],
  ['one that was removed', (all) => all.toSpliced(1, 1), 2, 'it is entry 3'],
  ['two that changed places', (all) => [all[0]!, all[2]!, all[1]!, all[3]!], 2, 'it is entry 3'],
  ['something that is none', (all) => all.with(2, 'hello'), 3, 'not an entry'],
  ['a beginning that was cut off', (all) => all.slice(1), 1, 'it is entry 2'],
  ['one written anew, with a good checksum', forge, 3, 'does not follow from entry 2'],
])('the first broken entry is named: %s', async (_what, change, entry, why) => {
  write(change(lines()));
  const [checked] = await checkHistory(state);
  expect(checked).toMatchObject({ entries: entry - 1, broken: { line: entry, entry } });
  expect(checked!.broken!.why).toContain(why);
});

/** Whoever changes an entry and its checksum breaks the link of the one after it. */
function forge(all: string[]): string[] {
  const first = encodeLine(startOfFile, 0, { n: 1 });
  const { prev } = JSON.parse(all[1]!) as { prev: string };
  const forged = encodeLine({ ...first.end, hash: prev }, 0, { n: 9 });
  return all.with(1, forged.bytes.toString().trimEnd());
}
