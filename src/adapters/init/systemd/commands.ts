import type { Scope } from './unit-facts.ts';

export type Command = readonly [string, ...string[]];

/** The properties that a status is made of. */
const shownProperties = [
  'LoadState',
  'UnitFileState',
  'NeedDaemonReload',
  'ActiveState',
  'SubState',
  'MainPID',
  'ExecMainCode',
  'ExecMainStatus',
  'Result',
] as const;

/** The commands that are given to a manager. None ever asks for a password. */
export function managerCommands(scope: Scope) {
  const systemctl = (...words: readonly string[]): Command => [
    'systemctl',
    scope === 'user' ? '--user' : '--system',
    '--no-ask-password',
    ...words,
  ];
  return {
    show: (unit: string) => systemctl('show', `--property=${shownProperties.join(',')}`, unit),
    /** Links the file, lets it come back at boot, and makes the manager read it. */
    enable: (path: string) => systemctl('enable', '--quiet', path),
    /** It no longer comes back, and its link is gone. */
    disable: (unit: string) => systemctl('disable', '--quiet', unit),
    /** Resolves when it runs, or (`--no-block`) at once. */
    start: (unit: string, blocks: boolean) =>
      systemctl('start', ...(blocks ? [] : ['--no-block']), unit),
    stop: (unit: string) => systemctl('stop', unit),
    kill: (unit: string, whom: 'main' | 'all', signal: NodeJS.Signals) =>
      systemctl('kill', `--kill-whom=${whom}`, `--signal=${signal}`, unit),
    resetFailed: (unit: string) => systemctl('reset-failed', unit),
    environment: () => systemctl('show-environment'),
    isRunning: () => systemctl('is-system-running'),
  };
}

/** The last lines of a program, the last one first: with a beginning, journalctl would count from there. `since` in ms since 1970. */
export function journalCommand(
  identifier: string,
  uid: number,
  count: number,
  since: number | null,
): Command {
  const begin = since === null ? [] : [`--since=@${(since / 1000).toFixed(6)}`];
  return [
    'journalctl',
    '--quiet',
    '--no-pager',
    '--output=cat',
    '--reverse',
    `--lines=${count}`,
    ...begin,
    `--identifier=${identifier}`,
    // Others may write lines with this mark.
    `_UID=${uid}`,
  ];
}
