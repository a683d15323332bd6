import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planText } from '../../src/report/plan-text.ts';
import { textWidth } from '../../src/report/text-width.ts';
import { added, modified, removed, renamed, samplePlan, unitPlan } from './sample-plans.ts';

test('reads like a diff: breaking changes first, counts, fields, what stays, risk', () => {
  const changes = [added, modified, removed, renamed];
  const plan = samplePlan([unitPlan(changes, { unmanaged: ['cache/1'] })]);
  expect(planText(plan, { colour: false, width: 80 })).toBe(`production at aaaaaaa, plan 1a2b3c4d
4 changes: 1 added, 1 modified, 1 removed, 1 renamed; 1 is breaking · risk high

map-config (files) on web-1
  - Layer/parcels in layers/parcels.yaml, breaking: it is gone
  + Layer/parks in layers/parks.yaml
  → Layer/rivers (was Layer/streams)
  ~ Layer/roads in layers/roads.yaml
      style.color, fields[2].type
  risk high, for:
    remove Layer/parcels: it is gone
  not in Git, stays:
    cache/1
`);
});

test('nothing to change names the commit that it compared', () => {
  const text = planText(samplePlan([unitPlan([])]), { colour: false, width: 80 });
  expect(text).toContain('nothing to change: it is as aaaaaaa declares');
});

test('no target at all is not nothing to change', () => {
  const text = planText(samplePlan([]), { colour: false, width: 80 });
  expect(text).toContain('no target was compared with aaaaaaa');
});

test('hosts that change alike are one, targets with breaking changes come first', () => {
  const text = planText(
    samplePlan([
      unitPlan([added], { name: 'calm' }),
      unitPlan([added], { name: 'calm', host: 'web-2' }),
      unitPlan([removed], { name: 'risky' }),
    ]),
    { colour: false, width: 80 },
  );
  expect(text.match(/^\w+ \(files\).*$/gm)).toEqual([
    'risky (files) on web-1',
    'calm (files) on web-1, web-2',
  ]);
  expect(text).toContain('3 changes: 2 added, 1 removed; 1 is breaking');
});

test('colours only where they are asked for', () => {
  const plan = samplePlan([unitPlan([removed])]);
  const [plain, coloured] = [false, true].map((colour) => planText(plan, { colour, width: 60 }));
  expect(coloured).not.toBe(plain);
  expect(stripVTControlCharacters(coloured!)).toBe(plain);
});

test('no line is wider than the terminal, and no name breaks out of its line', () => {
  const sign = fc.constantFrom('a', ' ', '\n', '\u001B[2J', '\u202E', '漢', '🚀', '`', 'e\u0301');
  const text = fc.string({ unit: sign, maxLength: 60 });
  fc.assert(
    fc.property(
      text,
      fc.array(text, { maxLength: 5 }),
      fc.integer({ min: 10, max: 60 }),
      (name, fields, width) => {
        const change = {
          ...modified,
          resource: name,
          path: name,
          fields,
          why: name,
          breaking: true,
        };
        const plan = samplePlan([unitPlan([change], { name, host: name, unmanaged: fields })]);
        const shown = planText(plan, { colour: false, width });
        for (const line of shown.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
        expect(shown).not.toMatch(/[^\P{C}\n]/u);
      },
    ),
  );
});
