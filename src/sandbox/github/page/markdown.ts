import type { Html } from './html.ts';
import { markup } from './html.ts';
import { renderInline } from './inline.ts';

/**
 * The Markdown that comments here are written in: headings, paragraphs, lists, quotes, code,
 * tables, comments, parts that unfold. Any other HTML is shown as the text that it is.
 */
export function renderMarkdown(source: string, base: string, depth = 0): Html {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  const blocks: Html[] = [];
  while (lines.length > 0) {
    const block = takeBlock(lines, base, depth);
    if (block) blocks.push(block);
  }
  return markup`${blocks}`;
}

/** Blocks within blocks within blocks: deeper than this they are text. */
const maxDepth = 8;

/** Takes the lines of the next block away; each branch takes at least one. */
function takeBlock(lines: string[], base: string, depth: number): Html | null {
  const first = lines[0]!;
  if (first.trim() === '') return skip(lines);
  if (first.startsWith('<!--')) return takeComment(lines);
  if (/^ {0,3}(?:```|~~~)/.test(first)) return takeCode(lines);
  const heading = /^(#{1,6}) +(.*?)#*$/.exec(first);
  if (heading) {
    lines.shift();
    return headingOf(heading[1]!.length, renderInline(heading[2]!.trim(), base));
  }
  const summary = /^<details><summary>(.*)<\/summary>$/.exec(first.trim());
  if (summary && depth < maxDepth) return takeDetails(summary[1]!, lines, base, depth + 1);
  if (first.startsWith('>') && depth < maxDepth) return takeQuote(lines, base, depth + 1);
  if (isItem(first)) return takeList(lines, base);
  if (first.startsWith('|') && /^\|[\s:|-]+\|?\s*$/.test(lines[1] ?? '')) {
    return takeTable(lines, base);
  }
  return takeParagraph(lines, base);
}

function skip(lines: string[]): null {
  lines.shift();
  return null;
}

function takeComment(lines: string[]): null {
  const closing = lines.findIndex((line) => line.includes('-->'));
  if (closing === -1) {
    lines.length = 0;
    return null;
  }
  const after = lines[closing]!.split('-->').slice(1).join('-->');
  lines.splice(0, closing + 1, ...(after.trim() === '' ? [] : [after]));
  return null;
}

function takeCode(lines: string[]): Html {
  const fence = /(?:`{3,}|~{3,})/.exec(lines.shift()!)![0];
  const closing = lines.findIndex(
    (line) => line.trim().startsWith(fence) && /^[`~]+$/.test(line.trim()),
  );
  const code = lines.splice(0, closing === -1 ? lines.length : closing);
  lines.shift();
  return markup`<pre><code>${code.join('\n')}</code></pre>`;
}

/** To the line that ends it; one in a block of code ends nothing. */
function takeDetails(summary: string, lines: string[], base: string, depth: number): Html {
  lines.shift();
  const inside: Html[] = [];
  while (lines.length > 0 && lines[0]!.trim() !== '</details>') {
    const block = takeBlock(lines, base, depth);
    if (block) inside.push(block);
  }
  lines.shift();
  const words = summary.replaceAll(/<\/?code>/g, '`');
  return markup`<details><summary>${renderInline(words, base)}</summary>${inside}</details>`;
}

function headingOf(level: number, content: Html): Html {
  if (level <= 2) return markup`<h2>${content}</h2>`;
  return level === 3 ? markup`<h3>${content}</h3>` : markup`<h4>${content}</h4>`;
}

function takeQuote(lines: string[], base: string, depth: number): Html {
  const quoted = takeWhile(lines, (line) => line.startsWith('>'));
  const inside = quoted.map((line) => line.replace(/^> ?/, '')).join('\n');
  return markup`<blockquote>${renderMarkdown(inside, base, depth)}</blockquote>`;
}

function isItem(line: string): boolean {
  return /^ {0,3}(?:[-*+]|\d{1,9}[.)]) +\S/.test(line);
}

function takeList(lines: string[], base: string): Html {
  const numbered = /^ *\d/.test(lines[0]!);
  const items = takeWhile(lines, isItem).map(
    (line) => markup`<li>${renderInline(line.replace(/^ *(?:[-*+]|\d+[.)]) +/, ''), base)}</li>`,
  );
  return numbered ? markup`<ol>${items}</ol>` : markup`<ul>${items}</ul>`;
}

function takeTable(lines: string[], base: string): Html {
  const [head, , ...rows] = takeWhile(lines, (line) => line.startsWith('|'));
  const cells = (row: string): Html[] =>
    row
      .trim()
      .replace(/^\||(?<!\\)\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => renderInline(cell.trim(), base));
  return markup`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${cells(head!).map((cell) => markup`<th>${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            markup`<tr>
              ${cells(row).map((cell) => markup`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Goes on to the next empty line, or to a line that plainly begins something else. */
function takeParagraph(lines: string[], base: string): Html {
  const first = lines.shift()!;
  const more = takeWhile(
    lines,
    (line) => line.trim() !== '' && !/^(?:#{1,6} |>|```|~~~|<!--)/.test(line) && !isItem(line),
  );
  const inside = [first, ...more].map((line, at) => [
    at === 0 ? null : markup`<br>`,
    renderInline(line, base),
  ]);
  return markup`<p>${inside}</p>`;
}

function takeWhile(lines: string[], fits: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !fits(line));
  return lines.splice(0, end === -1 ? lines.length : end);
}
