import { userInfo } from 'node:os';
import type { Execute } from './execute.ts';

/** Whom the agent runs as. */
export interface Owner {
  readonly name: string;
  readonly uid: number;
  /**
   * Its programs are sandboxed in a user namespace: only root needs none, and not every host lets
   * others have one. Without it, what takes a view of the disk of its own is left out by systemd.
   */
  readonly mapsUser: boolean;
}

export async function readOwner(execute: Execute): Promise<Owner> {
  const { username: name, uid } = userInfo();
  const mapsUser = uid !== 0 && (await execute(['unshare', '--user', 'true'])).code === 0;
  return { name, uid, mapsUser };
}
