import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readlink, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../../disk/sync-folder.ts';
import { Upstream } from '../../model/upstream.ts';
import type { Canary } from '../../ports/proxy.ts';
import { makePassage, placeFor, pointTo } from './links.ts';
import type { RouteFolder } from './route-folder.ts';

/** A request draws one of so many lots; a file that is called as the lot sends it to the canary. */
const lots = 256;

const CanaryFile = z.strictObject({
  slot: z.string(),
  upstream: Upstream,
  share: z.number(),
  sticky: z.boolean(),
});

/** Puts the new share in force at once: everything is prepared beside the old one, then a link is renamed. */
export async function setCanary(files: RouteFolder, canary: Canary): Promise<void> {
  const place = await placeFor(files, canary);
  const folder = join(files.folder, 'canaries', randomUUID());
  const drawn = join(folder, canary.sticky ? 'sticky' : 'any');
  await makePassage(files.folder, drawn);
  await pointTo(join(folder, 'to'), place);
  const { slot, upstream, share, sticky } = canary;
  await writeFile(join(folder, 'canary.json'), JSON.stringify({ slot, upstream, share, sticky }));
  const count = Math.min(Math.max(Math.round(share * lots), 1), lots - 1);
  const names = Array.from({ length: count }, (_, lot) => lot.toString(16).padStart(2, '0'));
  await Promise.all(names.map((name) => mkdir(join(drawn, name), { mode: 0o711 })));
  await syncFolder(drawn);
  await pointTo(files.canary, folder);
  // Also what a killed agent had prepared and never put in force.
  const all = await readdir(dirname(folder));
  const others = all.filter((name) => name !== basename(folder));
  await Promise.all(
    others.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })),
  );
}

export async function endCanary(files: RouteFolder): Promise<void> {
  if ((await folderOf(files)) !== null) {
    await rm(files.canary, { force: true });
    await syncFolder(files.folder);
  }
  await rm(join(files.folder, 'canaries'), { recursive: true, force: true });
}

export async function readCanary(files: RouteFolder): Promise<Canary | null> {
  const folder = await folderOf(files);
  if (folder === null) return null;
  const text = await readFile(join(folder, 'canary.json'), 'utf8').catch(() => '');
  return CanaryFile.safeParse(parsed(text)).data ?? null;
}

/** A host that lost its power may have lost the text; to end the canary nobody needs it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function folderOf(files: RouteFolder): Promise<string | null> {
  const to = await readlink(files.canary).catch(() => null);
  return to === null ? null : join(dirname(files.canary), to);
}
