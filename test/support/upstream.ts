import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Upstream } from '../../src/model/upstream.ts';

type OnPort = Extract<Upstream, { port: number }>;
type OnSocket = Extract<Upstream, { socket: string }>;

/** A release that answers: a real HTTP server with a few habits, told by the path. */
export interface TestUpstream<Where extends Upstream = OnPort> {
  readonly upstream: Where;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Connections that it ever accepted. */
  readonly connections: number;
  /** Lets the requests to `/wait` end. */
  letGo(): void;
  /** Closes connections that wait for their next request, as a server does whose patience ran out. */
  closeIdle(): void;
  /** Resolves when a client of `/wait` went away before its answer. */
  readonly abandoned: Promise<void>;
  close(): Promise<void>;
}

/** On a free port of 127.0.0.1, or on a Unix socket that everybody may connect to. */
export async function startUpstream(name: string): Promise<TestUpstream>;
export async function startUpstream(name: string, socket: string): Promise<TestUpstream<OnSocket>>;
export async function startUpstream(
  name: string,
  socket?: string,
): Promise<TestUpstream<Upstream>> {
  const asked: string[] = [];
  const waiting = new Set<ServerResponse>();
  const abandoned = Promise.withResolvers<void>();
  const habits: Readonly<Record<string, (request: IncomingMessage, to: ServerResponse) => void>> = {
    '/': (_, to) => to.setHeader('X-Slot', name).end(name),
    '/headers': (request, to) => to.end(JSON.stringify(request.rawHeaders)),
    '/echo': (request, to) => request.pipe(to),
    '/created': (_, to) =>
      to.writeHead(201, 'Made', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']).end(),
    // What it left unread would reset the connection, and may take the answer along.
    '/refuse': (from, to) => {
      let read = 0;
      from.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read === 100_000) to.writeHead(413, { Connection: 'close' }).end('too much');
      });
    },
    '/cut': (_, to) => to.write('half', () => to.destroy()),
    '/crash': (_, to) => to.destroy(),
    '/wait': (_, to) => {
      waiting.add(to);
      to.once('close', () => to.writableFinished || abandoned.resolve());
    },
  };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const habit = habits[request.url ?? ''];
    if (habit) habit(request, response);
    else response.writeHead(404).end();
  });
  const sockets = new WebSocketServer({ server, path: '/socket' });
  sockets.on('connection', (socket) => {
    socket.send(`hello from ${name}`);
    socket.on('message', (data: Buffer) => socket.send(`${name}: ${data.toString()}`));
  });
  const open = new Set<Socket>();
  let connections = 0;
  server.on('connection', () => (connections += 1));
  server.on('connection', (socket) => open.add(socket.once('close', () => open.delete(socket))));
  if (socket === undefined) server.listen(0, '127.0.0.1');
  else server.listen({ path: socket, writableAll: true });
  await once(server, 'listening');
  return {
    upstream:
      socket === undefined
        ? { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
        : { socket },
    asked,
    get connections() {
      return connections;
    },
    letGo: () => waiting.forEach((response) => response.end(name)),
    closeIdle: () => server.closeIdleConnections(),
    abandoned: abandoned.promise,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
