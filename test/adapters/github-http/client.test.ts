import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GithubClient } from '../../../src/adapters/github-http/client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let origin: string;
let handle: Handler;
const now = Date.UTC(2026, 0, 1);

beforeEach(async () => {
  server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('an answer', () => {
  test('brings what is in it, its next page, its tag, and the time of the server', async () => {
    handle = answer(200, '[1]', {
      etag: '"a"',
      link: '<http://x/?page=2>; rel="next", <http://x/>; rel="last"',
    });
    expect(await client().get('things')).toEqual({
      status: 200,
      json: [1],
      etag: '"a"',
      next: 'http://x/?page=2',
      now,
    });
  });

  test('of 304 is one too', async () => {
    handle = (request, response) =>
      answer(request.headers['if-none-match'] === '"a"' ? 304 : 200, '')(request, response);
    expect(await client().get('things', '"a"')).toMatchObject({ status: 304, now });
  });

  test.each([
    ['no JSON', '<html>', {}],
    ['no date', '[]', { date: '' }],
  ])('with %s is odd', async (_what, text, headers) => {
    handle = answer(200, text, headers);
    await expect(client().get('things')).rejects.toMatchObject({
      code: 'github_odd_answer',
      next: 'retry',
    });
  });
});

describe('a refusal', () => {
  const reset = String(now / 1000 + 90);
  test.each([
    [401, {}, { code: 'github_unauthorized', next: 'user', exit: 3 }],
    [403, {}, { code: 'github_forbidden', next: 'user', exit: 3 }],
    [404, {}, { code: 'github_not_found', next: 'user', exit: 4 }],
    [422, {}, { code: 'github_refused', next: 'user', exit: 1 }],
    [429, { 'retry-after': '7' }, { code: 'github_rate_limited', retryAfterMs: 7000 }],
    [403, { 'retry-after': '7' }, { code: 'github_rate_limited', retryAfterMs: 7000 }],
    [
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
      { code: 'github_rate_limited', next: 'retry', retryAfterMs: 90_000 },
    ],
    [429, {}, { code: 'github_rate_limited', retryAfterMs: 60_000 }],
    [503, {}, { code: 'github_unavailable', next: 'retry', retryAfterMs: undefined, exit: 5 }],
    [503, { 'retry-after': '3' }, { code: 'github_unavailable', retryAfterMs: 3000 }],
  ])('of %i with %j says what to do', async (status, headers, expected) => {
    handle = answer(status, '{"message":"no"}', headers);
    const refused = client().get('things');
    await expect(refused).rejects.toMatchObject(expected);
    await expect(refused).rejects.toThrow(`GitHub answered ${status} to GET /api/v3/things: no.`);
  });

  test('for a secondary limit is known by its words', async () => {
    handle = answer(403, '{"message":"You have exceeded a secondary rate limit."}');
    await expect(client().get('things')).rejects.toMatchObject({ code: 'github_rate_limited' });
  });
});

describe('a write', () => {
  test.each([
    ['cut', (_: unknown, response: ServerResponse) => response.destroy()],
    ['never answered', () => undefined],
    ['answered with a failure', answer(502, '')],
    ['answered with nonsense', answer(201, 'ok')],
  ])('that is %s may have happened', async (_what, act) => {
    handle = act as Handler;
    expect(await client(100).post('things', {})).toMatchObject({
      kind: 'uncertain',
      error: { next: 'retry' },
    });
  });

  test('that is refused has not', async () => {
    handle = answer(422, '{"message":"no","errors":[{"field":"log_url"}]}');
    expect(await client().post('things', {})).toMatchObject({
      kind: 'refused',
      error: { code: 'github_refused' },
    });
  });

  test('that found nobody has not', async () => {
    const nobody = new GithubClient({ apiUrl: 'http://127.0.0.1:9', token: () => 't' });
    await expect(nobody.post('things', {})).rejects.toMatchObject({
      code: 'github_unreachable',
      next: 'retry',
      exit: 5,
    });
  });
});

describe('a redirect', () => {
  test('of a renamed repository is followed, body and all', async () => {
    handle = (request, response) => {
      if (request.url !== '/api/v3/new')
        return answer(307, '', { location: '/api/v3/new' })(request, response);
      let text = '';
      request.on('data', (chunk) => (text += String(chunk)));
      request.on('end', () => answer(201, text)(request, response));
    };
    const outcome = await client().post('old', { a: 1 });
    expect(outcome).toMatchObject({ kind: 'done', answer: { json: { a: 1 } } });
  });

  test('to anywhere else gets no token', async () => {
    handle = answer(302, '', { location: 'http://localhost:1/api/v3/things' });
    await expect(client().get('things')).rejects.toMatchObject({ code: 'github_odd_answer' });
  });
});

test('a caller that leaves is told its own reason', async () => {
  const leaving = new AbortController();
  handle = () => leaving.abort(new Error('leaving'));
  await expect(client().get('things', undefined, leaving.signal)).rejects.toThrow('leaving');
});

test('connections are kept', async () => {
  const ports = new Set<number | undefined>();
  handle = (request, response) => {
    ports.add(request.socket.remotePort);
    answer(200, '[]')(request, response);
  };
  const kept = client();
  for (let n = 0; n < 3; n += 1) await kept.get('things');
  expect(ports.size).toBe(1);
});

test.each([
  [2, 200],
  [3, 'github_unreachable'],
])('of a connection that is cut %i times, a read hears %s', async (cuts, heard) => {
  let left = cuts;
  handle = (request, response) => {
    left -= 1;
    if (left >= 0) request.socket.destroy();
    else answer(200, '[]')(request, response);
  };
  const got = client().get('things');
  expect(
    await got.then(
      ({ status }) => status,
      ({ code }: { code: string }) => code,
    ),
  ).toBe(heard);
});

function client(timeoutMs = 5000): GithubClient {
  return new GithubClient({ apiUrl: `${origin}/api/v3/`, token: () => 'token', timeoutMs });
}

function answer(status: number, text: string, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.sendDate = false;
    response.writeHead(status, { date: new Date(now).toUTCString(), ...headers });
    response.end(status === 304 ? undefined : text);
  };
}
