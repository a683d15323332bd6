/** A piece of HTML that is safe to put into a page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | null | false | readonly Content[];

/**
 * HTML with holes: whatever fills one is escaped, unless it is HTML itself. Attributes must be
 * quoted; links go through `safeLink`.
 */
export function markup(strings: TemplateStringsArray, ...holes: readonly Content[]): Html {
  const parts = strings.map((text, at) => text + (at < holes.length ? shown(holes[at]!) : ''));
  return new Html(parts.join(''));
}

function shown(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(shown).join('');
  return escapeText(String(content));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign]!);
}

/** A link that a browser may follow, or null: no `javascript:`, no `data:`, nothing unreadable. */
export function safeLink(link: string, base: string): string | null {
  if (!URL.canParse(link, base)) return null;
  const url = new URL(link, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
}
