import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describe as cut,
  descriptionWith,
  recordInDescription,
} from '../../../src/adapters/ledger/github/description.ts';
import { logUrlWith, recordInLogUrl } from '../../../src/adapters/ledger/github/log-url.ts';

const token = Buffer.alloc(124, 'record').toString('base64url');
const site = 'https://github.com';
const repository = `${site}/acme/shop`;

describe('the log_url', () => {
  test.each([
    ['the link itself where there is room', `${repository}/pull/7`, `${repository}/pull/7`],
    [
      "without the link's own fragment",
      `${repository}/pull/7#issuecomment-1`,
      `${repository}/pull/7`,
    ],
    [
      'the next one where it is long',
      `${repository}/pull/7?${'x'.repeat(80)}`,
      `${repository}/deployments`,
    ],
    ['the next one where it is no link', 'javascript:alert(1)', `${repository}/deployments`],
  ])('has %s', (_what, link, expected) => {
    const url = logUrlWith(token, [link, `${repository}/deployments`, site]);
    expect(url).toBe(`${expected}#sp1.${token}`);
    expect(url!.length).toBeLessThan(255);
    expect(recordInLogUrl(url!)).toBe(token);
  });

  test('goes down to the bare site, and then gives up', () => {
    const long = `${site}/${'o'.repeat(39)}/${'r'.repeat(100)}`;
    expect(logUrlWith(token, [long, site])).toBe(`${site}/#sp1.${token}`);
    expect(
      logUrlWith(token, [`https://${'h'.repeat(60)}.example.org/${'x'.repeat(20)}`]),
    ).toBeNull();
  });

  test.each([
    '',
    'https://x.org/#sp1.',
    `https://x.org/#sp1.${'a'.repeat(401)}`,
    'https://x.org/#sp1.a b',
  ])('without a record is not read: %s', (url) => expect(recordInLogUrl(url)).toBeNull());
});

describe('the description', () => {
  test('holds nothing that GitHub refuses: no emoji, no control character', () => {
    expect(cut('web: build: \u{1f4a5}\u001b[31m caf\u00e9 \u2713')).toBe(
      'web: build: \ufffd\ufffd[31m caf\u00e9 \u2713',
    );
  });

  test('takes any record that fits, and gives it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 136 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        const description = descriptionWith(text)!;
        expect(description.length).toBeLessThanOrEqual(140);
        expect(description.normalize('NFKC').trim()).toBe(description);
        expect(recordInDescription(description)).toBe(text);
      }),
    );
  });

  test('takes none that is too long or no base64url', () => {
    expect(descriptionWith(Buffer.alloc(137).toString('base64url'))).toBeNull();
    expect(descriptionWith('not base64url')).toBeNull();
    expect(recordInDescription('sp1.words for people')).toBeNull();
    expect(recordInDescription('web-1 applying')).toBeNull();
  });

  test('for people is cut to what GitHub takes', () => {
    expect(cut('short')).toBe('short');
    expect(Array.from(cut('ä'.repeat(200)))).toHaveLength(140);
  });
});
