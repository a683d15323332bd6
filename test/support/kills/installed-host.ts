import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeHostKey } from '../../../src/agent/host-key.ts';
import { NspawnHost, type Ran } from './nspawn-host.ts';
import { Releases, type Release } from './releases.ts';

const dist = join(import.meta.dirname, '../../../dist');
/** Where the host has them. A network of its own has all ports free. */
const [node, program, port] = ['/opt/sallyport/node', '/opt/sallyport/dist', 8080];
const state = 'var/lib/sallyport';

const agentConfig = {
  name: 'web-1',
  environments: ['production'],
  source: { git: '/srv/shop' },
  poll: '2s',
  free: '1M',
  allow: { origins: ['operator'] },
};

/** Asks until the answer is what was waited for, and says when that was, in ms since the epoch. */
const visitor = `const [url, version] = process.argv.slice(1);
for (;;) {
  const answer = await fetch(url).catch(() => null);
  const text = answer?.status === 200 ? (await answer.text()).trim() : '';
  if (text === version) break;
  await new Promise((done) => setTimeout(done, 10));
}
console.log(Date.now());`;

/** A whole host on which root ran `agent install`: agent, proxy and slots are units of its PID 1. */
export class InstalledHost {
  readonly #origin: string;
  readonly #releases: Releases;
  readonly #host: NspawnHost;

  private constructor(origin: string, releases: Releases, host: NspawnHost) {
    [this.#origin, this.#releases, this.#host] = [origin, releases, host];
  }

  static async open(): Promise<InstalledHost> {
    const origin = mkdtempSync(join(tmpdir(), 'sp-origin-'));
    let key = '';
    const binds = { [process.execPath]: node, [dist]: program, [origin]: '/srv/shop' };
    const host = await NspawnHost.boot(binds, async (root) => {
      key = (await makeHostKey(join(root, state), false)).public.text;
      mkdirSync(join(root, 'etc/sallyport'), { recursive: true });
      writeFileSync(join(root, 'etc/sallyport/agent.yml'), JSON.stringify(agentConfig));
    });
    const service = { init: 'systemd', node, key, port, blue: 8081, green: 8082 } as const;
    return new InstalledHost(origin, new Releases(origin, service), host);
  }

  /** When it was booted the last time, in ms since the epoch. */
  get bootedAt(): number {
    return this.#host.bootedAt;
  }

  /** What of it can be seen on this machine outside its own folders. */
  traces(): readonly string[] {
    return this.#host.traces();
  }

  /** Commits another release. A slow one listens only after so many ms. */
  release(slowMs = 0): Release {
    return this.#releases.next(slowMs);
  }

  /** Types a command of Sallyport's on the host, as root. */
  async type(...words: readonly string[]): Promise<Ran> {
    return await this.#host.run(node, join(program, 'cli.js'), ...words);
  }

  /** Waits until people on the host are answered by a release; gives when, in ms since the epoch. */
  async untilServes({ version }: Release, withinMs: number): Promise<number> {
    const seconds = String(withinMs / 1000);
    const url = `http://127.0.0.1:${port}/version`;
    const words = ['--input-type=module', '--eval', visitor, url, version];
    const { code, stdout } = await this.#host.run('timeout', seconds, node, ...words);
    if (code === 0) return Number(stdout);
    throw new Error(`nobody was answered by ${version} within ${seconds} s\n${this.#host.said}`);
  }

  /** What a deployment said so far. */
  log(deployment: number): string {
    const folder = join(this.#host.root, state, 'logs');
    const name = `${deployment}.log`;
    return readdirSync(folder).includes(name) ? readFileSync(join(folder, name), 'utf8') : '';
  }

  /** Reboots without stopping units first; comes back as soon as the host boots again. */
  async reboot(): Promise<void> {
    await this.#host.reboot();
  }

  async remove(): Promise<void> {
    await this.#host.remove();
    rmSync(this.#origin, { recursive: true, force: true });
  }
}
