import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planCheckName, planCheckText, readPlanCheck } from '../../src/report/plan-check.ts';
import { added, modified, removed, renamed, unitPlan } from './sample-plans.ts';

const plan = unitPlan([added, modified, removed, renamed], { unmanaged: ['a b', 'c'] });

test('what was written is read again, whatever the names', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const odd = unitPlan([{ ...modified, resource: text, fields: [text] }], {
        unmanaged: [text],
      });
      const written = planCheckText(odd)!;
      expect(readPlanCheck(written)).toEqual(odd);
      expect(written).not.toMatch(/[^\P{C}\n]/u);
      expect(written.split('\n')).toHaveLength(3);
    }),
  );
  expect(readPlanCheck(`before\n${planCheckText(plan)!}\nafter`)).toEqual(plan);
});

test('its name tells environment, target and host', () => {
  expect(planCheckName('production', plan)).toBe(
    'sallyport/plan (production, map-config on web-1)',
  );
  expect(planCheckName('production', { ...plan, host: null })).toBe(
    'sallyport/plan (production, map-config)',
  );
});

test.each([
  ['another change', { changes: [added] }],
  ['one change less', { changes: plan.changes.slice(1) }],
  ['fewer reasons', { reasons: [] }],
  ['less risk', { risk: 'low' as const }],
  ['another end', { wanted: null }],
])('a plan with %s is not whole', (_name, over) => {
  expect(readPlanCheck(planCheckText({ ...plan, ...over })!)).toBeNull();
});

test.each([
  ['nothing', ''],
  ['no JSON', '````json\n{\n````'],
  ['another shape', '````json\n{"name":"web"}\n````'],
  ['too much', `${' '.repeat(70_000)}${planCheckText(plan)!}`],
])('%s is no plan', (_name, text) => {
  expect(readPlanCheck(text)).toBeNull();
});

test('a plan that GitHub would not take has no text', () => {
  const many = Array.from({ length: 2_000 }, (_, at) => ({ ...added, resource: `Layer/${at}` }));
  expect(planCheckText(unitPlan(many))).toBeNull();
});
