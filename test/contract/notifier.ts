import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Notifier } from '../../src/ports/notifier.ts';
import { hostile, noteOf } from '../support/notes.ts';

/** How a service answers: not now (with a time, where its protocol has one), never, an error, or not at all. */
export type Mood = 'busy' | 'refusing' | 'broken' | 'silent';

/** A real server of the protocol, and a notifier that speaks to it. */
export interface NotifierPlace {
  readonly notifier: Notifier;
  /** What was taken, whose shape the server has checked. */
  readonly taken: readonly string[];
  /** Whether a time can be told with `busy`: 7 s. */
  readonly tellsTime: boolean;
  /** Values that no error may show. */
  readonly secrets: readonly string[];
  /** The next message meets this mood. */
  be(mood: Mood): void;
  close(): Promise<void>;
}

/** What every notifier keeps to. */
export function notifierContract(name: string, makePlace: () => Promise<NotifierPlace>): void {
  describe(`a notifier: ${name}`, () => {
    let place: NotifierPlace;
    beforeEach(async () => {
      place = await makePlace();
    });
    afterEach(() => place.close());

    const failure = async (): Promise<unknown> => {
      const error: unknown = await place.notifier.send(noteOf()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      for (const secret of place.secrets) expect(String(error)).not.toContain(secret);
      return error;
    };

    test('hands a note over, in the shape that the service wants', async () => {
      await place.notifier.send(noteOf());
      expect(place.taken).toHaveLength(1);
      expect(place.taken[0]).toContain('acme/shop: aaaaaaa to production has failed at build');
    });

    test('hands over whatever people wrote', async () => {
      await place.notifier.send(hostile);
      expect(place.taken).toHaveLength(1);
    });

    test('what is broken may pass, and the next try is taken', async () => {
      place.be('broken');
      expect(await failure()).toMatchObject({ next: 'retry' });
      await place.notifier.send(noteOf());
      expect(place.taken).toHaveLength(1);
    });

    test('says when to come again, where the service does', async () => {
      place.be('busy');
      const retryAfterMs = place.tellsTime ? 7_000 : undefined;
      expect(await failure()).toMatchObject({ next: 'retry', retryAfterMs });
      expect(place.taken).toEqual([]);
    });

    test('what is refused does not pass', async () => {
      place.be('refusing');
      expect(await failure()).toMatchObject({ next: 'user' });
    });

    test('gives up on a server that does not answer', async () => {
      place.be('silent');
      const began = performance.now();
      expect(await failure()).toMatchObject({ next: 'retry', code: 'notifier_unreachable' });
      expect(performance.now() - began).toBeLessThan(5_000);
    });

    test('a server that is gone may come back', async () => {
      await place.close();
      expect(await failure()).toMatchObject({ next: 'retry', code: 'notifier_unreachable' });
    });

    test('ends when it is told to', async () => {
      place.be('silent');
      const leaving = new AbortController();
      const sent = place.notifier.send(noteOf(), leaving.signal);
      leaving.abort(new Error('leaving'));
      await expect(sent).rejects.toThrow('leaving');
    });
  });
}
