import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobWrite, Ledger, RecordWrite } from '../../src/ports/ledger.ts';

/** A ledger that any number of processes can be connected to. */
export interface LedgerPlace {
  /** A commit that jobs may name; any will do otherwise. */
  readonly sha?: string;
  /** As a process of its own sees it. */
  connect(): Ledger;
  /** The next write lands, and its answer is lost. */
  loseNextAnswer(): void;
  remove(): Promise<void>;
}

/** Who speaks in these tests: three hosts, and a unit that lives on none. */
const speakers = ['web@web-1', 'web@web-2', 'web@web-3', 'dns@-'] as const;

/** What every ledger keeps to. */
export function ledgerContract(name: string, makePlace: () => Promise<LedgerPlace>): void {
  describe(`a ledger: ${name}`, () => {
    let place: LedgerPlace;
    let ledger: Ledger;
    const job = (n: number): JobWrite => jobOf(n, place.sha ?? 'a'.repeat(40));
    beforeEach(async () => {
      place = await makePlace();
      ledger = place.connect();
    });
    afterEach(() => place.remove());

    test('has no jobs at first', async () => {
      const page = await ledger.jobs();
      expect(page.jobs).toEqual([]);
      expect(page.older).toBeUndefined();
    });

    test('lists the jobs newest first, with rising ids and its own time', async () => {
      const published = [];
      for (const n of [1, 2, 3]) published.push(await ledger.publish(job(n)));
      const ids = published.map(({ deployment }) => deployment);
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      expect(new Set(ids).size).toBe(3);
      const page = await place.connect().jobs();
      expect(page.jobs).toEqual(published.toReversed());
      expect(page.jobs.map(({ token }) => token)).toEqual([3, 2, 1].map((n) => job(n).token));
      for (const { at } of page.jobs) expect(Math.abs(page.now - at)).toBeLessThan(60_000);
    });

    test('gives older jobs page by page, each once', async () => {
      const ids = [];
      for (let n = 0; n < 205; n += 1) ids.push((await ledger.publish(job(n))).deployment);
      const listed: number[] = [];
      const sizes: number[] = [];
      let older: string | undefined;
      do {
        const page = await ledger.jobs(older);
        listed.push(...page.jobs.map(({ deployment }) => deployment));
        sizes.push(page.jobs.length);
        older = page.older;
      } while (older !== undefined);
      expect(listed).toEqual(ids.toReversed());
      expect(sizes).toEqual([100, 100, 5]);
    });

    test('gives the records of a deployment oldest first, whoever wrote them', async () => {
      const { deployment } = await ledger.publish(job(1));
      const other = await ledger.publish(job(2));
      const written = [];
      for (const state of ['applying', 'done']) {
        for (const speaker of speakers) {
          written.push(await place.connect().append(record(deployment, `${speaker} ${state}`)));
        }
      }
      const { records } = await ledger.records(deployment);
      expect(records).toEqual(written);
      expect(new Set(records.map(({ id }) => id)).size).toBe(8);
      expect((await ledger.records(other.deployment)).records).toEqual([]);
    });

    test('has all records, however many there are', async () => {
      const { deployment } = await ledger.publish(job(1));
      const tokens = Array.from({ length: 120 }, (_, n) => tokenFor(`record ${n}`));
      for (const token of tokens) await ledger.append({ ...record(deployment, ''), token });
      const { records } = await place.connect().records(deployment);
      expect(records.map(({ token }) => token)).toEqual(tokens);
    });

    test('takes the same record once, from the same process or the next', async () => {
      const { deployment } = await ledger.publish(job(1));
      const first = await ledger.append(record(deployment, 'web@web-1 done'));
      expect(await ledger.append(record(deployment, 'web@web-1 done'))).toEqual(first);
      expect(await place.connect().append(record(deployment, 'web@web-1 done'))).toEqual(first);
      expect((await ledger.records(deployment)).records).toEqual([first]);
    });

    test('takes the records of several writers at once, and gives all the same log', async () => {
      const { deployment } = await ledger.publish(job(1));
      const written = await Promise.all(
        speakers.map((speaker) => place.connect().append(record(deployment, speaker))),
      );
      const byId = written.toSorted((a, b) => a.id - b.id);
      for (const reader of speakers.map(() => place.connect())) {
        expect((await reader.records(deployment)).records).toEqual(byId);
      }
    });

    test('gives jobs published at once an id each', async () => {
      const published = await Promise.all([1, 2, 3, 4].map((n) => place.connect().publish(job(n))));
      expect(new Set(published.map(({ deployment }) => deployment)).size).toBe(4);
      expect((await ledger.jobs()).jobs).toHaveLength(4);
    });

    test('says when nothing changed since this object asked last', async () => {
      const { deployment } = await ledger.publish(job(1));
      expect((await ledger.jobs()).unchanged).toBe(false);
      const again = await ledger.jobs();
      expect(again.unchanged).toBe(true);
      expect(again.jobs).toHaveLength(1);
      expect((await ledger.records(deployment)).unchanged).toBe(false);
      expect((await ledger.records(deployment)).unchanged).toBe(true);
      await place.connect().append(record(deployment, 'web@web-2 done'));
      await place.connect().publish(job(2));
      const [jobs, records] = await Promise.all([ledger.jobs(), ledger.records(deployment)]);
      expect([jobs.unchanged, jobs.jobs.length]).toEqual([false, 2]);
      expect([records.unchanged, records.records.length]).toEqual([false, 1]);
    });

    test('shows a state without a record, as often as one likes', async () => {
      const { deployment } = await ledger.publish(job(1));
      await ledger.show(deployment, 'inactive', 'replaced by #2');
      await ledger.show(deployment, 'inactive', 'replaced by #2');
      expect((await ledger.records(deployment)).records).toEqual([]);
    });

    test('makes one entry of a write whose answer was lost', async () => {
      place.loseNextAnswer();
      const published = await insist(() => ledger.publish(job(1)));
      expect((await ledger.jobs()).jobs).toEqual([published]);
      place.loseNextAnswer();
      const { deployment } = published;
      const appended = await insist(() => ledger.append(record(deployment, 'web@web-1 done')));
      expect((await ledger.records(deployment)).records).toEqual([appended]);
    });

    test('does nothing for a caller that has left', async () => {
      const left = AbortSignal.abort(new Error('left'));
      await expect(ledger.jobs(undefined, left)).rejects.toThrow('left');
      await expect(ledger.publish(job(1), left)).rejects.toThrow('left');
      expect((await ledger.jobs()).jobs).toEqual([]);
    });
  });
}

/** Calls again for as long as the ledger says that it may pass by itself. */
async function insist<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === 5 || (error as { next?: string }).next !== 'retry') throw error;
    }
  }
}

function jobOf(n: number, sha: string): JobWrite {
  return {
    token: `eyJhbGciOiJFZERTQSJ9.${tokenFor(`job ${n}`)}.c2ln`,
    sha,
    environment: 'production',
    description: `deploy number ${n}`,
  };
}

function record(deployment: number, words: string): RecordWrite {
  return {
    deployment,
    token: tokenFor(words),
    state: 'in_progress',
    environment: 'production',
    description: words,
    link: 'https://github.com/acme/shop/issues/1#issuecomment-1',
  };
}

/** As long as real ones: about 160 characters. */
function tokenFor(words: string): string {
  return Buffer.from(words.padEnd(120, '.')).toString('base64url');
}
