import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor, redact } from '../../src/model/redact.ts';

test.each([
  ['nothing to hide', 'hello', [], 'hello'],
  ['one secret', 'a hunter2 b', ['hunter2'], 'a [redacted] b'],
  ['the longest one that fits', 'abcdef abc', ['abc', 'abcdef'], '[redacted] [redacted]'],
  ['characters that mean something in patterns', 'a.b$ axb$', ['a.b$'], '[redacted] axb$'],
  ['an empty value hides nothing', 'hello', [''], 'hello'],
  ['each longer line of a key', '  MIIEvQIBADAN', ['-----\nMIIEvQIBADAN\n-----'], '  [redacted]'],
  ['the start of a secret that does not come', 'hunt', ['hunter2'], 'hunt'],
])('%s', (_case, text, secrets, expected) => {
  expect(redact(text, secrets)).toBe(expected);
});

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });

test('it does not matter where the text is cut', () => {
  fc.assert(
    fc.property(fc.array(letters), fc.array(letters), (pieces, secrets) => {
      const redactor = createRedactor(secrets);
      const cut = pieces.map((piece) => redactor.push(piece)).join('') + redactor.end();
      expect(cut).toBe(redact(pieces.join(''), secrets));
    }),
  );
});

test('no secret comes through', () => {
  fc.assert(
    fc.property(fc.array(letters), fc.array(letters), (pieces, secrets) => {
      const out = redact(pieces.join(''), secrets).replaceAll('[redacted]', ' ');
      for (const secret of secrets) if (secret !== '') expect(out).not.toContain(secret);
    }),
  );
});
