import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newWindow, observe } from '../../../src/targets/service/health-window.ts';

const rule = { rise: 2, fall: 3 };

test.each([
  ['nothing seen yet', true, '', 'progressing'],
  ['one good probe is not enough', true, '+', 'progressing'],
  ['two in a row are', true, '++', 'healthy'],
  ['two, but not in a row', true, '+-+', 'progressing'],
  ['a program that starts may fail for long', true, '--------', 'progressing'],
  ['and be healthy then', true, '--------++', 'healthy'],
  ['one that had answered may not', true, '+---', 'unhealthy'],
  ['nor one that has been running', false, '---', 'unhealthy'],
  ['two bad ones are not enough', false, '--+--', 'progressing'],
])('%s', (_case, starting, probes, verdict) => {
  expect(run(starting, probes).verdict).toBe(verdict);
});

test('healthy means that the last probes were good; unhealthy, that they were bad', () => {
  const probes = fc.array(fc.constantFrom('+', '-')).map((all) => all.join(''));
  fc.assert(
    fc.property(fc.boolean(), probes, (starting, all) => {
      const { verdict } = run(starting, all);
      if (verdict === 'healthy') expect(all).toContain('++');
      if (verdict === 'unhealthy') expect(all).toContain('---');
      if (all.endsWith('++')) expect(verdict).toBe('healthy');
    }),
  );
});

function run(starting: boolean, probes: string) {
  return probes
    .split('')
    .reduce((window, probe) => observe(window, probe === '+', rule), newWindow(starting));
}
