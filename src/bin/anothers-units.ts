import { SallyportError } from '../model/errors.ts';
import type { CommandResult, Machine, PathFacts } from '../ports/machine.ts';
import type { RunningProgram } from '../upkeep/parts.ts';

const patienceMs = 120_000;

/**
 * The programs of these names that run in the manager of the user who owns the state folder; root asks.
 * To stop one rejects with `stop_failed` where that manager does not end it.
 */
export async function findUnitsOf(
  { uid, gid }: Pick<PathFacts, 'uid' | 'gid'>,
  names: readonly string[],
  machine: Pick<Machine, 'run'>,
): Promise<readonly RunningProgram[]> {
  const { unitNameOf } = await import('../adapters/init/systemd/unit-name.ts');
  const asOwner = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] as const;
  const where = ['env', `XDG_RUNTIME_DIR=/run/user/${uid}`] as const;
  const systemctl = (...words: readonly string[]) =>
    machine.run([...asOwner, ...where, 'systemctl', '--user', ...words], patienceMs);
  const found = await Promise.all(
    names.map(async (name) => {
      const unit = unitNameOf(name);
      const { status } = await systemctl('is-active', '--quiet', unit);
      const stop = async (): Promise<void> => {
        const ended = await systemctl('disable', '--now', '--quiet', unit);
        if (ended.status !== 0) throw notEnded(unit, uid, ended);
      };
      return status === 0 ? [{ name, stop }] : [];
    }),
  );
  return found.flat();
}

function notEnded(unit: string, uid: number, { status, stderr }: CommandResult): SallyportError {
  return new SallyportError({
    code: 'stop_failed',
    message: `${unit} did not end: ${stderr.trim().split('\n').at(-1) || status}`,
    hint: `systemctl --user --machine=${uid}@ status ${unit}`,
  });
}
