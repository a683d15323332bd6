import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../auth/actor.ts';
import { actorLabel } from '../auth/actor.ts';
import { authenticate } from '../auth/authenticate.ts';
import { authorize } from '../auth/authorize.ts';
import type { Answer, RequestContext } from '../hooks.ts';
import type { World } from '../world.ts';
import { readJson } from './body.ts';
import { createCall } from './call.ts';
import { ApiError } from './errors.ts';
import { etagOf, matchesEtag } from './etag.ts';
import { rateLimitHeaders } from './rate-limit.ts';
import type { Match, Router } from './router.ts';

export interface Api {
  readonly world: World;
  readonly router: Router;
  /** Counts requests, for `RequestContext.sequence`. */
  readonly counter: { requests: number };
}

/** One API exchange: who asks, may they, what happened, ETag, headers, and the observers told. */
export async function serveApi(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { world } = api;
  const arrived = await arrive(api, request);
  const answer = await intervened(api, arrived);
  if (answer === 'cut') {
    request.socket.destroy();
    return;
  }
  const written = finish(api, arrived, answer);
  response.writeHead(written.status, written.headers);
  response.end(written.text);
  world.hooks.observe?.({
    ...arrived.context,
    status: written.status,
    responseHeaders: written.headers,
    responseBody: written.status === 304 ? undefined : (answer.body ?? answer.text),
  });
}

interface Arrived {
  readonly context: RequestContext;
  readonly actor: Actor;
  readonly match: Match | undefined;
  /** An error found before the route was reached: bad credentials, bad JSON. */
  readonly refused: Answer | undefined;
}

async function arrive(api: Api, request: IncomingMessage): Promise<Arrived> {
  const { world } = api;
  const url = new URL(request.url ?? '/', world.url);
  const path = namedPath(world, url.pathname.slice('/api/v3'.length) || '/');
  const method = request.method ?? 'GET';
  const match = api.router(method, path);
  let refused: Answer | undefined;
  let actor: Actor = { kind: 'anonymous' };
  let body: unknown;
  try {
    body = await readJson(request);
    actor = await authenticate(world, request.headers.authorization);
  } catch (error) {
    refused = answerOf(error);
  }
  api.counter.requests += 1;
  const context: RequestContext = {
    sequence: api.counter.requests,
    method,
    template: match?.route.template ?? null,
    path,
    params: match?.params ?? {},
    query: Object.fromEntries(url.searchParams),
    headers: flatHeaders(request),
    body,
    actor: actorLabel(actor),
    at: world.now(),
  };
  return { context, actor, match, refused };
}

async function intervened(api: Api, arrived: Arrived): Promise<Answer | 'cut'> {
  const { faults } = api.world.hooks;
  const before = await faults?.beforeRequest?.(arrived.context);
  if (before) return before.kind === 'cut' ? 'cut' : before.answer;
  const answer = arrived.refused ?? (await handled(api, arrived));
  const after = await faults?.afterHandler?.(arrived.context, answer);
  if (after) return after.kind === 'cut' ? 'cut' : after.answer;
  return answer;
}

async function handled(api: Api, { context, actor, match }: Arrived): Promise<Answer> {
  try {
    api.world.limits.check(actor, api.world.now());
    if (!match) throw new ApiError(404, 'Not Found');
    const repository = authorize(api.world, actor, match.route.access, match.params);
    return await match.route.handle(createCall(api.world, context, actor, repository));
  } catch (error) {
    return answerOf(error);
  }
}

function finish(
  api: Api,
  { context, actor }: Arrived,
  answer: Answer,
): { status: number; headers: Record<string, string>; text: string } {
  const { world } = api;
  const now = world.now();
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    date: new Date(now).toUTCString(),
    'x-github-request-id': randomUUID(),
    'x-github-media-type': 'github.v3; format=json',
    'cache-control': 'private, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP',
    ...answer.headers,
  };
  let { status } = answer;
  let text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  if (context.method === 'GET' && status === 200) {
    headers['etag'] = etagOf(context.headers['authorization'], text);
    if (matchesEtag(context.headers['if-none-match'], headers['etag'])) status = 304;
  }
  if (status === 304 || status === 204) text = '';
  if (status !== 304) api.world.limits.count(actor, now);
  Object.assign(headers, rateLimitHeaders(api.world.limits.show(actor, now)));
  return { status, headers, text };
}

/** `/repositories/{id}/…`, as GitHub's own links have it, under its usual name. */
function namedPath(world: World, path: string): string {
  const found = /^\/repositories\/(\d+)(.*)$/.exec(path);
  const repository = world.state.repositories.find(({ id }) => String(id) === found?.[1]);
  if (!repository) return path;
  return `/repos/${repository.owner.login}/${repository.name}${found?.[2] ?? ''}`;
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
}

function answerOf(error: unknown): Answer {
  if (error instanceof ApiError) return error.answer;
  // A bug of the stand-in: loud, so that a test cannot mistake it for GitHub's behaviour.
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: 500, body: { message: `The stand-in failed: ${message}` } };
}
