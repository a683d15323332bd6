import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { upstreamText } from '../../../model/upstream.ts';
import { placeFor, type SlotTarget } from '../links.ts';
import type { RouteFiles } from './layout.ts';

/** What a file is called that stands for a socket. */
export const socketMark = 'unix-';

/**
 * Gives the folder that stands for an upstream of a slot. Caddy looks into it for every request, and
 * finds one file that is called as the address to dial.
 */
export async function caddyPlaceFor(files: RouteFiles, target: SlotTarget): Promise<string> {
  const place = await placeFor(files, target);
  const { upstream } = target;
  if (!('socket' in upstream)) {
    await writeFile(join(place, upstreamText(upstream)), '');
    return place;
  }
  const name = createHash('sha256').update(upstream.socket).digest('hex').slice(0, 8);
  await mkdir(files.sockets, { recursive: true, mode: 0o711 });
  const link = join(files.sockets, name);
  await symlink(upstream.socket, link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await writeFile(join(place, `${socketMark}${name}`), '');
  return place;
}

export async function forgetSockets({ sockets }: RouteFiles): Promise<void> {
  await rm(sockets, { recursive: true, force: true });
}
