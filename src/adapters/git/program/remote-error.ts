import { exitCodes, SallyportError } from '../../../model/errors.ts';
import { refused, unreachable } from '../git-errors.ts';
import type { GitAccess } from './environment.ts';
import { forget, keyscan } from './ssh-server.ts';

/** What a failed call to the repository's server means, and what to do about it. `complaint` is git's own. */
export function remoteError(complaint: string, access: GitAccess): SallyportError {
  const { remote } = access;
  const why = complaint.replaceAll(remote.url, remote.shown);
  if (remote.transport === 'ssh') {
    const known = sshError(why, access);
    if (known !== null) return known;
  }
  return noAccess.test(why) ? refused(remote.shown, why) : unreachable(remote.shown, why);
}

const noAccess =
  /Authentication failed|could not read (Username|Password)|Permission denied|returned error: 40[134]|repository .* not found|Repository not found|does not appear to be a git repository/;

function sshError(why: string, { remote, ssh }: GitAccess): SallyportError | null {
  const hosts = ssh.knownHosts ?? '~/.ssh/known_hosts';
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(why)) {
    return user(
      'ssh_host_changed',
      `${remote.shown} shows another key than the one that ${hosts} has for it: the server was set up anew, or somebody stands between.`,
      `Ask the server's owner. Only if it was set up anew: ${forget(remote, hosts)}; ${keyscan(remote, hosts)}`,
    );
  }
  if (/Host key verification failed/.test(why)) {
    return user(
      'ssh_host_unknown',
      `${hosts} has no key for the server of ${remote.shown}, so it is not trusted.`,
      `Compare what this prints with what the server's owner publishes: ${keyscan(remote, hosts)}`,
    );
  }
  if (/Permission denied \(|Load key .*: (invalid|error)/.test(why)) {
    return user(
      'git_refused',
      `${remote.shown} refused ${ssh.key === undefined ? "the user's SSH keys" : `the SSH key ${ssh.key}`}: ${why}`,
      ssh.key === undefined
        ? 'Name a key in agent.yml: source.credentials.ssh_key.'
        : `Add this to the repository's deploy keys (reading is enough): ssh-keygen -y -f ${ssh.key}`,
    );
  }
  if (/cannot run ssh|ssh: not found/.test(why)) {
    return user(
      'ssh_missing',
      'The program ssh is not installed.',
      'apt-get install openssh-client',
    );
  }
  return null;
}

function user(code: string, message: string, hint: string): SallyportError {
  return new SallyportError({ code, message, hint, exit: exitCodes.refused });
}
