import { dirname } from 'node:path';
import type { CommandResult, Machine, Owner, PathFacts, User } from '../../src/ports/machine.ts';

interface Entry extends PathFacts {
  readonly text: string | null;
}

export interface FakeMachine extends Machine {
  readonly paths: Map<string, Entry>;
  readonly users: Map<string, User>;
  /** Every command that was run, its words with spaces between them. */
  readonly ran: string[];
  /** What a command that begins so prints; the longest beginning counts. */
  readonly answers: Map<string, CommandResult | string>;
  free: { bytes: number; inodes: number };
}

/** A machine in memory; root asks. Commands end with 0 and print nothing, but for what `answers` says. */
export function fakeMachine(me: Partial<User> = {}): FakeMachine {
  const root: User = { name: 'root', uid: 0, gid: 0, home: '/root', ...me };
  const paths = new Map<string, Entry>();
  const users = new Map<string, User>([[root.name, root]]);
  const ran: string[] = [];
  const answers = new Map<string, CommandResult | string>();
  const ids = (owner: Owner) => owner ?? { uid: root.uid, gid: root.gid };
  const set = (
    path: string,
    kind: Entry['kind'],
    text: string | null,
    mode: number,
    owner: Owner,
  ) => void paths.set(path, { kind, mode, ...pick(ids(owner)), text });
  const machine: FakeMachine = {
    me: root,
    paths,
    users,
    ran,
    answers,
    free: { bytes: 100 * 2 ** 30, inodes: 10 ** 6 },
    findUser: async (name) => users.get(name) ?? null,
    facts: async (path) => paths.get(path) ?? null,
    names: async (folder) => {
      if (!paths.has(folder)) return null;
      const below = [...paths.keys()].filter((path) => dirname(path) === folder);
      return below.map((path) => path.slice(folder.length + 1)).toSorted();
    },
    read: async (path) => paths.get(path)?.text ?? null,
    write: async (path, text, mode, owner) => set(path, 'file', text, mode, owner),
    makeFolder: async (path, mode, owner) => set(path, 'folder', null, mode, owner),
    protect: async (path, mode, owner) => {
      const there = paths.get(path)!;
      set(path, there.kind, there.text, mode, owner);
    },
    remove: async (path) => {
      for (const each of paths.keys()) if (`${each}/`.startsWith(`${path}/`)) paths.delete(each);
    },
    space: async () => ({
      freeBytes: machine.free.bytes,
      totalBytes: 2 ** 40,
      freeInodes: machine.free.inodes,
      totalInodes: 10 ** 7,
    }),
    run: async (command) => {
      const line = command.join(' ');
      ran.push(line);
      if (command[0] === 'useradd') {
        users.set(command.at(-1)!, { name: command.at(-1)!, uid: 990, gid: 990, home: '/' });
      }
      const begins = [...answers.keys()].filter((each) => line.startsWith(each));
      const answer = answers.get(begins.toSorted((a, b) => b.length - a.length)[0] ?? '') ?? '';
      return typeof answer === 'string' ? { status: 0, stdout: answer, stderr: '' } : answer;
    },
    show: async (command) => (await machine.run(command)).status,
  };
  return machine;
}

function pick({ uid, gid }: { readonly uid: number; readonly gid: number }) {
  return { uid, gid };
}

/** What `systemctl show` prints of units that are as they should be, or else. */
export function shownUnits(
  units: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  const well = {
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    UnitFileState: 'enabled',
    MainPID: '42',
    NRestarts: '0',
    NeedDaemonReload: 'no',
  };
  return Object.entries(units)
    .map(([Id, facts]) =>
      Object.entries({ Id, ...well, ...facts })
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
    )
    .join('\n\n');
}

/** Of a unit that systemd does not know. */
export const unknownUnit = {
  LoadState: 'not-found',
  ActiveState: 'inactive',
  SubState: 'dead',
  UnitFileState: '',
  MainPID: '0',
} as const;
