import { tokenUser, type SshCredentials } from '../credentials.ts';
import type { Remote } from '../remote-url.ts';
import { sshCommand } from './ssh.ts';

/** What of the repository's server a git process may know. */
export interface GitAccess {
  readonly remote: Remote;
  readonly token: string | null;
  readonly ssh: SshCredentials;
}

/**
 * The whole environment of a git process: no system's or user's configuration, no
 * prompt, no hooks, one transport at most. The address and the token go in here, so
 * neither is ever seen in argv, in a log, or in the cache's files.
 */
export function gitEnvironment(
  path: string | undefined,
  access: GitAccess | null,
): Readonly<Record<string, string>> {
  return {
    PATH: path ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    XDG_CONFIG_HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    SSH_ASKPASS: 'true',
    GIT_SSH_COMMAND: sshCommand(access?.ssh ?? {}),
    GIT_SSH_VARIANT: 'ssh',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // Newer gits only; older ones are held back by a list of transports that is empty.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: access ? access.remote.transport : '',
    ...configuration(access ? [...always, ...forAccess(access)] : always),
  };
}

type Setting = readonly [key: string, value: string];

const always: readonly Setting[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['safe.directory', '*'],
  ['submodule.recurse', 'false'],
  ['credential.helper', ''],
  ['gc.autoDetach', 'false'],
  ['maintenance.auto', 'false'],
  ['log.showSignature', 'false'],
  ['advice.detachedHead', 'false'],
];

/**
 * A repository on this machine may be another user's: agent.yml names it, and that is root's. What git starts
 * to read it hears of no setting but those in its own words.
 */
const readsOthers: Setting = [
  'remote.origin.uploadpack',
  "git -c safe.directory='*' -c core.hooksPath=/dev/null upload-pack",
];

function forAccess({ remote, token }: GitAccess): readonly Setting[] {
  const settings: Setting[] = [
    ['remote.origin.url', remote.url],
    ...(remote.transport === 'file' ? [readsOthers] : []),
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '60'],
  ];
  if (token === null || !remote.transport.startsWith('http')) return settings;
  const basic = Buffer.from(`${tokenUser(remote.url)}:${token}`).toString('base64');
  const { origin } = new URL(remote.url);
  return [...settings, [`http.${origin}/.extraHeader`, `Authorization: Basic ${basic}`]];
}

function configuration(settings: readonly Setting[]): Readonly<Record<string, string>> {
  const entries = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(entries) };
}
