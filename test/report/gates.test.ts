import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatesJson } from '../../src/report/gates-json.ts';
import { gatesText } from '../../src/report/gates-text.ts';
import { textWidth } from '../../src/report/text-width.ts';

const at = Date.parse('2026-12-24T18:00Z');
const open = { name: 'lock', open: true, reason: 'not_locked', message: 'Nobody has', hint: null };
const frozen = {
  name: 'freezes',
  open: false,
  reason: 'frozen',
  message: 'production is frozen until 2027-01-03T00:00:00+01:00: holidays',
  hint: 'It goes on by itself when the freeze ends; a rollback is possible now.',
  opensAt: Date.parse('2027-01-02T23:00Z'),
  timezone: 'Europe/Berlin',
};
const report = gatesJson({ environment: 'production', at, gates: [open, frozen] });

test('has the shape that scripts rely on', () => {
  expect(report).toEqual({
    schema: 1,
    ok: true,
    environment: 'production',
    at: '2026-12-24T18:00:00Z',
    open: false,
    gates: [
      { ...open, opens_at: null },
      {
        name: 'freezes',
        open: false,
        reason: 'frozen',
        message: frozen.message,
        hint: frozen.hint,
        opens_at: '2027-01-03T00:00:00+01:00',
      },
    ],
  });
  expect(gatesJson({ environment: 'production', at, gates: [open] }).open).toBe(true);
});

test('shows closed gates with when they open and what to do', () => {
  expect(gatesText(report, { colour: false, width: 80 }))
    .toBe(`production at 2026-12-24T18:00:00Z: closed

  ✔ lock     Nobody has
  ✖ freezes  production is frozen until 2027-01-03T00:00:00+01:00: holidays
             opens 2027-01-03T00:00:00+01:00
             It goes on by itself when the freeze ends; a rollback is possible
             now.
`);
});

test('is never wider than asked, whatever people wrote, and plain unless asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (message) => {
      const json = gatesJson({
        environment: 'e',
        at,
        gates: [{ ...frozen, message, hint: message }],
      });
      const text = gatesText(json, { colour: false, width: 60 });
      expect(text).not.toContain('\u001b');
      for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(60);
    }),
  );
  expect(gatesText(report, { colour: true, width: 80 })).toContain('\u001b[');
});
