import type { Content, Html } from './html.ts';
import { markup, safeLink } from './html.ts';

/** What Markdown has inside a line; tried in this order where the text stands. */
const spans =
  /(?<fence>`+)(?<code>[\s\S]*?[^`])\k<fence>(?!`)|<!--[\s\S]*?-->|\*\*(?<bold>[^*]+)\*\*|\[(?<label>(?:`[^`]*`|[^[\]])*)\]\((?<target>[^()\s]+)\)|<sub>(?<sub>[\s\S]*?)<\/sub>|&#(?<point>\d{1,7});|\\(?<escaped>[!-/:-@[-`{-~])|(?<bare>https?:\/\/[^\s<>()"'`]+[^\s<>()"'`.,:;!?])/gu;

/** The inside of a paragraph, heading or cell. What is no Markdown that it knows stays text. */
export function renderInline(text: string, base: string): Html {
  const parts: Content[] = [];
  let rest = 0;
  for (const found of text.matchAll(spans)) {
    parts.push(text.slice(rest, found.index), rendered(found, base));
    rest = found.index + found[0].length;
  }
  parts.push(text.slice(rest));
  return markup`${parts}`;
}

function rendered(found: RegExpMatchArray, base: string): Content {
  const { code, bold, label, target, sub, point, escaped, bare } = found.groups ?? {};
  if (code !== undefined) return markup`<code>${trimmed(code)}</code>`;
  if (bold !== undefined) return markup`<strong>${renderInline(bold, base)}</strong>`;
  if (label !== undefined) return linked(found[0], renderInline(label, base), target ?? '', base);
  if (sub !== undefined) return markup`<sub>${renderInline(sub, base)}</sub>`;
  if (point !== undefined) return character(Number(point));
  if (escaped !== undefined) return escaped;
  if (bare !== undefined) return linked(bare, markup`${bare}`, bare, base);
  return null;
}

function linked(source: string, label: Html, target: string, base: string): Content {
  const link = safeLink(target, base);
  return link === null ? source : markup`<a href="${link}" rel="noreferrer">${label}</a>`;
}

/** One space at each end only keeps the backticks apart. */
function trimmed(code: string): string {
  const text = code.replaceAll('\n', ' ').replaceAll('\\|', '|');
  return /^ .*\S.* $/.test(text) ? text.slice(1, -1) : text;
}

function character(point: number): string {
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
}
