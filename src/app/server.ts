import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { Deliveries } from './deliveries.ts';
import { handlersOn } from './handlers-on.ts';
import { createProbot, openInstallation } from './installations.ts';
import { probotLog } from './probot-log.ts';
import { receive, type Receiver } from './receive.ts';
import type { AppSettings } from './settings.ts';
import { sweepUntil } from './sweep.ts';
import { Worlds, type LedgerAccess } from './worlds.ts';

export interface AppOptions {
  readonly settings: AppSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly openLedger: (access: LedgerAccess) => Ledger;
}

/** What of it are adapters. */
export type AppParts = Omit<AppOptions, 'settings'>;

export interface RunningApp {
  /** `http://127.0.0.1:3000`; webhooks go to `/api/github/webhooks` below it. */
  readonly url: string;
  /** Takes no new webhooks, finishes those under way for at most 10 s, then ends. */
  close(): Promise<void>;
}

const lastWordsMs = 10_000;

/** Serves the App's webhooks until it is closed. Rejects with `port_in_use` and the like. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { settings, clock, log, openLedger } = options;
  const probot = await createProbot(settings, clock, probotLog(log));
  const worlds = new Worlds({
    apiUrl: settings.apiUrl,
    key: settings.signingKey,
    clock,
    log,
    openInstallation: (id) => openInstallation(probot, id),
    openLedger,
  });
  handlersOn(probot, worlds, log);

  const underWay = new Set<Promise<void>>();
  const receiver: Receiver = {
    secret: settings.webhookSecret,
    deliveries: new Deliveries(),
    clock,
    log,
    handle: (delivery) => {
      const work = probot.receive(eventOf(delivery));
      underWay.add(work);
      return work.finally(() => underWay.delete(work));
    },
  };
  const server = createServer((request, response) => {
    receive(request, response, receiver).catch((error: unknown) => {
      // The sender went away in the middle of a request.
      log.warn('request broken off', { error: String(error) });
      response.destroy();
    });
  });
  const url = await listen(server, settings);
  log.info('the App listens', { url });
  const closing = new AbortController();
  const swept = sweepUntil(closing.signal, worlds, clock);
  return {
    url,
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const waited = new AbortController();
      const late = clock.sleep(lastWordsMs, waited.signal).catch(() => {});
      await Promise.race([Promise.allSettled([...underWay, swept]), late]);
      waited.abort();
      server.closeAllConnections();
      await closed;
    },
  };
}

type ProbotEvent = Parameters<Awaited<ReturnType<typeof createProbot>>['receive']>[0];

/** Handlers read the payload's fields for themselves; Probot's type promises more than is checked. */
function eventOf({ id, event, payload }: Parameters<Receiver['handle']>[0]): ProbotEvent {
  return { id, name: event, payload } as ProbotEvent;
}

async function listen(server: Server, { host, port }: AppSettings): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(host, port, cause)));
    server.listen(port, host, resolve);
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
}

function cannotListen(host: string, port: number, cause: Error): SallyportError {
  const inUse = 'code' in cause && cause.code === 'EADDRINUSE';
  return new SallyportError({
    code: inUse ? 'port_in_use' : 'cannot_listen',
    message: inUse
      ? `Another program listens on ${host}:${port}`
      : `Cannot listen on ${host}:${port}: ${cause.message}`,
    hint: `Choose another port: sallyport app --port ${port + 1}`,
    exit: exitCodes.failed,
    cause,
  });
}
