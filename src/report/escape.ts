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
  if (body.length <= maxComment) return body;
  const end = '\n\n… cut: too long for a comment.';
  const kept = body.slice(0, maxComment - end.length);
  if (openFence(kept) === null) return kept + end;
  return closed(kept.slice(0, -longestFence)) + end;
}

/** Cut to so many bytes; says so at its end, and ends no block of code in the middle. */
export function fitText(body: string, most: number): string {
  if (Buffer.byteLength(body) <= most) return body;
  const end = '\n\n… cut: too long for GitHub.';
  const kept = Buffer.from(body).subarray(0, most - Buffer.byteLength(end) - longestFence);
  return closed(kept.toString('utf8').replace(/\uFFFD+$/u, '')) + end;
}

/** Room for the end of a block of code, in characters. */
const longestFence = 200;

/** The text with its last block of code closed, so that what follows is none. */
function closed(text: string): string {
  const open = openFence(text);
  return open === null || open.length >= longestFence ? text : `${text}\n${open}`;
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
