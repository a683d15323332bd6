import { expect, test } from 'vitest';
import type { Notify } from '../../src/config/notify.ts';
import type { Note } from '../../src/model/note.ts';
import { createTeller } from '../../src/notify/teller.ts';
import type { NewItem } from '../../src/ports/store.ts';
import { noteOf, receivers } from '../support/notes.ts';

function bench(named: readonly Notify[]) {
  const known = { named, reads: 0, isBroken: false };
  const put = new Map<string, NewItem>();
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const make = () =>
    createTeller({
      outbox: {
        put: async (item) => {
          const isNew = !put.has(item.id);
          put.set(item.id, item);
          return isNew ? 'new' : 'seen';
        },
      },
      receiversOf: async () => {
        known.reads += 1;
        if (known.isBroken) throw new Error('cut off');
        return known.named;
      },
      log: { info: log, warn: log, error: log },
      wake: () => undefined,
      now: () => Date.UTC(2026, 0, 1) + 60_000,
    });
  return { make, known, put, logged };
}

const { slack, mail, pagerduty } = receivers;

test.each<[string, readonly Notify[], Note, readonly string[]]>([
  ['everybody', [slack, mail], noteOf(), ['slack', 'mail']],
  ['nobody', [], noteOf(), []],
  ['by event', [{ ...slack, events: ['started'] }, mail], noteOf(), ['mail']],
  [
    'by target',
    [
      { ...slack, targets: ['db'] },
      { ...mail, targets: ['web', 'db'] },
    ],
    noteOf(),
    ['mail'],
  ],
  ['PagerDuty of ends alone', [pagerduty], noteOf({ event: 'started' }), []],
  ['the same receiver once', [slack, { ...slack, targets: ['web'] }], noteOf(), ['slack']],
  ['of nothing that is old', [slack], noteOf({ at: Date.UTC(2025, 11, 31) }), []],
])('tells %s', async (_, named, note, kinds) => {
  const { make, put } = bench(named);
  await make()(note);
  expect([...put.values()].map(({ kind }) => kind)).toEqual(kinds);
});

test('the same thing is told once, by several Apps too, and after a filter was edited', async () => {
  const { make, put, known } = bench([slack]);
  const [one, other] = [make(), make()];
  for (const tell of [one, other, one]) await tell(noteOf());
  expect(known.reads).toBe(2);
  known.named = [{ ...slack, events: ['failed'] }];
  await make()(noteOf());
  expect(put.size).toBe(1);
});

test('what cannot be told now is tried again, and nobody is kept waiting by an error', async () => {
  const { make, put, known, logged } = bench([slack]);
  const tell = make();
  known.isBroken = true;
  await tell(noteOf());
  expect(logged).toEqual(['nobody could be told']);
  known.isBroken = false;
  await tell(noteOf());
  expect(put.size).toBe(1);
});
