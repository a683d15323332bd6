import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { SallyportError } from '../../../model/errors.ts';
import type { Json } from './snippet.ts';

/** A change of its configuration starts everything anew beside the old one. */
const patienceMs = 10_000;

export interface Answer {
  readonly status: number;
  readonly body: Json;
  /** What the configuration must still be when it is written back. */
  readonly etag: string | undefined;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Json;
  readonly ifMatch?: string | undefined;
}

const Failure = z.object({ error: z.string() });

/** Asks Caddy's admin API. Rejects with `proxy_not_answering`. */
export async function askCaddy(admin: string, question: Question): Promise<Answer> {
  const { method, path, body, ifMatch } = question;
  try {
    const asking = request(new URL(path, admin), {
      method,
      agent: false,
      signal: AbortSignal.timeout(patienceMs),
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
      },
    });
    asking.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    let text = '';
    for await (const piece of answer.setEncoding('utf8')) text += String(piece);
    const parsed = (text.trim() === '' ? null : JSON.parse(text)) as Json;
    const etag = answer.headers.etag ?? answer.trailers['etag'];
    return { status: answer.statusCode ?? 0, body: parsed, etag };
  } catch (error) {
    throw new SallyportError({
      code: 'proxy_not_answering',
      message: `Caddy does not answer on ${admin}: ${(error as Error).message}`,
      hint: 'systemctl start caddy-api; journalctl -u caddy-api -n 20',
      next: 'retry',
      cause: error,
    });
  }
}

/** What Caddy says is wrong. */
export function wordsOf({ status, body }: Answer): string {
  return Failure.safeParse(body).data?.error ?? `status ${status}`;
}
