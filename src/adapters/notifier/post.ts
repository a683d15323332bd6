import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { HttpAnswer } from '../github-http/send.ts';
import type { NotifierWorld } from './world.ts';

export interface Post {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, as it is sent. */
  readonly body: string;
}

/** Posts JSON. Rejects where it was not taken; no message names more of the address than its host. */
export async function post(
  { send, timeoutMs }: Pick<NotifierWorld, 'send' | 'timeoutMs'>,
  { url, headers, body }: Post,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const request = {
    method: 'POST' as const,
    url,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'sallyport',
      ...headers,
    },
    body,
    timeoutMs,
  };
  const answer = await send(request, signal).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw unreachable(url, cause);
  });
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw refused(url, answer);
}

function unreachable({ host }: URL, cause: unknown): SallyportError {
  const { code = 'no connection' } = cause as { readonly code?: string };
  return new SallyportError({
    code: 'notifier_unreachable',
    message: code === 'ETIMEDOUT' ? `${host} did not answer in time` : `${host}: ${code}`,
    next: 'retry',
    exit: exitCodes.unreachable,
    cause,
  });
}

/** Not now, rather than never. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

function refused({ host }: URL, { status, headers }: HttpAnswer): SallyportError {
  const mayPass = status >= 500 || passing.has(status);
  return new SallyportError({
    code: 'notifier_refused',
    message: `${host} answered ${status}`,
    next: mayPass ? 'retry' : 'user',
    retryAfterMs: mayPass ? retryAfterOf(headers) : undefined,
  });
}

/** `Retry-After`: seconds, or a date, which is counted from the answer's own. */
function retryAfterOf(headers: HttpAnswer['headers']): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text.trim())) return Number(text) * 1000;
  const ms = Date.parse(text) - Date.parse(headers['date'] ?? '');
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
