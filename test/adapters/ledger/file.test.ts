import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { openJournal } from '../../../src/adapters/journal/file/open-journal.ts';
import { openFileLedger } from '../../../src/adapters/ledger/file/open-ledger.ts';
import { ledgerContract } from '../../contract/ledger.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-ledger-'));
  path = join(folder, 'ledger.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

ledgerContract('in a file', async () => ({
  connect,
  // A write to a file is answered, or the process is gone.
  loseNextAnswer: () => undefined,
  remove: async () => undefined,
}));

test('a torn last line is not there for readers, and makes room for the next', async () => {
  const ledger = await publishTwo();
  await appendFile(path, '{"seq":3,"at":17');
  expect((await connect().jobs()).jobs).toHaveLength(2);
  expect((await ledger.jobs()).jobs).toHaveLength(2);
  await connect().publish(job('three'));
  expect((await ledger.jobs()).jobs.map(({ token }) => token)).toEqual(['three', 'two', 'one']);
});

test('damage is an error that changes nothing', async () => {
  await publishTwo();
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"one"', '"eno"'));
  await expect(connect().jobs()).rejects.toMatchObject({ code: 'journal_damaged' });
  await expect(connect().publish(job('x'))).rejects.toMatchObject({ code: 'journal_damaged' });
  expect(await readFile(path, 'utf8')).toBe(text.replace('"one"', '"eno"'));
});

test('a line that its writer cut off again is forgotten', async () => {
  const ledger = await publishTwo();
  expect((await ledger.jobs()).jobs).toHaveLength(2);
  await truncate(path, (await readFile(path)).indexOf(0x0a) + 1);
  expect((await ledger.jobs()).jobs.map(({ token }) => token)).toEqual(['one']);
});

test('an entry of a later version is passed over', async () => {
  const ledger = await publishTwo();
  const journal = await openJournal(path, { clock: systemClock });
  await journal.append({ kind: 'from the future', deployment: 3 });
  await journal.close();
  await ledger.publish(job('three'));
  expect((await connect().jobs()).jobs.map(({ token }) => token)).toEqual(['three', 'two', 'one']);
});

test('a record of a deployment that is not there is refused', async () => {
  const ledger = await publishTwo();
  const record = {
    deployment: 9,
    token: 't',
    state: 'queued',
    environment: 'e',
    description: '',
  } as const;
  await expect(ledger.append(record)).rejects.toMatchObject({ code: 'deployment_missing' });
});

test('several processes add to it at once, one of them killed on the way', async () => {
  const writers = Array.from({ length: 3 }, (_, n) =>
    spawn(process.execPath, ['--input-type=module', '-e', writer, path, String(n)]),
  );
  writers[0]!.stdout.once('data', () => writers[0]!.kill('SIGKILL'));
  await Promise.all(writers.map((child) => once(child, 'close')));
  const { jobs } = await connect().jobs();
  const ids = jobs.map(({ deployment }) => deployment);
  expect(ids).toEqual(ids.map((_, index) => ids.length - index));
  for (const n of [1, 2]) {
    expect(jobs.filter(({ token }) => token.startsWith(`${n}-`))).toHaveLength(15);
  }
});

const writer = `
const at = (path) => new URL(path, ${JSON.stringify(import.meta.url)}).href;
const { openFileLedger } = await import(at('../../../src/adapters/ledger/file/open-ledger.ts'));
const { systemClock } = await import(at('../../../src/adapters/clock/system.ts'));
const [path, n] = process.argv.slice(1);
const ledger = openFileLedger(path, { clock: systemClock });
for (let k = 0; k < 15; k += 1) {
  await ledger.publish({ token: n + '-' + k, sha: '', environment: 'e', description: '' });
  process.stdout.write('.');
}
`;

function connect() {
  return openFileLedger(path, { clock: systemClock });
}

async function publishTwo() {
  const ledger = connect();
  await ledger.publish(job('one'));
  await ledger.publish(job('two'));
  return ledger;
}

function job(token: string) {
  return { token, sha: 'a'.repeat(40), environment: 'production', description: token };
}
