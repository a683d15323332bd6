import type { Scope } from './place.ts';

type Argv = readonly [string, ...string[]];

/** `systemctl`, of the manager that the scope has. */
export function systemctl(scope: Scope, ...words: readonly string[]): Argv {
  return scope === 'system' ? ['systemctl', ...words] : ['systemctl', '--user', ...words];
}

export interface UnitState {
  readonly unit: string;
  /** `loaded`, `not-found`, … */
  readonly loaded: string;
  /** `active`, `failed`, `activating`, … */
  readonly active: string;
  /** `running`, `auto-restart`, … */
  readonly sub: string;
  /** `enabled`, `disabled`; empty where there is no such unit. */
  readonly enabled: string;
  readonly pid: number | null;
  /** Starts by systemd after the first. */
  readonly restarts: number;
  /** Its file changed since the manager read it. */
  readonly isStale: boolean;
}

const properties =
  'Id,LoadState,ActiveState,SubState,UnitFileState,MainPID,NRestarts,NeedDaemonReload';

export function showUnits(scope: Scope, units: readonly string[]): Argv {
  return systemctl(scope, 'show', `--property=${properties}`, '--', ...units);
}

/** What `systemctl show` printed of each unit, in the order in which they were asked for. */
export function readUnits(printed: string): readonly UnitState[] {
  return printed
    .trim()
    .split(/\n\n+/)
    .map((block) => new Map(block.split('\n').map(pairOf)))
    .filter((values) => values.has('Id'))
    .map((values) => {
      const value = (name: string): string => values.get(name) ?? '';
      return {
        unit: value('Id'),
        loaded: value('LoadState'),
        active: value('ActiveState'),
        sub: value('SubState'),
        enabled: value('UnitFileState'),
        pid: Number(value('MainPID')) || null,
        restarts: Number(value('NRestarts')) || 0,
        isStale: value('NeedDaemonReload') === 'yes',
      };
    });
}

/** `journalctl` for the units of an installation. */
export function journalctl(
  scope: Scope,
  units: readonly string[],
  { follow, lines }: { readonly follow: boolean; readonly lines: number },
): Argv {
  const flag = scope === 'system' ? '--unit' : '--user-unit';
  const named = units.map((unit) => `${flag}=${unit}`);
  return [
    'journalctl',
    ...named,
    `--lines=${lines}`,
    '--output=cat',
    '--no-pager',
    ...(follow ? ['--follow'] : []),
  ];
}

function pairOf(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
