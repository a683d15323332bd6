import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';

export const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) =>
  existsSync(path),
);

export interface SshServer {
  /** `ssh://user@127.0.0.1:PORT`; an absolute path goes below. */
  readonly url: string;
  /** The private key that is let in. */
  readonly key: string;
  /** A file that knows this server. */
  readonly knownHosts: string;
  /** As if the server had been set up anew, with another key. */
  changeHostKey(): void;
  close(): Promise<void>;
}

/** A real OpenSSH server on loopback with its own configuration and keys; each connection is a process of its own. */
export async function startSshServer(root: string): Promise<SshServer> {
  mkdirSync(root, { recursive: true });
  // Where the server runs as root it insists on this folder, empty.
  const isRoot = process.getuid?.() === 0;
  const made = isRoot ? mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }) : undefined;
  const [host, key] = [makeKey(root, 'host'), makeKey(root, 'user')];
  const allowed = join(root, 'allowed');
  writeFileSync(allowed, readFileSync(`${key}.pub`), { mode: 0o600 });
  const settings = join(root, 'sshd_config');
  const write = (hostKey: string) =>
    writeFileSync(
      settings,
      [
        `HostKey ${hostKey}`,
        `AuthorizedKeysFile ${allowed}`,
        'PidFile none',
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'PermitRootLogin prohibit-password',
        'AllowTcpForwarding no',
        '',
      ].join('\n'),
    );
  write(host);
  const running = new Set<ChildProcess>();
  const server = createServer((socket) => {
    const child = spawn(sshd!, ['-i', '-e', '-f', settings], { stdio: ['pipe', 'pipe', 'ignore'] });
    running.add(child);
    child.on('exit', () => {
      running.delete(child);
      socket.destroy();
    });
    child.stdin.on('error', () => {});
    socket.on('error', () => child.kill());
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const knownHosts = join(root, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(`${host}.pub`, 'utf8')}`);
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    key,
    knownHosts,
    changeHostKey: () => write(makeKey(root, 'other')),
    async close() {
      for (const child of running) child.kill();
      await new Promise((resolve) => server.close(resolve));
      if (made !== undefined) rmSync(made, { recursive: true });
    },
  };
}

function makeKey(root: string, name: string): string {
  const path = join(root, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
  return path;
}
