import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rename, rm, unlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { SallyportError, asSallyportError, exitCodes } from '../model/errors.ts';
import { sendError, statusOfExit } from './control-answers.ts';
import { answer, type ControlWorld } from './control-routes.ts';

/** Linux takes no longer path for a socket, in bytes. */
const longestPath = 107;

/** Where an agent with this state folder answers. */
export function socketPath(state: string): string {
  return `${state}/agent.sock`;
}

/**
 * Answers people and programs on this host over a Unix socket that only the agent's user may open:
 * GET /status, /history?environment=, /logs/<deployment>?follow=1, /plans/<deployment>,
 * /deployments/<deployment>, /gates?environment=, /releases, POST /wake, /reconcile, /acts. Takes the place of a socket
 * that nobody serves any more; rejects with `agent_running` where somebody does.
 */
export async function serveControl(world: ControlWorld): Promise<{ close(): Promise<void> }> {
  const path = socketPath(world.state);
  if (Buffer.byteLength(path) > longestPath) throw tooLong(path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  if (await isServed(path)) throw inUse(path);
  await unlink(path).catch(ignoreMissing);
  const ending = new AbortController();
  const server = createServer((request, response) => {
    answer(request, response, world, ending.signal).catch((thrown: unknown) => {
      const error = asSallyportError(thrown);
      sendError(response, statusOfExit[error.exit], error);
    });
  });
  await bind(server, path);
  // A connection that cannot be taken (too many open files) is its client's trouble, not the agent's.
  server.on('error', () => undefined);
  return {
    async close() {
      ending.abort();
      await unlink(path).catch(ignoreMissing);
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

/**
 * Binds in a folder that nobody else may enter, so that there is no moment in which others have rights. A
 * umask would be the whole process's: files and folders that are made meanwhile would get it too.
 */
async function bind(server: Server, path: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(path), 's'));
  try {
    const mine = join(folder, 's');
    server.listen(mine);
    await once(server, 'listening');
    await chmod(mine, 0o600);
    await rename(mine, path);
  } finally {
    await rm(folder, { recursive: true });
  }
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
