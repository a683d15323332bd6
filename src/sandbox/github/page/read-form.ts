import type { IncomingMessage } from 'node:http';

/** The longest form: a comment, every character of it escaped. */
const maxBytes = 65_536 * 12;

/** Any web page may make a browser send a form to loopback; its `Origin` tells it apart. */
export function comesFromThisPage({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

/** Empty where it is too long. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) return new URLSearchParams();
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}
