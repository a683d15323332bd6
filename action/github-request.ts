import type { HttpAnswer, Send } from '../src/adapters/github-http/send.ts';
import type { GithubRequest } from '../src/app/octokit/request.ts';
import type { Clock } from '../src/ports/clock.ts';

interface Access {
  readonly apiUrl: string;
  readonly token: string;
  readonly send: Send;
  readonly clock: Clock;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

const timeoutMs = 30_000;
const tries = 3;
/** A longer wait than this costs more minutes than starting the run again. */
const longestWaitMs = 90_000;

/**
 * Asks as an Octokit does, in a fiftieth of its size: `GET /repos/{owner}/{repo}` and parameters,
 * of which those that the route does not name are the query or the body. Reads and changes of what
 * is there are tried again where the connection or the server fails; nothing is made twice. Rejects
 * with an error that has GitHub's `status`.
 */
export function githubRequest({ apiUrl, token, send, clock }: Access): GithubRequest {
  return async (route, parameters) => {
    const { method, url, body } = addressOf(route, parameters, apiUrl);
    const asked = { method, url, headers: headersFor(token, body), body, timeoutMs };
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(asked).catch((error: unknown) => error as Error);
      if (!(answer instanceof Error) && answer.status >= 200 && answer.status < 300) {
        return { data: answer.text === '' ? null : (JSON.parse(answer.text) as unknown) };
      }
      const pause = attempt < tries ? pauseBefore(answer, method, attempt) : null;
      if (pause === null) throw refusal(answer, route);
      await clock.sleep(pause);
    }
  };
}

function addressOf(
  route: string,
  parameters: Readonly<Record<string, unknown>>,
  apiUrl: string,
): { readonly method: Method; readonly url: URL; readonly body: string | undefined } {
  const [method = 'GET', template = '/'] = route.split(' ');
  const named = new Set<string>();
  const path = template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
    named.add(name);
    return encodeURIComponent(String(parameters[name]));
  });
  const url = new URL(apiUrl.replace(/\/+$/u, '') + path);
  // `request` is how Octokit itself shall behave.
  const rest = Object.entries(parameters).filter(
    ([name]) => !named.has(name) && name !== 'request',
  );
  const given = rest.filter(([, value]) => value !== undefined);
  if (method === 'GET' || method === 'DELETE') {
    for (const [name, value] of given) url.searchParams.set(name, String(value));
    return { method, url, body: undefined };
  }
  return { method: method as Method, url, body: JSON.stringify(Object.fromEntries(given)) };
}

function headersFor(token: string, body: string | undefined): Readonly<Record<string, string>> {
  return {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'user-agent': 'sallyport-action',
    'x-github-api-version': '2022-11-28',
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
  };
}

/** How long to wait before another try, in ms; `null` where there shall be none. */
function pauseBefore(answer: HttpAnswer | Error, method: Method, attempt: number): number | null {
  if (!(answer instanceof Error) && (answer.status === 403 || answer.status === 429)) {
    const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
    return seconds * 1000 <= longestWaitMs ? seconds * 1000 : null;
  }
  const isFailing = answer instanceof Error || answer.status >= 500;
  return isFailing && method !== 'POST' ? 500 * 2 ** attempt : null;
}

function refusal(answer: HttpAnswer | Error, route: string): Error {
  if (answer instanceof Error) return answer;
  return Object.assign(new Error(`${answer.status} for ${route}`), { status: answer.status });
}
