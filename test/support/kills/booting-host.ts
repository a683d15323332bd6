import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeHostKey } from '../../../src/agent/host-key.ts';
import { freePorts } from '../../../src/bin/rehearsal/free-ports.ts';
import { AgentConfig } from '../../../src/config/agent.ts';
import { agentUnit } from '../../../src/upkeep/agent-unit.ts';
import { proxyUnit } from '../../../src/upkeep/proxy-unit.ts';
import { agentUnitName, proxyUnitName } from '../../../src/upkeep/unit-names.ts';
import { startUserManager, type UserManager } from '../systemd/user-manager.ts';
import { Releases, type Release } from './releases.ts';

const dist = join(import.meta.dirname, '../../../dist');

/**
 * Ends everything that the manager runs and the manager, as the loss of power does. The shell in its group
 * starts it again. It is stopped first: it must not mend anything any more.
 */
const cutPower = `cd /sys/fs/cgroup/user.slice/user-0.slice/user@0.service
for pid in $(cat init.scope/cgroup.procs); do
  [ "$(cat /proc/$pid/comm)" = bash ] || managers="$managers $pid"
done
kill -STOP $managers
echo 1 >app.slice/cgroup.kill
kill -KILL $managers`;

/** A host as `agent install` sets it up: agent, proxy and slots are units of systemd's. */
export class BootingHost {
  readonly port: number;
  readonly #folder: string;
  readonly #manager: UserManager;
  readonly #releases: Releases;

  private constructor(folder: string, port: number, manager: UserManager, releases: Releases) {
    [this.#folder, this.port, this.#manager, this.#releases] = [folder, port, manager, releases];
  }

  static async open(): Promise<BootingHost> {
    const folder = mkdtempSync(join(tmpdir(), 'sp-boot-'));
    const [port = 0, blue = 0, green = 0] = await freePorts(3);
    const state = join(folder, 'state');
    const key = (await makeHostKey(state, false)).public.text;
    const service = {
      init: 'systemd-user',
      node: process.execPath,
      key,
      port,
      blue,
      green,
    } as const;
    const releases = new Releases(join(folder, 'origin'), service);
    const host = new BootingHost(folder, port, await startUserManager(folder), releases);
    const configPath = join(folder, 'agent.yml');
    const config = {
      name: 'web-1',
      environments: ['production'],
      source: { git: join(folder, 'origin') },
      poll: '2s',
      liveness: '1s',
      free: '1M',
      state,
      env_root: join(folder, 'env'),
      allow: { origins: ['operator'] },
    };
    writeFileSync(configPath, JSON.stringify(config));
    const facts = {
      scope: 'user',
      user: 'root',
      config: AgentConfig.parse(config),
      configPath,
      program: {
        node: process.execPath,
        cli: join(dist, 'cli.js'),
        proxy: join(dist, 'proxy.js'),
      },
      driver: 'builtin',
      inits: ['systemd-user'],
    } as const;
    const units = join(folder, 'home/.config/systemd/user');
    mkdirSync(units, { recursive: true });
    writeFileSync(join(units, agentUnitName), agentUnit(facts));
    writeFileSync(join(units, proxyUnitName), proxyUnit(facts));
    await host.#systemctl('daemon-reload');
    await host.#systemctl('enable', '--now', proxyUnitName, agentUnitName);
    return host;
  }

  /** Commits another release. A slow one listens only after so many ms. */
  release(slowMs = 0): Release {
    return this.#releases.next(slowMs);
  }

  /** Types a command where it reaches the host's own manager too. */
  async type(...words: readonly string[]) {
    const config = join(this.#folder, 'agent.yml');
    const command = [process.execPath, join(dist, 'cli.js'), ...words, '--config', config];
    return await this.#manager.execute(command as [string, ...string[]]);
  }

  /** What a deployment said so far. */
  log(deployment: number): string {
    const folder = join(this.#folder, 'state/logs');
    const name = `${deployment}.log`;
    return readdirSync(folder).includes(name) ? readFileSync(join(folder, name), 'utf8') : '';
  }

  /** Which release answers people; `null` where nobody does. */
  async version(): Promise<string | null> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/version`).catch(() => null);
    return answer?.status === 200 ? (await answer.text()).trim() : null;
  }

  /** Everything that runs here is gone at once; the manager comes again, as at boot. */
  async loseThePower(): Promise<void> {
    const { code, stderr } = await this.#manager.execute(['sh', '-c', cutPower]);
    if (code !== 0) throw new Error(`the power could not be cut: ${stderr}`);
  }

  async remove(): Promise<void> {
    await this.#manager.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #systemctl(...words: readonly string[]): Promise<void> {
    const { code, stderr } = await this.#manager.execute(['systemctl', '--user', ...words]);
    if (code !== 0) throw new Error(`systemctl ${words.join(' ')}: ${stderr}`);
  }
}
