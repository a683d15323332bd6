import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckedJournal } from '../../../ports/journal.ts';
import { checkLines, startOfFile } from './line.ts';

/** Checks the agent's journals and its own ledger in a state folder; reads, and changes nothing. */
export async function checkHistory(state: string): Promise<readonly CheckedJournal[]> {
  const folder = join(state, 'journal');
  const names = (await readdir(folder).catch(ignoreMissing)).filter(isJournal).toSorted();
  const checked: CheckedJournal[] = [];
  for (const path of [...names.map((name) => join(folder, name)), join(state, 'ledger')]) {
    const bytes = await readFile(path).catch(ignoreMissing);
    if (Buffer.isBuffer(bytes)) checked.push(checkFile(path, bytes));
  }
  return checked;
}

function checkFile(path: string, bytes: Buffer): CheckedJournal {
  const { end, torn, wrong } = checkLines(bytes, startOfFile);
  const next = end.seq + 1;
  // Each entry is a line, so that they are counted alike.
  const broken = wrong === null ? null : { line: next, entry: next, why: wrong };
  return { path, entries: end.seq, broken, torn: torn > 0 };
}

/** Locks, and locks on their way, lie beside the journals. */
function isJournal(name: string): boolean {
  return !name.includes('.lock');
}

function ignoreMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
