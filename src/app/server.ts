import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { Sender, type OpenNotifier } from '../notify/sender.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { Memory } from '../ports/outbox.ts';
import type { OpenStore, Store } from '../ports/store.ts';
import { actOn } from './act-on.ts';
import { createProbot, openApp, openInstallation } from './installations.ts';
import { WriteQueues } from './octokit/write-queue.ts';
import { probotLog } from './probot-log.ts';
import { pruneUntil } from './prune.ts';
import { BodyRoom } from './read-body.ts';
import { readinessOf } from './readiness.ts';
import { receive, type Receiver } from './receive.ts';
import { redeliverUntil } from './redeliver.ts';
import type { AppSettings } from './settings.ts';
import { sweepUntil } from './sweep.ts';
import { Worker } from './worker.ts';
import { Worlds, type LedgerAccess } from './worlds.ts';

export interface AppOptions {
  readonly settings: AppSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly openLedger: (access: LedgerAccess) => Ledger;
  readonly openStore: OpenStore;
  /** Absent: nobody is told of anything outside GitHub. */
  readonly openNotifier?: (memory: Memory) => OpenNotifier;
}

/** What of it are adapters. */
export type AppParts = Omit<AppOptions, 'settings'>;

export interface RunningApp {
  /** `http://127.0.0.1:3000`; webhooks go to `/api/github/webhooks` below it. */
  readonly url: string;
  /** Resolves once every webhook that was taken so far is acted on, or waits for another try. */
  settled(): Promise<void>;
  /** Takes no new webhooks, finishes those under way for at most 10 s, then ends. */
  close(): Promise<void>;
}

const lastWordsMs = 10_000;
/** GitHub waits 10 s for an answer; whoever sends for longer than this is not GitHub. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
};
const maxConnections = 1_000;

/** Serves the App's webhooks until it is closed. Rejects with `port_in_use`, `store_in_use` and the like. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { settings, clock, log, openLedger } = options;
  const store = await openClaimed(options);
  const { inbox } = store;
  const queues = new WriteQueues(clock);
  const probot = await createProbot(settings, probotLog(log), queues);
  const sender = senderOf(options, store);
  const worlds = new Worlds({
    apiUrl: settings.apiUrl,
    key: settings.signingKey,
    clock,
    log,
    openInstallation: (id) => openInstallation(probot, id, queues),
    openLedger,
    answers: store,
    ...(sender ? { notes: { outbox: store.outbox, wake: () => sender.wake() } } : {}),
  });
  const worker = new Worker({
    queue: inbox,
    act: ({ kind, body }) => actOn({ event: kind, payload: JSON.parse(body) as unknown }, worlds),
    clock,
    log,
  });
  const request = openApp(probot);
  const github = async (): Promise<void> => void (await request('GET /app', {}));
  const receiver: Receiver = {
    secret: settings.webhookSecret,
    inbox,
    room: new BodyRoom(),
    log,
    wake: () => worker.wake(),
    trouble: readinessOf({ store: () => store.ping(), github }, clock, log),
  };
  const server = createServer(patience, (incoming, response) => {
    receive(incoming, response, receiver).catch((error: unknown) => {
      // The sender went away in the middle of a request.
      log.warn('request broken off', { error: String(error) });
      response.destroy();
    });
  });
  server.maxConnections = maxConnections;
  const lastAt = await inbox.newestAt();
  const url = await listen(server, settings).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  log.info('the App listens', { url });
  const closing = new AbortController();
  const { signal } = closing;
  const loops = [
    worker.run(signal),
    ...(sender ? [sender.run(signal)] : []),
    sweepUntil(signal, worlds, clock),
    redeliverUntil(signal, lastAt, { request, inbox, clock, log }),
    pruneUntil(signal, inbox, { clock, log }),
  ];
  return {
    url,
    settled: () => worker.settled(),
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const waited = new AbortController();
      const late = clock.sleep(lastWordsMs, waited.signal).catch(() => {});
      await Promise.race([Promise.allSettled(loops), late]);
      waited.abort();
      server.closeAllConnections();
      await closed;
      await store.close();
    },
  };
}

function senderOf({ openNotifier, clock, log }: AppOptions, store: Store): Sender | null {
  if (!openNotifier) return null;
  return new Sender({ outbox: store.outbox, open: openNotifier(store), clock, log });
}

async function openClaimed({ settings, openStore }: AppOptions): Promise<Store> {
  const store = await openStore(settings.store);
  try {
    await store.claim();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
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
