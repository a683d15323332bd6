import { z } from 'zod';
import { parsePublicKey } from '../model/keys.ts';
import { placeholders, unknownPlaceholders } from './placeholders.ts';

const nameRule =
  'a name: letters, digits, `.`, `_`, `-`, at most 63 of them, a letter or digit first';

/** A target, an environment, a host or a role. Names that every JavaScript object has are refused. */
export const Name = z
  .string({ error: nameRule })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)
  .refine((name) => !(name in Object.prototype), { error: 'may not be used as a name' });

const argvRule = 'a list of words such as [npm, ci]; no shell splits a line';

/** A program and its arguments, each a word of its own; no shell ever reads them. */
export const Argv = argvWith(placeholders);

/** A program and its arguments, in which these placeholders are known. */
export function argvWith(names: readonly string[]) {
  const known = names.map((name) => `{${name}}`).join(' ');
  const word = z
    .string({ error: 'a string (quote numbers and true/false)' })
    .refine(isClean, { error: 'may not contain a NUL character' })
    .refine((text) => unknownPlaceholders(text, names).length === 0, {
      error: `has an unknown placeholder; known are ${known}`,
    });
  return z.tuple([word.min(1, { error: 'a program' })], word, { error: argvRule });
}

export const Port = z.int({ error: 'a port from 1 to 65535' }).min(1).max(65_535);

/** An absolute path of a URL: `/ping`. */
export const UrlPath = z
  .string({ error: 'a path such as /ping' })
  .max(1024)
  .regex(/^\/[\u0021-\u007e]*$/);

/** A path inside the repository. */
export const RelativePath = z
  .string({ error: 'a path inside the repository' })
  .min(1)
  .max(1024)
  .refine(staysInside, { error: 'must stay inside the repository' });

export const AbsolutePath = z
  .string({ error: 'an absolute path' })
  .max(1024)
  .regex(/^\//)
  .refine(isClean, { error: 'may not contain a NUL character' });

/** `ed25519:` and 43 characters of base64url, as `sallyport agent keygen` and `sallyport app keygen` print it. */
export const KeyText = z
  .string({ error: 'a public key as `sallyport agent keygen` or `sallyport app keygen` prints it' })
  .regex(/^ed25519:[\w-]{43}$/, { abort: true })
  .refine(isPublicKey, { error: 'is not a valid Ed25519 public key' });

/** One or several patterns (`main`, `v*`); a list once parsed. */
const patternRule = 'a pattern such as main or v*, or a list of them';
const Pattern = z.string({ error: patternRule }).min(1).max(255);
export const Patterns = z.codec(
  z.union([Pattern, z.array(Pattern).min(1)], { error: patternRule }),
  z.array(z.string()),
  {
    decode: (value) => (typeof value === 'string' ? [value] : value),
    encode: (list) => list,
  },
);

/**
 * A map whose keys are names. Once parsed it has no prototype: looking up a name that people
 * typed never finds what every object has.
 */
export function mapOf<T extends z.ZodType>(value: T) {
  return z
    .record(Name, value)
    .transform((map): Record<string, z.output<T>> => Object.assign(Object.create(null), map));
}

function isClean(text: string): boolean {
  return !text.includes('\0');
}

function staysInside(path: string): boolean {
  return isClean(path) && !path.startsWith('/') && !path.split(/[/\\]/).includes('..');
}

function isPublicKey(text: string): boolean {
  try {
    parsePublicKey(text);
    return true;
  } catch {
    return false;
  }
}
