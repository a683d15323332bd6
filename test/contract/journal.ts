import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Journal } from '../../src/ports/journal.ts';

/** A place where a journal can be opened again and again. */
export interface JournalPlace {
  open(): Promise<Journal<unknown>>;
  remove(): Promise<void>;
}

/** What every journal keeps to. */
export function journalContract(name: string, makePlace: () => Promise<JournalPlace>): void {
  describe(`a journal: ${name}`, () => {
    let place: JournalPlace;
    beforeEach(async () => {
      place = await makePlace();
    });
    afterEach(() => place.remove());

    test('is empty at first', async () => {
      const journal = await place.open();
      expect(journal.entries()).toEqual([]);
      await journal.close();
    });

    test('gives back what was appended, in order, without gaps', async () => {
      const journal = await place.open();
      const bodies = [{ step: 'build', ok: true }, 'ä "quoted"\n line', [1, null, { deep: {} }], 7];
      for (const body of bodies) await journal.append(body);
      expect(journal.entries().map(({ seq, body }) => [seq, body])).toEqual(
        bodies.map((body, index) => [index + 1, body]),
      );
      await journal.close();
    });

    test('remembers across closing and opening, and goes on counting', async () => {
      const first = await place.open();
      await first.append({ n: 1 });
      await first.close();
      const second = await place.open();
      const appended = await second.append({ n: 2 });
      expect(appended.seq).toBe(2);
      await second.close();
      const third = await place.open();
      expect(third.entries().map(({ body }) => body)).toEqual([{ n: 1 }, { n: 2 }]);
      await third.close();
    });

    test('takes appends that come at once, each whole, in the order of the calls', async () => {
      const journal = await place.open();
      const numbers = Array.from({ length: 20 }, (_, n) => n);
      const appended = await Promise.all(numbers.map((n) => journal.append({ n })));
      expect(appended.map(({ seq }) => seq)).toEqual(numbers.map((n) => n + 1));
      await journal.close();
      const again = await place.open();
      expect(again.entries().map(({ body }) => body)).toEqual(numbers.map((n) => ({ n })));
      await again.close();
    });

    test('is open once at a time', async () => {
      const journal = await place.open();
      await expect(place.open()).rejects.toMatchObject({ code: 'journal_in_use' });
      await journal.close();
      await (await place.open()).close();
    });
  });
}
