import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markup, safeLink } from '../../../../src/sandbox/github/page/html.ts';
import { renderMarkdown } from '../../../../src/sandbox/github/page/markdown.ts';

const base = 'http://127.0.0.1:9';

function flat(source: string): string {
  return renderMarkdown(source, base).text.replaceAll(/>\s+/g, '>').replaceAll(/\s+</g, '<');
}

test.each([
  ['one\ntwo', '<p>one<br>two</p>'],
  ['### ✅ done: **completed**', '<h3>✅ done:<strong>completed</strong></h3>'],
  ['- a\n- `b`', '<ul><li>a</li><li><code>b</code></li></ul>'],
  ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
  ['> quoted\n> more', '<blockquote><p>quoted<br>more</p></blockquote>'],
  ['```text\na < b\n```\nafter', '<pre><code>a &lt; b</code></pre><p>after</p>'],
  ['````\n```\n````', '<pre><code>```</code></pre>'],
  ['```\nnever closed', '<pre><code>never closed</code></pre>'],
  ['<!-- hidden\nstill -->shown', '<p>shown</p>'],
  ['<!-- never closed\nx', ''],
  ['``a ` b``', '<p><code>a ` b</code></p>'],
  ['&#64;<!-- -->team &#60;b&#62;', '<p>@team &lt;b&gt;</p>'],
  ['\\*plain\\*', '<p>*plain*</p>'],
  ['<sub>small</sub>', '<p><sub>small</sub></p>'],
])('%j becomes what it says', (source, wanted) => {
  expect(flat(source)).toBe(wanted);
});

test('tables keep bars that are escaped inside a cell', () => {
  expect(flat('| host | why |\n|---|---|\n| `a\\|b` | |\n')).toContain(
    '<tbody><tr><td><code>a|b</code></td><td></td></tr></tbody>',
  );
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'http://['])(
  'the link %j is not followed',
  (target) => {
    expect(safeLink(target, base)).toBeNull();
    expect(flat(`[x](${target})`)).not.toContain('<a');
  },
);

test('links are followed where they are plain web addresses', () => {
  expect(flat('[`x`](https://example.org/?a=1&b=2)')).toBe(
    '<p><a href="https://example.org/?a=1&amp;b=2" rel="noreferrer"><code>x</code></a></p>',
  );
  expect(flat('see https://example.org/x.')).toContain('href="https://example.org/x"');
});

const fragments = ['<script>', '<img src=x onerror=1>', '`', '**', '[a](', ')', '">', "'", '&#60;']
  .concat(['<!--', '-->', '|', '|--|', '\n', '- ', '> ', '```', '<sub>', '</sub>', '\\'])
  .concat(['javascript:', 'https://x/', 'x ']);

test('whatever is written, only known tags with known attributes come out', () => {
  const pieces = fc.constantFrom(...fragments);
  const known =
    /<\/?(?:p|br|h[234]|ul|ol|li|blockquote|pre|code|strong|sub|table|thead|tbody|tr|th|td)>|<div class="scroll">|<\/div>|<a href="https?:[^"<>]*" rel="noreferrer">|<\/a>/g;
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (source) => {
      const rest = renderMarkdown(source.join(''), base).text.replaceAll(known, '');
      return !/[<>]/.test(rest);
    }),
    { numRuns: 500 },
  );
});

test('rendering takes time in proportion to the comment', () => {
  const nasty = [
    '`'.repeat(20_000),
    '['.repeat(20_000),
    '**'.repeat(20_000),
    '<!--'.repeat(8_000),
    '>'.repeat(60_000),
    '<details><summary>a</summary>\n'.repeat(2_000),
  ];
  const began = performance.now();
  for (const source of nasty) renderMarkdown(source, base);
  expect(performance.now() - began).toBeLessThan(3_000);
});

test('holes are escaped, in text and in attributes', () => {
  const hostile = `"><script>'&`;
  expect(markup`<a title="${hostile}">${[hostile, null, false, 7]}</a>`.text).toBe(
    '<a title="&quot;&gt;&lt;script&gt;&#39;&amp;">&quot;&gt;&lt;script&gt;&#39;&amp;7</a>',
  );
});

test('a part unfolds; what ends it in a block of code does not', () => {
  const source = [
    '<details><summary>Plan <code>1a</code> <b></summary>',
    '',
    '```',
    '</details>',
    '```',
    '</details>',
    'after',
  ].join('\n');
  expect(renderMarkdown(source, 'http://x').text).toBe(
    '<details><summary>Plan <code>1a</code> &lt;b&gt;</summary><pre><code>&lt;/details&gt;</code></pre></details><p>after</p>',
  );
});
