import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { added, modified, removed, renamed, samplePlan, unitPlan } from './sample-plans.ts';

test('is folded, with the digest, counts and a diff', () => {
  const body = planMarkdown(samplePlan([unitPlan([added, modified, removed, renamed])]));
  expect(body)
    .toBe(`<details><summary>Plan <code>1a2b3c4d</code>: 4 changes: 1 added, 1 modified, 1 removed, 1 renamed; 1 is breaking, risk high</summary>

**\`map-config\`** (files) on \`web-1\`

\`\`\`diff
- Layer/parcels in layers/parcels.yaml, breaking: it is gone
+ Layer/parks in layers/parks.yaml
! → Layer/rivers (was Layer/streams)
! Layer/roads in layers/roads.yaml
      style.color, fields[2].type
\`\`\`

Look twice: \`remove Layer/parcels: it is gone\`

</details>`);
});

test.each([
  ['nothing to change', [unitPlan([])], 'Nothing to change: it is as `aaaaaaa` declares.'],
  ['no target', [], 'No target was compared with `aaaaaaa`.'],
])('%s is said with its commit', (_name, targets, words) => {
  expect(planMarkdown(samplePlan(targets))).toBe(words);
});

test.each([65_535, 5_000, 300])(
  'of too many changes for %i bytes, the rest is counted',
  (limit) => {
    const many = Array.from({ length: 3_000 }, (_, at) => ({
      ...added,
      resource: `Layer/${at} 漢字`,
    }));
    const body = planMarkdown(samplePlan([unitPlan([removed, ...many])]), limit);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(Math.max(limit, 300));
    expect(body).toContain('3001 changes: 3000 added, 1 removed; 1 is breaking');
    expect(body).toMatch(/not shown: \d+ changes|Too long/);
    expect(body.endsWith('</details>')).toBe(true);
  },
);

test('what a repository or a host named can neither mention, link, nor become HTML', () => {
  const hostile = '@acme/ops </details> <img src=x> ```` [x](http://evil) | #1 \u202Egnp\n+ forged';
  const sign = fc.constantFrom('`', '@a', '<b>', '\n', '|', '](http://evil)', ' ', 'x');
  fc.assert(
    fc.property(fc.oneof(fc.constant(hostile), fc.string({ unit: sign })), (name) => {
      const change = { ...removed, resource: name, path: name, fields: [name], why: name };
      const plan = unitPlan([change], { name, kind: name, host: name, unmanaged: [name] });
      const body = planMarkdown(samplePlan([plan]));
      const blocks = body.replace(/^(`{3,})diff\n[^]*?\n\1$/gm, '');
      const outsideCode = blocks.replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '');
      expect(outsideCode).not.toMatch(/@a|<b>|<img|\]\(http|^\+ forged/m);
      expect(outsideCode.match(/<\/details>/g)).toHaveLength(1);
      expect(body).not.toContain('\u202E');
    }),
  );
});
