import { access, constants, stat } from 'node:fs/promises';
import { exitCodes, SallyportError } from '../../../model/errors.ts';
import type { SshCredentials } from '../credentials.ts';
import type { Remote } from '../remote-url.ts';
import { keyscan } from './ssh-server.ts';

const always = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ConnectTimeout=20',
  'ServerAliveInterval=15',
  'ForwardAgent=no',
  'ForwardX11=no',
  'PermitLocalCommand=no',
  'ControlPath=none',
];

/** What git runs for SSH: nobody is asked anything, and an unknown server is never let in. */
export function sshCommand({ key, knownHosts }: SshCredentials): string {
  const options = [...always];
  if (key !== undefined) {
    options.push('IdentitiesOnly=yes', 'IdentityAgent=none', `IdentityFile="${key}"`);
  }
  if (knownHosts !== undefined) {
    options.push(`UserKnownHostsFile="${knownHosts}"`, 'GlobalKnownHostsFile=/dev/null');
    options.push('UpdateHostKeys=no');
  }
  // A configuration of the user could name other keys, other servers and programs.
  const config = key === undefined && knownHosts === undefined ? [] : ['-F', '/dev/null'];
  return ['ssh', ...config, ...options.map((option) => `'-o${option}'`)].join(' ');
}

/** Says what is wrong with the files before ssh does, in words that help less. */
export async function checkSshFiles(ssh: SshCredentials, remote: Remote): Promise<void> {
  for (const path of [ssh.key, ssh.knownHosts]) {
    if (path !== undefined && !/^[\w./ +@,:=-]+$/.test(path)) throw oddPath(path);
  }
  if (ssh.key !== undefined) await checkKey(ssh.key);
  if (ssh.knownHosts !== undefined && !(await isReadable(ssh.knownHosts))) {
    throw new SallyportError({
      code: 'known_hosts_missing',
      message: `The keys of SSH servers cannot be read from ${ssh.knownHosts}.`,
      hint: `Compare what this prints with what the server's owner publishes: ${keyscan(remote, ssh.knownHosts)}`,
      exit: exitCodes.usage,
    });
  }
}

async function checkKey(key: string): Promise<void> {
  if (!(await isReadable(key))) {
    throw new SallyportError({
      code: 'ssh_key_missing',
      message: `The SSH key cannot be read: ${key}`,
      hint: `Make one: ssh-keygen -t ed25519 -N '' -f ${key}`,
      exit: exitCodes.usage,
    });
  }
  const { mode } = await stat(key);
  if ((mode & 0o077) === 0) return;
  throw new SallyportError({
    code: 'ssh_key_exposed',
    message: `The SSH key may be read by others: ${key} has mode ${(mode & 0o777).toString(8)}.`,
    hint: `chmod 600 ${key}`,
    exit: exitCodes.usage,
  });
}

async function isReadable(path: string): Promise<boolean> {
  return await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

function oddPath(path: string): SallyportError {
  return new SallyportError({
    code: 'ssh_path_invalid',
    message: `${JSON.stringify(path)} has characters that ssh reads as something else.`,
    hint: 'Use letters, digits, and . _ - + @ , : = / or spaces (agent.yml: source.credentials).',
    exit: exitCodes.usage,
  });
}
