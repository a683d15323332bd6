import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ServiceSpec } from '../../../ports/init.ts';

/**
 * The program that a command names, absolute: found as a shell would find it, by the program's own PATH and from
 * its own folder, since systemd looks elsewhere. `null` where there is none that may be executed.
 */
export async function findProgram(
  spec: Pick<ServiceSpec, 'command' | 'directory' | 'env'>,
): Promise<string | null> {
  const [name] = spec.command;
  const folders = name.includes('/') ? [''] : (spec.env['PATH'] ?? '').split(':').filter(Boolean);
  for (const folder of folders) {
    const path = resolve(spec.directory, folder, name);
    if (await isProgram(path)) return path;
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
