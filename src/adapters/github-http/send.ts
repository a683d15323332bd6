import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** For the whole exchange, from the name lookup to the last byte. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

export type Send = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpAnswer>;

/** A hundred deployments with long payloads are some megabytes; more than this is not GitHub. */
const maxBytes = 16 * 1024 * 1024;
/** Shorter than GitHub's own patience, so that no request is sent down a connection that is just closing. */
const idleMs = 20_000;

/** How a request leaves this program. */
interface Way {
  readonly request: typeof requestHttp;
  readonly agent: HttpAgent;
}

/**
 * Sends requests over connections that it keeps: `node:http` and `node:https` only, since the
 * global `fetch` costs an idle agent 26 MB. Rejects with the system's error (`code`), with
 * `ETIMEDOUT`, or with the reason of the signal; never for a status. Follows no redirect.
 */
export function createSend(): Send {
  const plain: Way = { request: requestHttp, agent: new HttpAgent(kept) };
  let tls: Promise<Way> | undefined;
  return async (asked, signal) =>
    exchange(asked.url.protocol === 'https:' ? await (tls ??= openTls()) : plain, asked, signal);
}

const kept = { keepAlive: true, timeout: idleMs } as const;

/** TLS is 4 MB of memory: it is loaded once somebody needs it. */
async function openTls(): Promise<Way> {
  const { Agent, request } = await import('node:https');
  return { request, agent: new Agent(kept) };
}

function exchange(
  way: Way,
  asked: HttpRequest,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const { method, url, headers, body, timeoutMs } = asked;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const request = way.request(url, {
      method,
      headers: { ...headers, ...lengthOf(body) },
      agent: way.agent,
    });
    const leave = (): void => void request.destroy(signal?.reason as Error);
    const timer = setTimeout(() => request.destroy(failure('ETIMEDOUT')), timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    signal?.addEventListener('abort', leave, { once: true });
    const fail = (error: unknown): void => {
      finish();
      reject(signal?.aborted ? (signal.reason as Error) : (error as Error));
    };
    request.on('error', fail);
    request.on('response', (response) => {
      readText(response).then((text) => {
        finish();
        resolve({ status: response.statusCode ?? 0, headers: headersOf(response), text });
      }, fail);
    });
    request.end(body);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw failure('EMSGSIZE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(response: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

function lengthOf(body: string | undefined): Record<string, number> {
  return body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
