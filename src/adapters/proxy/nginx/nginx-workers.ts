import { readdir, readFile } from 'node:fs/promises';

/** As whom a program touches files. */
export interface Person {
  readonly uid: number;
  readonly groups: readonly number[];
}

/** Whom the workers of nginx on this host run as, each once; none where it does not run. */
export async function nginxWorkers(): Promise<readonly Person[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = new Map<string, Person>();
  for (const pid of pids) {
    const person = await workerOf(pid).catch(() => null);
    if (person) found.set(JSON.stringify(person), person);
  }
  return [...found.values()];
}

async function workerOf(pid: string): Promise<Person | null> {
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  if (!title.startsWith('nginx: worker process')) return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const numbers = (field: string) =>
    (new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '').split(/\s+/).map(Number);
  // Real, effective, saved, file system.
  const [uid, gid] = [numbers('Uid')[3]!, numbers('Gid')[3]!];
  return { uid, groups: [gid, ...numbers('Groups')] };
}
