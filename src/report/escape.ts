/** The longest comment that GitHub takes, in characters. */
export const maxComment = 65_536;

/**
 * Text that other people wrote, as inline code: nothing in it mentions anybody, links to
 * anything or becomes HTML, and it cannot end its own span. Fits into a table's cell.
 */
export function codeSpan(text: string): string {
  const flat = withoutTricks(text).replace(/\s+/gu, ' ').trim() || ' ';
  const fence = '`'.repeat(longestRun(flat) + 1);
  const padding = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${flat.replaceAll('|', '\\|')}${padding}${fence}`;
}

/** Lines of output as a block of code that they cannot close. */
export function codeBlock(lines: readonly string[], language = 'text'): string {
  const text = withoutTricks(lines.join('\n'));
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A sentence of our own that may quote facts from outside: no mention, no HTML, no markup. */
export function plainText(text: string): string {
  return withoutTricks(text)
    .replace(/[\\`*_[\]<>|~#&]/gu, (sign) => `&#${sign.codePointAt(0)};`)
    .replaceAll('@', '&#64;<!-- -->')
    .replace(/\s+/gu, ' ');
}

/**
 * A sentence of ours with `code` in it. Whatever a fact in it holds, every part is escaped,
 * as code or as text.
 */
export function prose(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 || part === '' ? plainText(part) : codeSpan(part)))
    .join('');
}

/** Cut to what GitHub takes; says so at its end. */
export function fitComment(body: string): string {
  const end = '\n\n… cut: too long for a comment.';
  return body.length <= maxComment ? body : body.slice(0, maxComment - end.length) + end;
}

/** Cut to so many bytes; says so at its end, and ends no block of code in the middle. */
export function fitText(body: string, most: number): string {
  if (Buffer.byteLength(body) <= most) return body;
  const end = '\n\n… cut: too long for GitHub.';
  const kept = Buffer.from(body).subarray(0, most - Buffer.byteLength(end) - 20);
  const text = kept.toString('utf8').replace(/\uFFFD+$/u, '');
  const open = openFence(text);
  return `${text}${open === null ? '' : `\n${open}`}${end}`;
}

/** The fence of a block of code that is not closed yet; `null` where none is open. */
function openFence(text: string): string | null {
  let open: string | null = null;
  for (const [, fence = ''] of text.matchAll(/^(`{3,})/gmu)) {
    if (open === null) open = fence;
    else if (fence.length >= open.length) open = null;
  }
  return open;
}

/** Drops control characters and the signs that turn the direction of text, which hide what is there. */
export function withoutTricks(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, '');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
}
