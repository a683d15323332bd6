import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { SallyportError } from '../../../model/errors.ts';

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** An HTTP server for clients that may be slow, keep their connection, and send for hours. */
export function createListener(onRequest: RequestListener, onUpgrade: UpgradeListener): Server {
  const options = {
    keepAliveTimeout: 75_000,
    headersTimeout: 60_000,
    requestTimeout: 0,
    maxHeaderSize: 32 * 1024,
    // Other upgrades (h2c) are only offers: the request is answered as if they were not there.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      request.headers.upgrade?.toLowerCase() === 'websocket',
  };
  return createServer(options, onRequest).on('upgrade', onUpgrade);
}

/** Resolves with the port when it listens. Rejects with `port_taken` or `port_not_permitted`. */
export async function listenOn(server: Server, port: number, host: string | null): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port)));
    server.listen({ port, ...(host === null ? {} : { host }) }, resolve);
  });
  server.removeAllListeners('error');
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
