import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SallyportError } from '../../../model/errors.ts';
import type { Pem } from './certificate.ts';
import { Http1Exchange, Http2Exchange, type Exchange } from './exchange.ts';

export type OnRequest = (exchange: Exchange) => void;
export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** A server for clients that may be slow, keep their connection, and send for hours. */
export interface Listener {
  readonly server: NetServer;
  /** Serves with another certificate from the next connection on. */
  useCertificate(pem: Pem): void;
  /** Takes no new connections, and closes those on which nothing is under way. */
  release(): void;
  /**
   * Takes no new connections. Those that are kept end after their next answer, which says so: to
   * close them now would meet requests that are on their way. Resolves when the last one is gone.
   */
  leave(): Promise<void>;
  closeAll(): void;
}

const idleMs = 75_000;
/** So long clients have for hearing that a session ends, in ms. */
const goodbyeMs = 2_000;

/** An open listening socket, as it comes from another process. */
export type ListeningHandle = object;

const http1 = {
  keepAliveTimeout: idleMs,
  // A head that comes drop by drop; a body may take for hours.
  headersTimeout: 30_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 32 * 1024,
  insecureHTTPParser: false,
  // Other upgrades (h2c) are only offers: the request is answered as if they were not there.
  shouldUpgradeCallback: (request: IncomingMessage) =>
    request.headers.upgrade?.toLowerCase() === 'websocket',
};

const http2 = {
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: 32 * 1024, enablePush: false },
  maxHeaderListPairs: 256,
  handshakeTimeout: 15_000,
};

/** Over TLS, HTTP/2 and HTTP/1.1, where there is a certificate; else HTTP/1.1 without it. */
export function createListener(onRequest: OnRequest, onUpgrade: OnUpgrade, pem?: Pem): Listener {
  return pem ? secureListener(onRequest, onUpgrade, pem) : plainListener(onRequest, onUpgrade);
}

function plainListener(onRequest: OnRequest, onUpgrade: OnUpgrade): Listener {
  let isLeaving = false;
  const server = createServer(http1, (request, response) => {
    if (isLeaving) response.shouldKeepAlive = false;
    onRequest(new Http1Exchange(request, response));
  }).on('upgrade', onUpgrade);
  countAllHeaders(server);
  return {
    server,
    useCertificate: () => {},
    release() {
      server.close();
      server.closeIdleConnections();
    },
    async leave() {
      isLeaving = true;
      await stopAccepting(server);
    },
    closeAll: () => server.closeAllConnections(),
  };
}

function secureListener(onRequest: OnRequest, onUpgrade: OnUpgrade, pem: Pem): Listener {
  let isLeaving = false;
  const options = { ...http1, ...http2, ...pem, allowHTTP1: true };
  const server = createSecureServer(options, (from, to) => {
    if (isLeaving && to instanceof ServerResponse) to.shouldKeepAlive = false;
    onRequest(exchangeOf(from, to));
  });
  server.on('upgrade', onUpgrade);
  countAllHeaders(server);
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => {});
    // Streams that are open end as they like.
    session.setTimeout(idleMs, () => session.close());
    // Its connection was on its way in.
    if (isLeaving) sayGoodbye(session);
  });
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    server,
    useCertificate: (next) => server.setSecureContext({ ...next }),
    release() {
      server.close();
      for (const session of sessions) session.close();
    },
    async leave() {
      isLeaving = true;
      for (const session of sessions) sayGoodbye(session);
      await stopAccepting(server);
    },
    closeAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** As HTTP/2 wants it (RFC 9113, 6.8): first that it ends, and when every client knows, the end itself. */
function sayGoodbye(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return;
  session.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1);
  // Requests that came while this process was busy are read before the next immediate.
  setTimeout(() => setImmediate(() => session.close()), goodbyeMs).unref();
}

/** Without the connections that wait for a request, which `close` of an HTTP server closes too. */
async function stopAccepting(server: NetServer): Promise<void> {
  await new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
}

function exchangeOf(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Exchange {
  return request.httpVersionMajor === 2
    ? new Http2Exchange(request as Http2ServerRequest)
    : new Http1Exchange(request as IncomingMessage, response as ServerResponse);
}

/** Their size is limited already; Node would leave out silently what goes beyond a number of them. */
function countAllHeaders(server: Server | Http2SecureServer): void {
  (server as Server).maxHeadersCount = 0;
}

/** The socket of a server that listens, to be sent to another process; Node has no public word for it. */
export function handleOf(server: NetServer): ListeningHandle | null {
  return (server as unknown as { readonly _handle: ListeningHandle | null })._handle;
}

/** Resolves with the port when it listens. Rejects with `port_taken` or `port_not_permitted`. */
export async function listenOn(
  server: NetServer,
  port: number,
  host: string | null,
  open: ListeningHandle | null = null,
): Promise<number> {
  const failed = Promise.withResolvers<never>();
  const fail = (error: Error) => failed.reject(listenError(error, port));
  server.once('error', fail);
  const listening = new Promise<void>((resolve) => {
    server.listen(open ?? { port, ...(host === null ? {} : { host }) }, resolve);
  });
  await Promise.race([listening, failed.promise]);
  server.off('error', fail);
  return (server.address() as AddressInfo).port;
}

function listenError(cause: NodeJS.ErrnoException, port: number): SallyportError {
  if (cause.code === 'EADDRINUSE') {
    return new SallyportError({
      code: 'port_taken',
      message: `port ${port} is in use by another program`,
      hint: `see which one with: ss -ltnp 'sport = :${port}', or choose another proxy.listen`,
      cause,
    });
  }
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    return new SallyportError({
      code: 'port_not_permitted',
      message: `this user may not listen on port ${port}`,
      hint: `choose a port from 1024 up, or: sysctl net.ipv4.ip_unprivileged_port_start=${port}`,
      cause,
    });
  }
  return new SallyportError({
    code: 'port_not_available',
    message: `cannot listen on port ${port}: ${cause.message}`,
    cause,
  });
}
