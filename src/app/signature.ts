import { createHmac, timingSafeEqual } from 'node:crypto';

const form = /^sha256=([0-9a-f]{64})$/;

/**
 * Whether `X-Hub-Signature-256` is the HMAC of the raw body, compared in constant time.
 * The body is not parsed before this holds.
 */
export function isSignedWith(
  secret: string,
  body: Uint8Array,
  header: string | undefined,
): boolean {
  const given = form.exec(header ?? '')?.[1];
  if (!given) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(given, 'hex'));
}

/** Whether a header could be a signature at all; where it could not, the body need not be read. */
export function isSignature(header: string | undefined): header is string {
  return form.test(header ?? '');
}
