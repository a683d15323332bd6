import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { asSallyportError } from '../../../model/errors.ts';
import { ControlRequest } from './control-messages.ts';
import type { RouteTable } from './route-table.ts';

/** Answers the agent on a socket that only this user can open. */
export async function serveControl(socket: string, routes: RouteTable): Promise<Server> {
  const server = createServer((request, response) => void answer(request, response, routes));
  // Draining takes as long as it was asked to.
  server.requestTimeout = 0;
  // Whoever held the lock before is dead, and so is its socket.
  await rm(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socket, resolve);
  });
  await chmod(socket, 0o600);
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: RouteTable,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const asked = ControlRequest.parse(await json(request));
    const value = await carryOut(asked, routes, gone.signal);
    response.end(JSON.stringify({ ok: true, value }));
  } catch (thrown) {
    const { code, message, hint } = asSallyportError(thrown);
    response.end(JSON.stringify({ ok: false, error: { code, message, hint } }));
  }
}

async function carryOut(
  asked: ControlRequest,
  routes: RouteTable,
  signal: AbortSignal,
): Promise<unknown> {
  switch (asked.op) {
    case 'ping':
      return process.pid;
    case 'ensure':
      return await routes.ensure(asked);
    case 'switch':
      return await routes.switch(asked.name, asked.slot, asked.upstream);
    case 'drain':
      return await routes.drain(asked.name, asked.slot, asked.timeoutMs, signal);
    case 'status':
      return routes.status(asked.name);
    case 'weights':
      return await routes.weights(asked.name, asked.canary);
    case 'offer':
      return await routes.offer(asked.name, asked.slot, asked.upstream);
    case 'maintenance':
      return await routes.maintenance(asked.name, asked.text);
    case 'pause':
      return routes.pause(asked.name, asked.holdMs);
    case 'resume':
      return routes.resume(asked.name);
    case 'counters':
      return routes.counters(asked.name);
    case 'check':
      return routes.check();
    case 'remove':
      return await routes.remove(asked.name);
  }
}
