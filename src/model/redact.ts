const mask = '[redacted]';

/** Takes secrets out of a text that comes in pieces; the one place where that is done. */
export interface Redactor {
  /** What of the text so far is sure to hold no part of a secret. The rest is kept for the next piece. */
  push(piece: string): string;
  /** What was still kept. */
  end(): string;
}

/** Every secret in a text, replaced. */
export function redact(text: string, secrets: readonly string[]): string {
  const redactor = createRedactor(secrets);
  return redactor.push(text) + redactor.end();
}

/**
 * A redactor for these values. Of a value with several lines each longer line is one
 * by itself, since programs print and indent them one by one.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const values = secretForms(secrets);
  if (values.length === 0) return { push: (piece) => piece, end: () => '' };
  const pattern = new RegExp(values.map(escapeForRegExp).join('|'), 'g');
  const longest = values[0]!.length;
  let kept = '';

  const push = (piece: string): string => {
    const text = kept + piece;
    let out = '';
    let at = 0;
    for (;;) {
      const held = firstUnsure(text, Math.max(at, text.length - longest + 1), values);
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match === null || match.index >= held) {
        kept = text.slice(held);
        return out + text.slice(at, held);
      }
      out += text.slice(at, match.index) + mask;
      at = match.index + match[0].length;
    }
  };
  const end = (): string => {
    const rest = kept.replace(pattern, mask);
    kept = '';
    return rest;
  };
  return { push, end };
}

/** The first place from which the text could go on to become a (longer) secret; the text's end where there is none. */
function firstUnsure(text: string, from: number, values: readonly string[]): number {
  for (let at = from; at < text.length; at += 1) {
    const rest = text.slice(at);
    if (values.some((value) => value.length > rest.length && value.startsWith(rest))) return at;
  }
  return text.length;
}

/** The values and their longer lines, longest first, so that the longest one that fits is replaced. */
function secretForms(secrets: readonly string[]): readonly string[] {
  const lines = secrets.flatMap((secret) =>
    secret
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.length >= 8),
  );
  return [...new Set([...secrets, ...lines])]
    .filter((value) => value !== '')
    .toSorted((a, b) => b.length - a.length);
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
