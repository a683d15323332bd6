import { readFile } from 'node:fs/promises';

/** As whom a program touches files. */
export interface Person {
  readonly uid: number;
  readonly groups: readonly number[];
}

export async function personOf(pid: number): Promise<Person> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const numbers = (field: string) =>
    (new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '').split(/\s+/).map(Number);
  // Real, effective, saved, file system.
  return { uid: numbers('Uid')[3]!, groups: [numbers('Gid')[3]!, ...numbers('Groups')] };
}
