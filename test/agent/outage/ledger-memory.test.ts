import { expect, test, vi } from 'vitest';
import { LedgerMemory, type Remembered } from '../../../src/agent/outage/ledger-memory.ts';
import { issueJob } from '../../../src/deploy/issue.ts';
import { LedgerReader } from '../../../src/deploy/reader.ts';
import { generateSigningKey } from '../../../src/model/keys.ts';
import type { Journal, JournalEntry } from '../../../src/ports/journal.ts';
import { appKey, draftJob, trust } from '../../support/jobs.ts';
import { createMemoryWorld } from '../../support/memory-ledger.ts';

function journalOf(entries: JournalEntry<Remembered>[]): Journal<Remembered> {
  return {
    append: (body) => {
      const entry = { seq: entries.length + 1, at: 0, body };
      entries.push(entry);
      return Promise.resolve(entry);
    },
    entries: () => [...entries],
    close: () => Promise.resolve(),
  };
}

async function watched(entries: JournalEntry<Remembered>[]) {
  const world = createMemoryWorld(1);
  const memory = new LedgerMemory(journalOf(entries), { warn: vi.fn() });
  const ledger = memory.observe(world.connect());
  const reader = new LedgerReader(ledger, trust);
  const issuing = { ledger, reader, key: appKey, clock: world.clock };
  await issueJob(draftJob('one'), issuing);
  await issueJob(draftJob('two', { operation: 'lock', targets: [], roster: [] }), issuing);
  await memory.keepAbout({ id: 1 });
  await memory.keepAbout({ branch: 'main' });
  await memory.saved();
  return { memory, reader };
}

test('a start without the network knows what the ledger said, as far as its keys are trusted', async () => {
  const entries: JournalEntry<Remembered>[] = [];
  const { reader } = await watched(entries);
  const live = (await reader.refresh()).environments.get('production');
  const again = new LedgerMemory(journalOf(entries), { warn: vi.fn() });
  expect(again.about).toEqual({ id: 1, branch: 'main' });
  const reading = await again.reading(trust.app);
  expect(reading?.environments.get('production')).toEqual(live);
  expect(live).toMatchObject({ running: { state: 'pending' }, facts: { lock: { by: 'ada' } } });

  const stranger = [{ key: generateSigningKey().public, environments: 'all' as const }];
  const strange = await again.reading(stranger);
  expect(strange?.environments.size).toBe(0);
});

test('each entry is kept once, and nothing is known before GitHub has answered', async () => {
  const entries: JournalEntry<Remembered>[] = [];
  expect(await new LedgerMemory(journalOf(entries), { warn: vi.fn() }).reading([])).toBeNull();
  const { reader, memory } = await watched(entries);
  const count = entries.length;
  await reader.refresh();
  await memory.keepAbout({ id: 1, branch: 'main' });
  await memory.saved();
  expect(entries).toHaveLength(count);
});

test('a disk that takes nothing is told of, and GitHub is read all the same', async () => {
  const warn = vi.fn();
  const journal = { ...journalOf([]), append: () => Promise.reject(new Error('disk full')) };
  const memory = new LedgerMemory(journal, { warn });
  const world = createMemoryWorld(1);
  const ledger = memory.observe(world.connect());
  await ledger.publish({ token: 'a token', sha: '', environment: '', description: '' });
  expect((await ledger.jobs()).jobs).toHaveLength(1);
  await memory.saved();
  expect(warn).toHaveBeenCalledOnce();
});
