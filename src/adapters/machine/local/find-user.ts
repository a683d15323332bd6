import type { User } from '../../../ports/machine.ts';
import { runCommand } from './run-command.ts';

/** A user as the machine's own name service knows it, wherever it is kept. */
export async function findUser(asked: string): Promise<User | null> {
  const { status, stdout } = await runCommand(['getent', 'passwd', asked]);
  const [name, , uid, gid, , home] = stdout.split('\n')[0]!.split(':');
  if (status !== 0 || name === undefined || home === undefined) return null;
  return { name, uid: Number(uid), gid: Number(gid), home };
}
