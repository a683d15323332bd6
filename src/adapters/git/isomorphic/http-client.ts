import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { HttpClient } from 'isomorphic-git';
import { gitLimits } from '../git-limits.ts';

const maxRedirects = 5;
/** So long may a server be silent, in ms. */
const silenceMs = 60_000;

/** HTTP for isomorphic-git, that can be given up, runs out of patience, and follows a renamed repository. */
export function httpClient(signal: AbortSignal | undefined): HttpClient {
  const deadline = AbortSignal.timeout(gitLimits.fetchMs);
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
  // The library sends every request to the old address, but a POST cannot be redirected.
  let moved = (url: string) => url;
  return {
    async request({ url, method = 'GET', headers = {}, body }) {
      const sent = body ? Buffer.concat(await collect(body)) : null;
      for (let hop = 0; ; hop += 1) {
        const at = new URL(moved(url));
        // A token is for the server that it was made for.
        if (at.origin !== new URL(url).origin) delete headers['Authorization'];
        const answer = await ask(at, method, headers, sent, stop);
        const next = method === 'GET' ? redirection(answer, at) : null;
        if (next === null || hop === maxRedirects) return asResponse(answer, at, method);
        answer.resume();
        const [from, to] = [repositoryOf(url), repositoryOf(next.href)];
        moved = (asked) => (asked.startsWith(from) ? to + asked.slice(from.length) : asked);
      }
    },
  };
}

/** The address without what the protocol adds to it. */
function repositoryOf(url: string): string {
  return url.replace(/\/info\/refs(\?.*)?$/, '');
}

async function ask(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: Buffer | null,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const asking = open(url, { method, headers, signal });
  asking.setTimeout(silenceMs, () => asking.destroy(new Error('the server fell silent')));
  asking.end(body ?? undefined);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return answer;
}

function redirection(answer: IncomingMessage, from: URL): URL | null {
  const { location } = answer.headers;
  const moved = [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0);
  if (!moved || location === undefined || !URL.canParse(location, from.href)) return null;
  const next = new URL(location, from);
  return next.protocol === from.protocol ? next : null;
}

function asResponse(answer: IncomingMessage, url: URL, method: string) {
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
  return {
    url: url.href,
    method,
    statusCode: answer.statusCode ?? 0,
    statusMessage: answer.statusMessage ?? '',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: limited(answer),
  };
}

async function* limited(answer: IncomingMessage): AsyncIterableIterator<Uint8Array> {
  let total = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > gitLimits.treeBytes) throw new Error('the answer is too large');
    yield chunk;
  }
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return parts;
}
