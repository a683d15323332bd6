import { once } from 'node:events';
import { chmod, mkdir, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { SallyportError, asSallyportError, exitCodes } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { followFile } from './follow-file.ts';
import type { AgentView } from './tell.ts';
import { unitLogPath } from './unit-log.ts';

export interface ControlWorld {
  readonly view: AgentView;
  readonly wake: () => void;
  /** The agent's state folder: the socket and the logs are there. */
  readonly state: string;
  readonly clock: Clock;
}

/** Linux takes no longer path for a socket, in bytes. */
const longestPath = 107;

/** Where an agent with this state folder answers. */
export function socketPath(state: string): string {
  return `${state}/agent.sock`;
}

/**
 * Answers people and programs on this host over a Unix socket that only the agent's user may open:
 * GET /status, /history?environment=, /logs/<deployment>?follow=1, POST /wake. Takes the place of
 * a socket that nobody serves any more; rejects with `agent_running` where somebody does.
 */
export async function serveControl(world: ControlWorld): Promise<{ close(): Promise<void> }> {
  const path = socketPath(world.state);
  if (Buffer.byteLength(path) > longestPath) throw tooLong(path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  if (await isServed(path)) throw inUse(path);
  await unlink(path).catch(ignoreMissing);
  const ending = new AbortController();
  const server = createServer((request, response) => {
    answer(request, response, world, ending.signal).catch((error: unknown) => {
      sendError(response, 500, asSallyportError(error));
    });
  });
  // Bound with no rights for others, so that there is no moment in which they have some.
  const mask = process.umask(0o177);
  try {
    server.listen(path);
    await once(server, 'listening');
  } finally {
    process.umask(mask);
  }
  await chmod(path, 0o600);
  // A connection that cannot be taken (too many open files) is its client's trouble, not the agent's.
  server.on('error', () => undefined);
  return {
    async close() {
      ending.abort();
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  world: ControlWorld,
  ending: AbortSignal,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://agent');
  const environment = url.searchParams.get('environment');
  const log = /^\/logs\/(\d{1,15})$/.exec(url.pathname)?.[1];
  if (request.method === 'POST' && url.pathname === '/wake') {
    world.wake();
    send(response, 202, { schema: 1, ok: true });
  } else if (request.method !== 'GET') {
    sendError(response, 405, notFound(`There is no ${request.method} ${url.pathname}.`));
  } else if (url.pathname === '/status') {
    const status = await world.view.status(environment);
    if (status) send(response, 200, status);
    else sendError(response, 404, unknownEnvironment(environment));
  } else if (url.pathname === '/history') {
    const history = environment === null ? null : world.view.history(environment);
    if (history) send(response, 200, history);
    else sendError(response, 404, unknownEnvironment(environment));
  } else if (log !== undefined) {
    const follow = url.searchParams.get('follow') === '1';
    await streamLog(response, Number(log), follow, world, ending);
  } else sendError(response, 404, notFound(`There is no ${url.pathname}.`));
}

async function streamLog(
  response: ServerResponse,
  deployment: number,
  follow: boolean,
  { state, view, clock }: ControlWorld,
  ending: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const isDone = () => !follow || view.isOver(deployment) !== false;
  const path = unitLogPath(state, deployment);
  const pieces = followFile(path, isDone, clock, AbortSignal.any([gone.signal, ending]));
  try {
    for await (const piece of pieces) {
      if (!response.headersSent) {
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
      }
      if (!response.write(piece)) await once(response, 'drain', { signal: gone.signal });
    }
    response.end();
  } catch (error) {
    if (gone.signal.aborted) return;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    sendError(response, 404, notFound(`Deployment ${deployment} has no log on this host.`));
  }
}

function send(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(document)}\n`);
}

function sendError(response: ServerResponse, status: number, error: SallyportError): void {
  const { code, message, hint } = error;
  if (response.headersSent) response.destroy();
  else send(response, status, { schema: 1, ok: false, error: { code, message, hint } });
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function notFound(message: string): SallyportError {
  return new SallyportError({ code: 'not_found', message, exit: exitCodes.notFound });
}

function unknownEnvironment(environment: string | null): SallyportError {
  return new SallyportError({
    code: 'environment_unknown',
    message:
      environment === null
        ? 'An environment is missing.'
        : `This agent does not serve an environment ${environment}.`,
    hint: 'See those that it serves: sallyport status',
    exit: exitCodes.notFound,
  });
}

function inUse(path: string): SallyportError {
  return new SallyportError({
    code: 'agent_running',
    message: `An agent runs already and answers at ${path}.`,
    hint: 'Ask it: sallyport status',
    next: 'stalled',
  });
}

function tooLong(path: string): SallyportError {
  return new SallyportError({
    code: 'socket_path_too_long',
    message: `${path} is longer than the ${longestPath} bytes that a Unix socket may have.`,
    hint: 'Choose a shorter folder for `state` in agent.yml.',
    exit: exitCodes.usage,
  });
}
