import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHistory as check } from '../../../src/adapters/journal/file/check-history.ts';
import { ProcessInit } from '../../../src/adapters/init/process/process-init.ts';
import { askProxy } from '../../../src/adapters/proxy/builtin/control-client.ts';
import {
  PingValue,
  proxyFiles,
  StatusValue,
} from '../../../src/adapters/proxy/builtin/control-messages.ts';
import { stopProxy } from '../../../src/adapters/proxy/builtin/stop-proxy.ts';
import { makeHostKey } from '../../../src/agent/host-key.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { verbs } from '../../../src/cli/verbs.ts';
import { freePorts } from '../../../src/bin/rehearsal/free-ports.ts';
import { fakeWorld } from '../../cli/fake-world.ts';
import { Server } from '../acceptance/program.ts';
import { GitRepository } from '../git-repository.ts';
import { type FaultPlan, planVariable } from './fault-plan.ts';

const faults = join(import.meta.dirname, 'faults.ts');

/** Of each release that was made here. */
export interface Release {
  readonly sha: string;
  readonly version: string;
}

export interface Deployment {
  readonly id: string;
  readonly operation: string;
  readonly commit: string;
  readonly state: string;
  readonly reason: string;
}

/** A host without GitHub, with a service in two slots and an agent that can be killed anywhere. */
export class KilledHost {
  readonly folder: string;
  readonly state: string;
  readonly port: number;
  readonly agent: Server;
  readonly releases: Release[] = [];
  readonly #config: string;
  readonly #plan: string;
  readonly #repository: GitRepository;
  #policy = '';
  #plans = 0;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.state = join(folder, 'state');
    this.port = port;
    this.#config = join(folder, 'agent.yml');
    this.#plan = join(folder, 'plan.json');
    this.#repository = new GitRepository(join(folder, 'origin'));
    this.agent = new Server(() => ['agent', 'run', '--json', '--config', this.#config], {
      NODE_OPTIONS: `--import=${faults}`,
      [planVariable]: this.#plan,
    });
  }

  static async open(): Promise<KilledHost> {
    const folder = mkdtempSync(join(tmpdir(), 'sp-kill-'));
    const [port = 0, blue = 0, green = 0] = await freePorts(3);
    const host = new KilledHost(folder, port);
    const key = await makeHostKey(host.state, false);
    mkdirSync(join(folder, 'env'));
    host.#policy = policyText(key.public.text, port, blue, green);
    writeFileSync(host.#config, configText(folder, host.state));
    host.release('good');
    await host.agent.start();
    return host;
  }

  /** Commits another release; a broken one ends as soon as it is started. */
  release(kind: 'good' | 'broken'): Release {
    const version = `1.0.${this.releases.length}`;
    const server = kind === 'good' ? goodServer(version) : 'process.exit(3);\n';
    const files = {
      VERSION: `${version}\n`,
      'server.js': server,
      '.github/sallyport.yml': this.#policy,
    };
    const release = { sha: this.#repository.commit(version, files), version };
    this.releases.push(release);
    return release;
  }

  /** From now on, or from the agent's next start, something goes wrong at a moment; `null`: nothing does. */
  plan(fault: Pick<FaultPlan, 'kind' | 'at'> | null): void {
    rmSync(`${this.#plan}.hits`, { force: true });
    if (fault === null) return rmSync(this.#plan, { force: true });
    this.#plans += 1;
    writeFileSync(this.#plan, JSON.stringify({ ...fault, id: String(this.#plans) }));
  }

  /** What went wrong since `plan`. */
  hits(): string {
    try {
      return readFileSync(`${this.#plan}.hits`, 'utf8').trim();
    } catch {
      return '';
    }
  }

  /** Types a command on the host; gives its exit code and its document. */
  async type(...words: readonly string[]) {
    const { world, written } = fakeWorld();
    const code = await runProgram([...words, '--json'], verbs, {
      ...world,
      env: { SALLYPORT_STATE: this.state },
      parts: { checkHistory: async () => check } as unknown as typeof world.parts,
    });
    const { stdout, stderr } = written;
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    const json = last.startsWith('{') ? (JSON.parse(last) as Record<string, unknown>) : null;
    return { code, json, text: `${stdout}${stderr}` };
  }

  /** Newest first. */
  async history(): Promise<readonly Deployment[]> {
    const { json, text } = await this.type('history', 'production');
    const deployments = json?.['deployments'];
    if (!Array.isArray(deployments)) throw new Error(`no history: ${text}`);
    return deployments as readonly Deployment[];
  }

  /** The slot with the traffic, by the word of the proxy. */
  async liveSlot(): Promise<string | null> {
    const answer = await askProxy(proxyFiles(this.state).socket, {
      op: 'status',
      name: 'production.web',
    });
    return answer ? (StatusValue.nullable().parse(answer.value)?.slot ?? null) : null;
  }

  /** Which release answers people. */
  async version(): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/version`);
    return `${(await answer.text()).trim()}`;
  }

  /** The pid of the proxy; `null` where none runs. */
  async proxyPid(): Promise<number | null> {
    const answer = await askProxy(proxyFiles(this.state).socket, { op: 'ping' });
    return answer ? PingValue.parse(answer.value).pid : null;
  }

  /** The logs of the last deployments. */
  logs(): string {
    const folder = join(this.state, 'logs');
    const names = readdirSync(folder).toSorted((a, b) => Number.parseInt(b) - Number.parseInt(a));
    return names
      .slice(0, 2)
      .map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`)
      .join('\n');
  }

  async remove(): Promise<void> {
    await this.agent.end('SIGKILL');
    const init = new ProcessInit(join(this.state, 'slots'));
    for (const slot of ['blue', 'green']) await init.stop(`production.web.${slot}`, 0);
    await stopProxy(this.state, 1000);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function goodServer(version: string): string {
  return `require('node:http').createServer((request, response) => {
  response.end('${version}\\n');
}).listen(process.env.PORT, '127.0.0.1');
`;
}

function configText(folder: string, state: string): string {
  return `name: web-1
environments: [production]
source: { git: ${join(folder, 'origin')} }
poll: 2s
liveness: 1s
free: 1M
state: ${state}
env_root: ${join(folder, 'env')}
allow: { origins: [operator] }
`;
}

function policyText(key: string, port: number, blue: number, green: number): string {
  return `version: 1
targets:
  web:
    kind: service
    build: [touch, built]
    run: [${process.execPath}, server.js]
    ports: { blue: ${blue}, green: ${green} }
    health:
      path: /
      interval: 20ms
      timeout: 5s
      rise: 1
      deadline: 20s
      version: { path: /version, equals: "{version}" }
    drain: 1s
    keep: 2
    proxy: { listen: ${port} }
agents:
  web-1: { key: "${key}", environments: [production] }
environments:
  production: { targets: [web] }
`;
}
