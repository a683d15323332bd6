import {
  execFile,
  spawn,
  spawnSync,
  type ChildProcessWithoutNullStreams,
} from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../acceptance/wait.ts';

const script = join(import.meta.dirname, 'nspawn-host.sh');

/** Whether a whole host can be booted here. In CI its absence is an error, elsewhere a reason to skip. */
export function canBootHosts(): boolean {
  const why = whyNot();
  if (why === null) return true;
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

function whyNot(): string | null {
  if (process.getuid?.() !== 0) return 'to boot a host takes root';
  if (!existsSync('/usr/bin/systemd-nspawn')) {
    return '/usr/bin/systemd-nspawn is missing: apt-get install -y systemd-container';
  }
  if (!['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].some(isGroup)) {
    return 'no cgroup v2 in /sys/fs/cgroup can be written to';
  }
  const made = spawnSync('unshare', ['-m', '-p', '-C', '-f', 'true'], { stdio: 'ignore' });
  return made.status === 0 ? null : 'namespaces of its own cannot be made here';
}

function isGroup(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return existsSync(join(folder, 'cgroup.procs'));
  } catch {
    return false;
  }
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host with an init of its own that may be rebooted: /usr is this machine's, all else in `root`. */
export class NspawnHost {
  readonly root: string;
  readonly #folder: string;
  readonly #holder: ChildProcessWithoutNullStreams;
  /** Its control group, as this machine sees it. */
  #group = '';
  readonly #boots: number[] = [];
  #said = '';

  private constructor(folder: string, holder: ChildProcessWithoutNullStreams) {
    [this.#folder, this.#holder] = [folder, holder];
    this.root = join(folder, 'root');
  }

  /**
   * Boots one. `binds` are folders and files of this machine, and where the host has them to read. One that is
   * `whole` has this machine's /usr, /etc and /var to write to: what it writes is its own.
   */
  static async boot(
    binds: Readonly<Record<string, string>>,
    prepare: (root: string) => Promise<void>,
    whole = false,
  ): Promise<NspawnHost> {
    const folder = mkdtempSync(join(tmpdir(), 'sp-host-'));
    makeRoot(join(folder, 'root'));
    await prepare(join(folder, 'root'));
    const words = Object.entries(binds).map(([from, to]) => `--bind-ro=${from}:${to}`);
    const system = whole ? overlays(folder) : ['--bind-ro=/usr'];
    const holder = spawn(script, [join(folder, 'root'), ...system, ...words]);
    const host = new NspawnHost(folder, holder);
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (host.#said += text));
    createInterface(holder.stdout).on('line', (line) => host.#hear(line));
    await host.untilUp(1);
    return host;
  }

  /** When it was booted the last time, in ms since the epoch. */
  get bootedAt(): number {
    return this.#boots.at(-1) ?? NaN;
  }

  /** What it printed on its console. */
  get said(): string {
    return this.#said;
  }

  /** Runs a command on the host, as root, in a fresh environment. */
  async run(...command: readonly [string, ...string[]]): Promise<Ran> {
    const init = this.#init();
    if (init === null) return { code: -1, stdout: '', stderr: 'the host is down' };
    const env = ['PATH=/usr/sbin:/usr/bin', 'HOME=/root', 'LANG=C.UTF-8'];
    const enter = [`--target=${init}`, '-m', '-u', '-i', '-n', '-p', '--root'];
    return await ran('nsenter', [...enter, 'env', '-i', '--chdir=/', ...env, ...command]);
  }

  /** Ends all processes and boots again, without stopping any unit. Comes back once commands run again. */
  async reboot(): Promise<void> {
    const before = this.#boots.length;
    await this.run('reboot', '-f');
    const isUp = async () => this.#boots.length > before && (await this.run('true')).code === 0;
    await until('the host boots again', isUp, { facts: () => this.#said });
  }

  /** Waits for the end of the boot with this number, the first being 1. */
  async untilUp(boot: number): Promise<void> {
    await until(
      'the host is up',
      async () => {
        if (this.#boots.length < boot) return false;
        const { stdout } = await this.run('systemctl', 'is-system-running');
        return /^(running|degraded)$/.test(stdout.trim());
      },
      { facts: () => this.#said },
    );
  }

  /** Control groups and mounts of this machine that are the host's. */
  traces(): readonly string[] {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const groups = existsSync(this.#group) ? [this.#group] : [];
    return [...groups, ...mounts.filter((line) => line.includes(this.#folder))];
  }

  /** The host and all that it has written are gone. */
  async remove(): Promise<void> {
    if (this.#holder.exitCode !== null) return;
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin.end();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #hear(line: string): void {
    const [word, value = ''] = line.split(' ');
    if (word === 'group') this.#group = value;
    else this.#boots.push(Number(value));
  }

  /** As this machine calls its first process; `null` while it is down. */
  #init(): string | null {
    try {
      const pids = readFileSync(join(this.#group, 'payload/init.scope/cgroup.procs'), 'utf8');
      return pids.split('\n')[0] || null;
    } catch {
      return null;
    }
  }
}

/** Daemons of this machine that would only be in the way. */
const unwanted = [
  'avahi-daemon.service',
  'avahi-daemon.socket',
  'postgresql.service',
  'ssh.service',
];

function overlays(folder: string): readonly string[] {
  const units = join(folder, 'etc/systemd/system');
  for (const name of ['usr', 'var', 'etc/systemd/system']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const unit of unwanted) symlinkSync('/dev/null', join(units, unit));
  writeFileSync(join(folder, 'etc/machine-id'), `${'5a11'.repeat(8)}\n`);
  writeFileSync(join(folder, 'etc/hostname'), 'web-1\n');
  return ['usr', 'etc', 'var'].map((name) => `--overlay=/${name}:${join(folder, name)}:/${name}`);
}

function makeRoot(root: string): void {
  for (const name of ['usr', 'etc', 'var/log/journal', 'run', 'proc', 'sys', 'dev', 'tmp', 'root'])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  for (const name of ['passwd', 'group', 'nsswitch.conf', 'os-release', 'ld.so.cache'])
    copyFileSync(join('/etc', name), join(root, 'etc', name));
  writeFileSync(join(root, 'etc/machine-id'), `${'5a11'.repeat(8)}\n`);
  writeFileSync(join(root, 'etc/hostname'), 'web-1\n');
}

function ran(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(program, args, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}
