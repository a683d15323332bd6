import type { IncomingMessage, ServerResponse } from 'node:http';
import { spawn } from 'node:child_process';
import { basename } from 'node:path';

import { moveRefs } from '../acts/refs.ts';
import { accountOf, actorLabel } from '../auth/actor.ts';
import type { Actor } from '../auth/actor.ts';
import { authenticate } from '../auth/authenticate.ts';
import { authorize } from '../auth/authorize.ts';
import { reads, writes } from '../auth/access.ts';
import type { RequestContext } from '../hooks.ts';
import { ApiError } from './errors.ts';
import type { Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { writeCgiAnswer } from './cgi.ts';
import { gitEnvironment } from '../git/program.ts';

const gitPath =
  /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/;

/** Serves a Git client's request; answers false when the path is none of Git's. */
export async function serveGit(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', world.url);
  const found = gitPath.exec(url.pathname);
  if (!found) return false;
  const [, owner = '', repo = '', service = ''] = found;
  try {
    const actor = await authenticate(world, request.headers.authorization);
    const context = contextOf(world, request, url, { owner, repo }, actor);
    const fault = await world.hooks.faults?.beforeRequest?.(context);
    if (fault?.kind === 'cut') request.socket.destroy();
    else if (fault) refuse(response, fault.answer.status, 'Refused');
    else await converse(world, request, response, { owner, repo, service, url, actor });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuse(response, error.answer.status, error.message);
  }
  return true;
}

interface Conversation {
  readonly owner: string;
  readonly repo: string;
  readonly service: string;
  readonly url: URL;
  readonly actor: Actor;
}

async function converse(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  { owner, repo, service, url, actor }: Conversation,
): Promise<void> {
  const pushes =
    service === '/git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  const repository = permitted(world, actor, { owner, repo }, pushes);
  const run = (): Promise<void> => runBackend(world, request, response, repository, service, url);
  const account = accountOf(actor);
  if (service === '/git-receive-pack' && account) {
    // The answer ends after the refs were noticed: who has pushed finds the API up to date.
    await moveRefs(world, repository, account, run);
  } else {
    await run();
  }
  response.end();
}

function permitted(
  world: World,
  actor: Actor,
  params: Readonly<Record<string, string>>,
  pushes: boolean,
): Repository {
  try {
    const access = pushes ? writes('contents') : reads('contents');
    const repository = authorize(world, actor, access, params);
    if (repository) return repository;
  } catch (error) {
    // Git asks its user for a password only after a 401.
    if (actor.kind === 'anonymous') throw new ApiError(401, 'Authentication required');
    throw error;
  }
  throw new ApiError(404, 'Repository not found.');
}

async function runBackend(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  repository: Repository,
  service: string,
  url: URL,
): Promise<void> {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const length = header('content-length');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment,
      GIT_PROJECT_ROOT: world.directory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${basename(repository.directory)}${service}`,
      REQUEST_METHOD: request.method ?? 'GET',
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: header('content-type'),
      ...(length === '' ? {} : { CONTENT_LENGTH: length }),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: 'git',
      REMOTE_ADDR: '127.0.0.1',
    },
    // A push holds the turn of all pushes: who hangs up must not keep it.
    signal: AbortSignal.any([world.closing, gone.signal]),
  });
  // The program may end before it has read everything; what is left is of no interest.
  backend.stdin.on('error', () => undefined);
  backend.on('error', () => undefined);
  backend.stderr.resume();
  const ended = new Promise((resolve) => backend.once('close', resolve));
  request.pipe(backend.stdin);
  await writeCgiAnswer(backend.stdout, response);
  await ended;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const ask = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
  response.writeHead(status, { 'content-type': 'text/plain', ...ask });
  response.end(`${message}\n`);
}

function contextOf(
  world: World,
  request: IncomingMessage,
  url: URL,
  params: Readonly<Record<string, string>>,
  actor: Actor,
): RequestContext {
  return {
    sequence: 0,
    method: request.method ?? 'GET',
    template: '/{owner}/{repo}.git',
    path: url.pathname,
    params,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: undefined,
    actor: actorLabel(actor),
    at: world.now(),
  };
}
