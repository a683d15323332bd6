import { plainText } from './escape.ts';

/** What stands for a name in a template. */
export interface TemplateValues {
  /** Within a line: safe in Markdown and in HTML alike. */
  readonly inline: Readonly<Record<string, string>>;
  /** Paragraphs, tables and lists of ours: each stands on a line of its own. */
  readonly block: Readonly<Record<string, string>>;
}

/** The longest template, in characters. */
export const maxTemplate = 16_384;

/** The names that a template may use, by what it is for. */
export const templateNames = {
  deployment: {
    inline: ['state', 'operation', 'environment', 'commit', 'ref', 'actor', 'deployment', 'link'],
    block: ['headline', 'about', 'plan', 'next', 'footer'],
  },
  refusal: { inline: ['words', 'message', 'hint'], block: [] },
} as const;

const placeholder = /\{\{\s*([\w-]*)\s*\}\}/gu;
/** Where these stand, Markdown is not read as Markdown, so that nothing in them would be escaped. */
const unsafe = /^\s*(?:```|~~~)|<\s*(?:pre|script|style|textarea)\b|<[!?]/imu;

/** What is wrong with a template, in words; `null` where it can be used. */
export function templateProblem(kind: keyof typeof templateNames, text: string): string | null {
  if (text.length > maxTemplate) return `it is longer than ${maxTemplate} characters`;
  if (unsafe.test(text)) return 'it holds a block of code, a comment, <pre>, <script> or <style>';
  const names: { readonly inline: readonly string[]; readonly block: readonly string[] } =
    templateNames[kind];
  for (const line of text.split(/\r?\n/u)) {
    for (const [whole, name = ''] of line.matchAll(placeholder)) {
      if (names.inline.includes(name)) continue;
      if (!names.block.includes(name)) return `there is no {{${name}}}`;
      if (line.trimEnd() !== whole) return `{{${name}}} does not stand alone on its line`;
    }
  }
  return null;
}

/** The template with its names replaced, once: what a value holds is no template. */
export function fillTemplate(text: string, { inline, block }: TemplateValues): string {
  return text.replaceAll(placeholder, (_, name: string) => {
    if (Object.hasOwn(inline, name)) return inline[name] ?? '';
    return Object.hasOwn(block, name) ? `\n${block[name] ?? ''}\n` : '';
  });
}

/** What people wrote, for the middle of a line of somebody else's Markdown or HTML. */
export function inlineValue(text: string): string {
  return plainText(text).replace(/["']/gu, (sign) => `&#${sign.codePointAt(0)};`);
}
