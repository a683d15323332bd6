import { chmod, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join, normalize, relative } from 'node:path';
import { syncFolder } from '../../disk/sync-folder.ts';
import { SallyportError } from '../../model/errors.ts';
import { Upstream, upstreamText } from '../../model/upstream.ts';
import { assertPlain, type RouteFolder } from './route-folder.ts';

export interface SlotTarget {
  readonly slot: string;
  readonly upstream: Upstream;
}

/** Users of other programs may go through, and look at nothing. */
const passage = 0o711;

/** Makes the folder, and what lies between it and `top`, one that the proxy's workers can go through. */
export async function makePassage(top: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: passage });
  for (let at = folder; at.startsWith(top); at = dirname(at)) await chmod(at, passage);
}

/** Gives the folder that stands for an upstream of a slot; its name is all that there is to it. */
export async function placeFor(files: RouteFolder, target: SlotTarget): Promise<string> {
  const { slot, upstream } = target;
  assertUsable(target);
  const slots = join(files.folder, 'slots', slot);
  const place = join(slots, upstreamText(upstream));
  await makePassage(files.folder, place);
  // Caddy lists it to find the address; only who may pass here gets so far.
  await chmod(place, 0o755);
  await letConnect(target);
  await syncFolder(slots);
  return place;
}

/**
 * A program's umask keeps other users from its socket; from a port nobody is kept. Where the agent may
 * not change that, `check` says what must be done.
 */
export async function letConnect({ upstream }: SlotTarget): Promise<void> {
  if ('socket' in upstream) await chmod(upstream.socket, 0o666).catch(() => {});
}

/** Lets the link lead to the place, at once: who follows it meanwhile comes to the old one or to the new one. */
export async function pointTo(link: string, place: string): Promise<void> {
  const next = `${link}.next`;
  await rm(next, { force: true });
  await symlink(relative(dirname(link), place), next);
  await rename(next, link);
  await syncFolder(dirname(link));
}

/** `null` where the link is not there, or leads nowhere. */
export async function targetOf(link: string): Promise<SlotTarget | null> {
  const place = await readlink(link).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const found = /(?:^|\/)slots\/([^/]+)\/(.+)$/.exec(place);
  const upstream = found && parseUpstream(found[2]!);
  return upstream ? { slot: found[1]!, upstream } : null;
}

function parseUpstream(text: string): Upstream | null {
  const [, host, port] = /^(?:\[(?=.*\]))?([^[\]]+?)\]?:(\d+)$/.exec(text) ?? [];
  const read = text.startsWith('unix:')
    ? { socket: text.slice('unix:'.length) }
    : { host, port: Number(port) };
  return Upstream.safeParse(read).data ?? null;
}

/** Rejects with `proxy_refused` what no configuration or path can hold. */
export function assertUsable({ slot, upstream }: SlotTarget): void {
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(slot)) refuse(`a slot called ${JSON.stringify(slot)}`);
  if ('socket' in upstream) {
    assertPlain(upstream.socket);
    if (normalize(upstream.socket) !== upstream.socket) refuse(`the path ${upstream.socket}`);
  } else if (isIP(upstream.host) === 0) {
    refuse(
      `the host ${JSON.stringify(upstream.host)}; only an address is known without a resolver`,
    );
  }
}

function refuse(what: string): never {
  throw new SallyportError({
    code: 'proxy_refused',
    message: `the proxy cannot send traffic to ${what}`,
    hint: 'use an address such as 127.0.0.1, or the plain path of a socket',
  });
}
