import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StepFailure } from '../target.ts';
import type { World } from './world.ts';

/** What is at the destination. */
export type Live =
  | { readonly kind: 'nothing' }
  /** Somebody's own directory, which the first change adopts. */
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'link'; readonly directory: string };

/** Refuses a destination that is not, or does not lead, where this host allows targets to write. */
export async function findLive(world: World): Promise<Live> {
  const { destination, paths } = world;
  const allowed = await realPaths(paths.allowed);
  const parent = await realPathOf(dirname(destination));
  if (destination === '/' || !allowed.some((folder) => isWithin(parent, folder))) {
    throw notAllowed(world, join(parent, basename(destination)));
  }
  const facts = await lstat(destination).catch(absent);
  if (facts === null) return { kind: 'nothing' };
  if (facts.isDirectory())
    return { kind: 'directory', directory: join(parent, basename(destination)) };
  if (!facts.isSymbolicLink()) {
    throw new StepFailure('config_invalid', `${destination} is neither a directory nor a link`, [
      'move it away, or correct `destination` of the target',
    ]);
  }
  const directory = await realpath(destination).catch(absent);
  if (directory === null) return { kind: 'nothing' };
  if (!allowed.some((folder) => isWithin(directory, folder))) throw notAllowed(world, directory);
  if ((await lstat(directory)).isDirectory()) return { kind: 'link', directory };
  throw new StepFailure('config_invalid', `${destination} leads to ${directory}, no directory`);
}

/** Whether Sallyport made the directory, or took it over, for this destination. */
export function isOwn(world: World, directory: string): boolean {
  return basename(dirname(directory)) === basename(world.store);
}

function notAllowed({ destination, paths }: World, place: string): StepFailure {
  const where = paths.allowed.length === 0 ? 'nothing' : paths.allowed.join(', ');
  const through = place === destination ? '' : ` (it leads to ${place})`;
  return new StepFailure(
    'path_not_allowed',
    `this host lets targets write to ${where}, not to ${destination}${through}`,
    [`add a folder above it to \`allow.paths\` in agent.yml, or correct \`destination\``],
  );
}

async function realPaths(folders: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(absent)));
  return real.filter((folder) => folder !== null);
}

/** Also of a path of which only the beginning is there yet. */
async function realPathOf(path: string): Promise<string> {
  const real = await realpath(path).catch(absent);
  return real ?? join(await realPathOf(dirname(path)), basename(path));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.replace(/\/?$/, '/'));
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
