import { constants } from 'node:os';
import type { ServiceStatus } from '../../../ports/init.ts';

/** What a manager says of a unit. */
export interface UnitState {
  readonly isLoaded: boolean;
  readonly isEnabled: boolean;
  /** The manager has not read the file that is there now. */
  readonly isOutdated: boolean;
  /** There is a link to its file, so that it can be disabled. */
  readonly isLinked: boolean;
  /** Nothing of it runs, and nothing is about to. */
  readonly isAtRest: boolean;
  /** It is being executed, or has yet to say that it is ready. */
  readonly isStarting: boolean;
  readonly hasFailed: boolean;
  readonly status: ServiceStatus;
  /** Why it ended, for people: `exit-code (226, NAMESPACE)`. */
  readonly result: string;
}

/** What CLD_EXITED is; other codes are ends by a signal. */
const exited = '1';

/** Steps that fail before the program itself runs, as systemd.exec(5) numbers them. */
const setupSteps: Readonly<Record<string, string>> = {
  200: 'the working directory',
  203: 'executing the program',
  217: 'the user',
  218: 'capabilities',
  226: 'the sandbox',
};

/** Reads `systemctl show`. A unit that nobody knows is at rest; between two starts one does not run. */
export function parseUnitState(shown: string): UnitState {
  const values = new Map(
    shown.split('\n').map((line) => {
      const place = line.indexOf('=');
      return [line.slice(0, place), line.slice(place + 1)] as const;
    }),
  );
  const of = (name: string) => values.get(name) ?? '';
  const pid = Number(of('MainPID'));
  const running = Number.isInteger(pid) && pid > 0;
  return {
    isLoaded: of('LoadState') === 'loaded',
    isEnabled: of('UnitFileState') === 'enabled',
    isOutdated: of('NeedDaemonReload') === 'yes',
    isLinked: of('UnitFileState') !== '',
    isAtRest: of('ActiveState') === 'inactive' || of('ActiveState') === 'failed',
    isStarting: of('SubState') === 'start',
    hasFailed: of('ActiveState') === 'failed' || of('SubState') === 'auto-restart',
    status: running
      ? { running, pid, ended: null }
      : { running, pid: null, ended: endOf(of('ExecMainCode'), of('ExecMainStatus')) },
    result: describe(of('Result'), of('ExecMainCode'), of('ExecMainStatus')),
  };
}

function endOf(code: string, status: string): number | string | null {
  if (code === '' || code === '0') return null;
  return code === exited ? Number(status) : signalName(Number(status));
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, each]) => each === number);
  return found?.[0] ?? `signal ${number}`;
}

function describe(result: string, code: string, status: string): string {
  const step = code === exited ? setupSteps[status] : undefined;
  if (step !== undefined) return `${result} (${status}: ${step})`;
  const end = endOf(code, status);
  return end === null ? result : `${result} (${end})`;
}
