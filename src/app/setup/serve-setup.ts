import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SallyportError, asSallyportError, exitCodes } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { answerSetup, type SetupAnswer, type SetupWorld } from './answer-setup.ts';
import { convertCode, type RegisteredApp } from './convert-code.ts';
import { policyOf } from './pages.ts';
import { SetupGate } from './setup-gate.ts';

export interface SetupOptions extends Pick<SetupWorld, 'github' | 'registration' | 'words'> {
  readonly host: string;
  /** 0 lets the system choose one. */
  readonly port: number;
  readonly apiUrl: string;
  readonly clock: Clock;
  /** Keeps what GitHub gives, which it gives once. */
  readonly save: (app: RegisteredApp) => Promise<void>;
}

export interface RunningSetup {
  /** With the one-time token: for the terminal, and for nobody else. */
  readonly url: string;
  /** The App that was registered. Rejects where that failed, the time ran out or tokens were guessed. */
  readonly done: Promise<RegisteredApp>;
  close(): Promise<void>;
}

/** How often it looks whether the time is over, in ms. */
const lookMs = 1_000;

/** Serves the pages on which a person registers the App. */
export async function serveSetup(options: SetupOptions): Promise<RunningSetup> {
  const { clock, apiUrl, save, github } = options;
  const gate = new SetupGate(() => clock.now());
  const registered = Promise.withResolvers<RegisteredApp>();
  const register = async (code: string): Promise<RegisteredApp> => {
    try {
      const app = await convertCode(apiUrl, code);
      await save(app);
      registered.resolve(app);
      return app;
    } catch (error) {
      registered.reject(asSallyportError(error));
      throw error;
    }
  };
  const world: SetupWorld = { ...options, gate, register };
  const server = createServer((request, response) => {
    answerSetup(request, world).then(
      (answer) => send(response, answer, github),
      () => response.destroy(),
    );
  });
  const base = await listen(server, options);
  const closing = new AbortController();
  const over = untilOver(gate, clock, closing.signal);
  const done = Promise.race([registered.promise, over]);
  done.catch(() => {});
  return {
    url: `${base}/setup?token=${gate.token}`,
    done,
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // The last page is on its way.
      await clock.sleep(100).catch(() => {});
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Rejects once nobody gets in any more; never settles after the abort. */
async function untilOver(gate: SetupGate, clock: Clock, signal: AbortSignal): Promise<never> {
  while (!gate.isOver) {
    await clock.sleep(lookMs, signal).catch(() => {});
    if (signal.aborted) return await new Promise<never>(() => {});
  }
  throw new SallyportError({
    code: 'setup_over',
    message: 'Nobody registered the App within 15 minutes, or somebody guessed at the token.',
    hint: 'Begin again: sallyport app setup',
    exit: exitCodes.refused,
  });
}

function send(
  response: ServerResponse,
  { status, html, headers }: SetupAnswer,
  github: string,
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(github),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin',
    'cache-control': 'no-store',
    connection: 'close',
    ...headers,
  });
  response.end(html ?? '');
}

async function listen(server: Server, { host, port }: SetupOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(host, port, cause)));
    server.listen(port, host, resolve);
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  // A browser cannot go to “all addresses”.
  const shown = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  return `http://${family === 'IPv6' && shown === address ? `[${shown}]` : shown}:${actual}`;
}

function cannotListen(host: string, port: number, cause: Error): SallyportError {
  return new SallyportError({
    code: 'code' in cause && cause.code === 'EADDRINUSE' ? 'port_in_use' : 'cannot_listen',
    message: `Cannot listen on ${host}:${port}: ${cause.message}`,
    hint: `Choose another port: sallyport app setup --port ${port + 1}`,
    exit: exitCodes.failed,
    cause,
  });
}
