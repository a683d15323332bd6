import type { Machine, PathFacts } from '../ports/machine.ts';
import type { RunningProgram } from '../upkeep/parts.ts';

const patienceMs = 120_000;

/** The programs of these names that run in the manager of the user who owns the state folder; root asks. */
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
      const stop = async () => void (await systemctl('disable', '--now', '--quiet', unit));
      return status === 0 ? [{ name, stop }] : [];
    }),
  );
  return found.flat();
}
