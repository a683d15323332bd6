/** What GitHub takes of a description, in characters. */
const maxLength = 140;
const mark = 'sp1.';

/**
 * A record is 166 characters of base64url, and a description has room for 140. Braille patterns
 * are 256 characters in a row, one a byte, that no server folds, trims or normalises.
 */
const firstPattern = 0x2800;
const recordPattern = /^sp1\.([\u2800-\u28ff]{1,136})$/u;

/** GitHub refuses a description with an emoji in it (422: no 4-byte Unicode), and the record with it. */
const refused = /[\p{Cc}\u{10000}-\u{10FFFF}]/gu;

/** Words for people, as GitHub takes them: a program's last line may be among them. */
export function describe(words: string): string {
  const characters = Array.from(words.replace(refused, '\ufffd'));
  return characters.length <= maxLength
    ? characters.join('')
    : `${characters.slice(0, maxLength - 1).join('')}…`;
}

/** A description that is the record itself; `null` where it is too long for one. */
export function descriptionWith(token: string): string | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length > maxLength - mark.length || bytes.toString('base64url') !== token) return null;
  return mark + String.fromCodePoint(...[...bytes].map((byte) => firstPattern + byte));
}

/** The record in a description; `null` where there is none. */
export function recordInDescription(description: string): string | null {
  const [, patterns] = recordPattern.exec(description) ?? [];
  if (patterns === undefined) return null;
  const bytes = Array.from(patterns, (pattern) => pattern.codePointAt(0)! - firstPattern);
  return Buffer.from(bytes).toString('base64url');
}
