import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const hubAddress = '10.77.0.1';

/** Whether hosts can have addresses of their own here. In CI that they cannot is an error, elsewhere a reason to skip. */
export function hasNamespaces(): boolean {
  const name = `sp-${process.pid}-try`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'pipe' });
    execFileSync(
      'ip',
      ['-n', name, 'link', 'add', 'name', 'e0', 'type', 'veth', 'peer', 'name', 'e1'],
      {
        stdio: 'pipe',
      },
    );
    return true;
  } catch (error) {
    const why = `no network namespaces can be made here (root, and apt-get install -y iproute2): ${String(error)}`;
    if (process.env['CI']) throw new Error(why, { cause: error });
    process.stderr.write(`skipped: ${why}\n`);
    return false;
  } finally {
    try {
      execFileSync('ip', ['netns', 'del', name], { stdio: 'pipe' });
    } catch {
      // It was never made.
    }
  }
}

/**
 * Hosts in network namespaces, each with its own address and a cable to a hub, where one server of
 * this machine's loopback answers. Agents speak plain HTTP to nothing but loopback, so each host has
 * a relay of its own, from there over its cable. Nothing of it is in the machine's own namespace.
 */
export class Network {
  readonly #hub: string;
  readonly #relays: readonly ChildProcess[];
  readonly #server: Server;
  readonly #names: readonly string[];

  private constructor(parts: {
    hub: string;
    relays: readonly ChildProcess[];
    server: Server;
    names: readonly string[];
  }) {
    this.#hub = parts.hub;
    this.#relays = parts.relays;
    this.#server = parts.server;
    this.#names = parts.names;
  }

  /** `port`: of the server on this machine's loopback; it has the same on every host's. */
  static async open(folder: string, names: readonly string[], port: number): Promise<Network> {
    const hub = namespaceOf('hub');
    const made: string[] = [];
    const relays: ChildProcess[] = [];
    try {
      made.push(hub);
      await ip('netns', 'add', hub);
      await ip('-n', hub, 'link', 'add', 'name', 'br0', 'type', 'bridge');
      await ip('-n', hub, 'addr', 'add', `${hubAddress}/24`, 'dev', 'br0');
      await ip('-n', hub, 'link', 'set', 'br0', 'up');
      for (const [place, name] of names.entries()) {
        made.push(namespaceOf(name));
        await connectHost(hub, namespaceOf(name), place);
      }
      const socket = join(folder, 'hub.sock');
      const server = await relayTo(socket, port);
      relays.push(await startRelay(hub, [port, hubAddress], [socket]));
      for (const name of names) {
        const [from, to] = [[port, '127.0.0.1'] as const, [port, hubAddress] as const];
        relays.push(await startRelay(namespaceOf(name), from, to));
      }
      return new Network({ hub, relays, server, names });
    } catch (error) {
      relays.forEach((relay) => relay.kill('SIGKILL'));
      for (const name of made) await ip('netns', 'del', name).catch(() => undefined);
      throw error;
    }
  }

  /** What runs a program on a host. */
  within(name: string): readonly string[] {
    return ['ip', 'netns', 'exec', namespaceOf(name)];
  }

  async cut(name: string): Promise<void> {
    await ip('-n', namespaceOf(name), 'link', 'set', 'eth0', 'down');
  }

  async mend(name: string): Promise<void> {
    await ip('-n', namespaceOf(name), 'link', 'set', 'eth0', 'up');
  }

  /** GET from the host itself: status and text. */
  async ask(name: string, url: string): Promise<string> {
    const program = `fetch(${JSON.stringify(url)}).then(async (a) => console.log(a.status, (await a.text()).trim()))`;
    const [first, ...rest] = [
      'ip',
      'netns',
      'exec',
      namespaceOf(name),
      process.execPath,
      '-e',
      program,
    ] as const;
    return (await run(first, rest)).stdout.trim();
  }

  /** Everything is gone afterwards, whatever still ran in it. */
  async close(): Promise<void> {
    for (const relay of this.#relays) {
      const gone = once(relay, 'exit');
      if (relay.exitCode === null && relay.kill('SIGKILL')) await gone;
    }
    this.#server.close();
    for (const name of [...this.#names.map(namespaceOf), this.#hub]) await ip('netns', 'del', name);
  }
}

function namespaceOf(name: string): string {
  return `sp-${process.pid}-${name}`;
}

async function ip(...words: readonly string[]): Promise<void> {
  await run('ip', [...words]);
}

async function connectHost(hub: string, host: string, place: number): Promise<void> {
  const port = `p${place}`;
  await ip('netns', 'add', host);
  const peer = ['peer', 'name', 'eth0', 'netns', host];
  await ip('link', 'add', 'name', port, 'netns', hub, 'type', 'veth', ...peer);
  await ip('-n', hub, 'link', 'set', port, 'master', 'br0', 'up');
  await ip('-n', host, 'link', 'set', 'lo', 'up');
  await ip('-n', host, 'addr', 'add', `10.77.0.${place + 11}/24`, 'dev', 'eth0');
  await ip('-n', host, 'link', 'set', 'eth0', 'up');
}

/** From a socket in the file system, which every namespace sees, to loopback here. */
async function relayTo(socket: string, port: number): Promise<Server> {
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    from.on('error', () => to.destroy()).pipe(to);
    to.on('error', () => from.destroy()).pipe(from);
  });
  server.listen(socket);
  await once(server, 'listening');
  return server;
}

/** Between two places, as `listen` and `connect` want them. */
async function startRelay(
  namespace: string,
  from: readonly unknown[],
  to: readonly unknown[],
): Promise<ChildProcess> {
  const program = `
    const { connect, createServer } = require('node:net');
    createServer((from) => {
      const to = connect(...${JSON.stringify(to)});
      from.on('error', () => to.destroy()).pipe(to);
      to.on('error', () => from.destroy()).pipe(from);
    }).listen(...${JSON.stringify(from)}, () => console.log('ready'));
  `;
  const words = ['netns', 'exec', namespace, process.execPath, '-e', program] as const;
  const relay = spawn('ip', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(relay.stdout, 'data');
  return relay;
}
