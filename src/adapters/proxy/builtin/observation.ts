import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { AccessLog } from './access-log.ts';
import { listenOn } from './listener.ts';
import { metricsText, type RouteFigures } from './metrics-text.ts';
import { quiet, type ProcessSettings } from './state.ts';
import type { Outcome } from './traffic.ts';

/** What the process says of its requests: a log, and figures for Prometheus. Neither ever stops a route. */
export class Observation {
  readonly #path: string;
  readonly #figures: () => readonly RouteFigures[];
  #settings: ProcessSettings = quiet;
  #log: AccessLog | null = null;
  /** Of logs that were switched off since. */
  #lostBefore = 0;
  #server: Server | null = null;
  #fault: string | null = null;

  constructor(folder: string, figures: () => readonly RouteFigures[]) {
    this.#path = join(folder, 'access.log');
    this.#figures = figures;
  }

  /** Begins and ends what the settings say; what failed before is tried again. Never rejects. */
  async use(settings: ProcessSettings): Promise<void> {
    const before = this.#settings;
    this.#settings = settings;
    if (settings.accessLog) this.#log ??= new AccessLog(this.#path);
    else await this.#endLog();
    if (before.metrics !== settings.metrics || this.#fault !== null) {
      await this.#serve(settings.metrics);
    }
  }

  get isLogging(): boolean {
    return this.#log !== null;
  }

  note(route: string, outcome: Outcome): void {
    this.#log?.note(route, outcome);
  }

  /** What is not as the settings say. */
  get problems(): readonly { readonly message: string; readonly hint: string }[] {
    const log = this.#log?.fault;
    return [
      ...(log ? [{ message: `the access log loses lines: ${log}`, hint: `df ${this.#path}` }] : []),
      ...(this.#fault === null
        ? []
        : [
            {
              message: `no figures for Prometheus: ${this.#fault}`,
              hint: 'choose another proxies.builtin.metrics in agent.yml',
            },
          ]),
    ];
  }

  async close(): Promise<void> {
    this.#server?.close();
    this.#server?.closeAllConnections();
    await this.#endLog();
  }

  async #endLog(): Promise<void> {
    const log = this.#log;
    this.#log = null;
    await log?.close();
    this.#lostBefore += log?.lost ?? 0;
  }

  async #serve(port: number | null): Promise<void> {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = null;
    this.#fault = null;
    if (port === null) return;
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      const lost = this.#lostBefore + (this.#log?.lost ?? 0);
      response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(metricsText(this.#figures(), lost));
    });
    try {
      await listenOn(server, port, '127.0.0.1');
      this.#server = server;
    } catch (error) {
      this.#fault = (error as Error).message;
    }
  }
}
