import { chmod, rename, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { asSallyportError } from '../../../model/errors.ts';
import type { ProxyProblem } from '../../../ports/proxy.ts';
import { handedOver } from './control-client.ts';
import { ControlRequest, type HandOverRequest, type PingValue } from './control-messages.ts';
import type { RouteTable } from './route-table.ts';

export interface Desk {
  readonly routes: RouteTable;
  readonly version: string;
  /** Rejects with `proxy_not_handed_over`. */
  handOver(asked: HandOverRequest): Promise<void>;
  /** What is wrong beside the routes. */
  problems(): readonly ProxyProblem[];
}

/**
 * Answers the agent on a socket that only this user can open. Whoever answered there before keeps what it
 * has begun, and is asked nothing more.
 */
export async function serveControl(socket: string, desk: Desk): Promise<Server> {
  const server = createServer((request, response) => void answer(request, response, desk));
  // Draining takes as long as it was asked to.
  server.requestTimeout = 0;
  // A server removes its socket by its name when it closes: under this one, only its own.
  const mine = join(dirname(socket), `c${process.pid}`);
  await rm(mine, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(mine, resolve);
  });
  await chmod(mine, 0o600);
  await rename(mine, socket);
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  desk: Desk,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const asked = ControlRequest.parse(await json(request));
    const value = await carryOut(asked, desk, gone.signal);
    response.end(JSON.stringify({ ok: true, value }));
  } catch (thrown) {
    const { code, message, hint } = asSallyportError(thrown);
    response.end(JSON.stringify({ ok: false, error: { code, message, hint } }));
  }
}

async function carryOut(asked: ControlRequest, desk: Desk, signal: AbortSignal): Promise<unknown> {
  const { routes, version } = desk;
  if (routes.isHandedOver) throw handedOver();
  switch (asked.op) {
    case 'ping':
      return { pid: process.pid, version } satisfies PingValue;
    case 'hand-over':
      await desk.handOver(asked);
      return null;
    case 'ensure':
      return await routes.ensure(asked);
    case 'switch':
      return await routes.switch(asked.name, asked.slot, asked.upstream);
    case 'clear':
      return await routes.clear(asked.name);
    case 'drain':
      return await routes.drain(asked.name, asked.slot, asked.timeoutMs, signal);
    case 'status':
      return await routes.status(asked.name);
    case 'weights':
      return await routes.weights(asked.name, asked.canary);
    case 'offer':
      return await routes.offer(asked.name, asked.slot, asked.upstream);
    case 'maintenance':
      return await routes.maintenance(asked.name, asked.text);
    case 'pause':
      return await routes.pause(asked.name, asked.holdMs);
    case 'resume':
      return await routes.resume(asked.name);
    case 'counters':
      return routes.counters(asked.name);
    case 'check':
      return [...routes.check(), ...desk.problems()];
    case 'remove':
      return await routes.remove(asked.name);
  }
}
