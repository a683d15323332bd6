import type { PathFacts } from '../ports/machine.ts';
import type { InstallStep } from './install-steps.ts';
import type { Seen } from './look.ts';
import { systemctl, type UnitState } from './systemctl.ts';
import type { Wanted, WantedFile, WantedFolder } from './wanted.ts';

export interface InstallPlan {
  readonly steps: readonly InstallStep[];
  /** What a person is to do besides: a sentence and a command. */
  readonly notes: readonly InstallNote[];
}

export interface InstallNote {
  readonly message: string;
  readonly hint: string;
}

/** What is missing, in the order in which it is made; empty where all is there. `state` is the agent's. */
export function planInstall(wanted: Wanted, seen: Seen, state: string, me: number): InstallPlan {
  const owners = { agent: seen.user?.uid ?? null, installer: me };
  const folders = wanted.folders.flatMap((folder) => folderSteps(folder, seen, owners));
  const files = wanted.files.flatMap((file) => fileSteps(file, seen, owners));
  const changed = new Set(
    files.flatMap((step) =>
      step.kind === 'write-file' && step.file.what === 'unit' ? [nameOf(step.file.path)] : [],
    ),
  );
  const user: InstallStep[] = seen.user
    ? []
    : [{ kind: 'make-user', name: wanted.user, home: state }];
  const key: InstallStep[] = seen.hasKey ? [] : [{ kind: 'make-key', state }];
  return {
    steps: [...user, ...folders, ...files, ...key, ...unitSteps(wanted, seen, changed)],
    notes: notesOf(wanted, seen),
  };
}

type Owners = Readonly<Record<'agent' | 'installer', number | null>>;

function folderSteps(folder: WantedFolder, { paths }: Seen, owners: Owners): InstallStep[] {
  const there = paths.get(folder.path);
  if (there && isAs(there, folder, owners)) return [];
  // A folder of a person's is left as it is; ours must be ours.
  if (there && folder.whose === 'installer') return [];
  return [{ kind: 'make-folder', folder, isThere: there !== undefined }];
}

function fileSteps(file: WantedFile, { paths, texts }: Seen, owners: Owners): InstallStep[] {
  const there = paths.get(file.path);
  if (!there) return [{ kind: 'write-file', file, isThere: false }];
  if (file.isFirst) return [];
  if (texts.get(file.path) !== file.text) return [{ kind: 'write-file', file, isThere: true }];
  return isAs(there, file, owners) ? [] : [{ kind: 'protect-file', file }];
}

function isAs(
  there: PathFacts,
  { mode, whose, mayPass }: Pick<WantedFolder, 'mode' | 'whose' | 'mayPass'>,
  owners: Owners,
): boolean {
  const isMode =
    there.mode === mode ||
    (mayPass && (there.mode | 0o011) === (mode | 0o011) && there.mode >= mode);
  return isMode === true && there.uid === owners[whose];
}

/** Restarts only what was written anew; services and the proxy have units of their own. */
function unitSteps(
  { units, place: { scope }, hasManager, user }: Wanted,
  { units: states, hasToken, lingers }: Seen,
  changed: ReadonlySet<string>,
): readonly InstallStep[] {
  if (!states) return [];
  const run = (why: string, ...words: string[]): InstallStep => ({
    kind: 'run',
    command: systemctl(scope, ...words),
    why,
  });
  const stateOf = (unit: string): UnitState | undefined =>
    states.find((each) => each.unit === unit);
  const isStale = units.some((unit) => changed.has(unit) || stateOf(unit)?.isStale);
  const disabled = units.filter((unit) => stateOf(unit)?.enabled !== 'enabled');
  const steps: InstallStep[] = [];
  if (hasManager && lingers !== true) {
    const command = ['loginctl', 'enable-linger', user] as const;
    steps.push({ kind: 'run', command, why: 'its own manager runs from boot on' });
  }
  if (isStale) steps.push(run('it reads the units', 'daemon-reload'));
  if (disabled.length > 0) steps.push(run('they come back at boot', 'enable', ...disabled));
  for (const unit of units) {
    const isUp = stateOf(unit)?.active === 'active';
    const isAgent = unit === units.at(-1);
    if (isAgent && !hasToken) continue;
    if (!isUp) steps.push(run('it starts', 'start', '--no-block', unit));
    // The proxy goes on as it is: what changed counts from its next start.
    else if (isAgent && changed.has(unit)) {
      steps.push(run('its unit changed', 'restart', '--no-block', unit));
    }
  }
  return steps;
}

function notesOf(
  { token, place, user }: Wanted,
  { hasToken, lingers, units }: Seen,
): InstallNote[] {
  const sudo = place.scope === 'system' ? 'sudo ' : '';
  const notes: InstallNote[] = [];
  if (!units) {
    notes.push({
      message: 'No systemd answers here, so nothing is enabled or started.',
      hint: `Start it yourself: sallyport agent run --config ${place.config}`,
    });
  }
  if (!hasToken) {
    const owner = place.scope === 'system' ? ` -o ${user}` : '';
    notes.push({
      message: `There is no token in ${token}, so the agent is not started yet.`,
      hint: `Paste it, then Ctrl-D: ${sudo}install -m 600${owner} /dev/stdin ${token}; then run this again`,
    });
  }
  if (place.scope === 'user' && lingers !== true) {
    notes.push({
      message: 'Without lingering, everything ends when you log out, and nothing starts at boot.',
      hint: `loginctl enable-linger ${user}`,
    });
  }
  return notes;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
