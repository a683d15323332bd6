/** A line that Markdown shows as text of the comment's author, with HTML comments cut out. */
export interface TextLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** Where the text that is being read stands in the document. */
type Block =
  | { readonly kind: 'text' }
  | { readonly kind: 'fence'; readonly mark: string; readonly length: number }
  /** Raw HTML that shows or hides its text as it stands, up to the line with its end. */
  | { readonly kind: 'html'; readonly end: string };

/**
 * The lines of a comment that begin with a slash and are neither in a code block, a quote nor an
 * HTML comment. In doubt a line is taken for code: a command that is not read is typed again,
 * one that nobody meant is worse. Linear in the length of the comment.
 */
export function commandLines(body: string): readonly TextLine[] {
  const found: TextLine[] = [];
  let block: Block = { kind: 'text' };
  let isQuoted = false;
  for (const [index, whole] of linesOf(body).entries()) {
    if (block.kind === 'fence') {
      if (closesFence(whole, block)) block = { kind: 'text' };
      continue;
    }
    if (block.kind === 'html') {
      if (whole.toLowerCase().includes(block.end)) block = { kind: 'text' };
      continue;
    }
    const opened = openingOf(whole);
    if (opened) {
      isQuoted = false;
      block = opened;
      continue;
    }
    isQuoted = staysQuoted(whole, isQuoted);
    const { text, unclosed } = withoutComments(whole);
    if (!isQuoted && whole.startsWith('/')) found.push({ line: index + 1, text });
    if (unclosed) block = { kind: 'html', end: '-->' };
  }
  return found;
}

/** The lines of a comment, without a byte order mark that nobody sees before them. */
export function linesOf(body: string): readonly string[] {
  return body.split(/\r\n|\n|\r/).map((line) => line.replace(/^\uFEFF+/, ''));
}

/** CommonMark 5.1: a paragraph that a quote began goes on in lines without a mark, up to an empty one. */
function staysQuoted(line: string, wasQuoted: boolean): boolean {
  const [, quoted] = /^ {0,3}>(.*)$/.exec(line) ?? [];
  return quoted === undefined ? wasQuoted && /\S/.test(line) : /[^\s>]/.test(quoted);
}

/** CommonMark 4.5 (fences) and 4.6, first kind (`<pre>` and its like). */
function openingOf(line: string): Block | null {
  const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
  if (fence && !(fence[1]!.startsWith('`') && fence[2]!.includes('`'))) {
    return { kind: 'fence', mark: fence[1]![0]!, length: fence[1]!.length };
  }
  const raw = /^ {0,3}<(pre|script|style|textarea)(?=[\s>]|$)/i.exec(line);
  if (!raw) return null;
  const end = `</${raw[1]!.toLowerCase()}>`;
  return line.toLowerCase().includes(end) ? null : { kind: 'html', end };
}

function closesFence(line: string, fence: { mark: string; length: number }): boolean {
  const [, marks = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
  return marks.startsWith(fence.mark) && marks.length >= fence.length;
}

/** Cuts out `<!-- … -->`; one that begins in a code span of its line is text. */
function withoutComments(line: string): { text: string; unclosed: boolean } {
  let text = '';
  let from = 0;
  let inCode = false;
  for (const { 0: mark, index } of line.matchAll(/`|<!--/g)) {
    if (index < from) continue;
    if (mark === '`') {
      inCode = !inCode;
      continue;
    }
    if (inCode) continue;
    const end = line.indexOf('-->', index + mark.length);
    text += `${line.slice(from, index)} `;
    if (end === -1) return { text, unclosed: true };
    from = end + '-->'.length;
  }
  return { text: text + line.slice(from), unclosed: false };
}
