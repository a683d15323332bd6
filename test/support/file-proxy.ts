import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { dialOptions, type Upstream } from '../../src/model/upstream.ts';
import type {
  Canary,
  Proxy,
  ProxyRoute,
  ProxyStatus,
  SlotCounters,
} from '../../src/ports/proxy.ts';

/** A proxy whose state is a file, so that it is the same one for every process of a test. */
export class FileProxy implements Proxy {
  readonly drained: string[] = [];
  readonly offered: string[] = [];
  readonly #path: string;
  readonly #counters: string;

  constructor(folder: string) {
    this.#path = join(folder, 'proxy.json');
    this.#counters = join(folder, 'counters.json');
  }

  async ensure({ name }: ProxyRoute): Promise<ProxyStatus> {
    const now = this.read();
    if (now.name !== name) this.#write({ ...now, name });
    return this.read();
  }

  async switch(_name: string, slot: string, upstream: Upstream): Promise<void> {
    this.#write({ ...this.read(), slot, upstream, canary: null });
  }

  async clear(): Promise<void> {
    this.#write({ ...this.read(), slot: null, upstream: null, canary: null });
  }

  async drain(_name: string, slot: string): Promise<number> {
    this.drained.push(slot);
    return 0;
  }

  async current(name: string): Promise<ProxyStatus | null> {
    const now = this.read();
    return now.name === name ? now : null;
  }

  async weights(_name: string, canary: Canary | null): Promise<void> {
    this.#write({ ...this.read(), canary });
  }

  async maintenance(_name: string, maintenance: string | null): Promise<void> {
    this.#write({ ...this.read(), maintenance });
  }

  /** As a test wrote them; it does not count by itself. */
  async counters(): Promise<Readonly<Record<string, SlotCounters>> | null> {
    if (!existsSync(this.#counters)) return null;
    return JSON.parse(readFileSync(this.#counters, 'utf8')) as Record<string, SlotCounters>;
  }

  count(counters: Readonly<Record<string, SlotCounters>>): void {
    writeFileSync(this.#counters, JSON.stringify(counters));
  }

  async offer(_name: string, slot: string, upstream: Upstream | null): Promise<void> {
    this.offered.push(upstream === null ? `-${slot}` : slot);
  }

  async check(): Promise<readonly []> {
    return [];
  }

  async remove(): Promise<void> {
    this.#write({ ...this.read(), name: '', slot: null, upstream: null });
  }

  read(): ProxyStatus {
    return JSON.parse(readFileSync(this.#path, 'utf8')) as ProxyStatus;
  }

  #write(status: ProxyStatus): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(status));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

/** The proxy's server: 503 until a switch, and when nobody answers. Every so manieth request goes to a canary. */
export async function serveFileProxy(folder: string): Promise<Server> {
  const proxy = new FileProxy(folder);
  let asked = 0;
  const server = createServer((incoming, response) => {
    const { upstream: live, canary } = proxy.read();
    const isTried = canary && (asked += 1) % Math.round(1 / canary.share) === 0;
    const upstream = isTried ? canary.upstream : live;
    const refuse = () => void response.writeHead(503).end('no healthy slot');
    if (upstream === null) return refuse();
    request({ ...dialOptions(upstream), path: incoming.url, agent: false }, (answer) => {
      response.writeHead(answer.statusCode!);
      answer.pipe(response);
    })
      .on('error', refuse)
      .end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const none: ProxyStatus = { name: '', port, slot: null, upstream: null, active: {} };
  writeFileSync(join(folder, 'proxy.json'), JSON.stringify(none));
  return server;
}
