import { posix } from 'node:path';
import { asSallyportError } from '../../model/errors.ts';
import { findEscapingLink } from '../../model/escaping-link.ts';
import type { Reason } from '../../model/reason.ts';
import type { GitFile } from '../../ports/git.ts';
import { StepFailure } from '../target.ts';
import { assertSafePaths, foldersAbove, overlay } from './tree.ts';
import { fill, type World } from './world.ts';

/** A file that a commit declares. */
export interface DesiredFile extends GitFile {
  /** The folder of the repository that it is in. */
  readonly folder: string;
}

export type Desired = ReadonlyMap<string, DesiredFile>;

/** What the commit declares for the destination: the environment's own files over the common ones. */
export async function readDesired(world: World, signal: AbortSignal): Promise<Desired> {
  const { config, kept } = world;
  return readingGit(signal, async () => {
    const own = await list(world, config.source, signal);
    const common = config.common === undefined ? [] : await list(world, config.common, signal);
    const desired = overlay(common, own);
    assertSafePaths(desired.keys());
    for (const path of desired.keys()) if (kept.isKept(path)) desired.delete(path);
    const blocked = kept.folders.find((folder) =>
      foldersAbove(folder).some((it) => desired.has(it)),
    );
    if (blocked === undefined) return desired;
    throw new StepFailure('config_invalid', `\`keep\` names ${blocked}, which lies below a file`);
  });
}

/** The contents of files, each one once. Refuses one that is over the cap, with its name. */
export async function* readContents(
  world: World,
  files: readonly DesiredFile[],
  signal: AbortSignal,
): AsyncGenerator<{ readonly file: DesiredFile; readonly content: Buffer }> {
  const { config, ports } = world;
  const byOid = Map.groupBy(files, ({ oid }) => oid);
  const contents = ports.git.read([...byOid.keys()], config.max_bytes, signal);
  const reading = contents[Symbol.asyncIterator]();
  let at = 0;
  const names = [...byOid.values()];
  try {
    for (;;) {
      const next = await readingGit(signal, () => reading.next(), names[at]?.[0]);
      if (next.done === true) return;
      at += 1;
      const { oid, content } = next.value;
      for (const file of byOid.get(oid) ?? []) yield { file, content };
    }
  } finally {
    await reading.return?.();
  }
}

/** Refuses a link that leads out of the tree, also by way of others. */
export async function assertLinksStay(
  world: World,
  desired: Desired,
  signal: AbortSignal,
): Promise<void> {
  const files = [...desired.values()].filter(({ kind }) => kind === 'link');
  const links = new Map<string, string>();
  for await (const { file, content } of readContents(world, files, signal)) {
    links.set(file.path, content.toString('utf8'));
  }
  const escaping = findEscapingLink(links);
  if (escaping === null) return;
  const name = sourceOf(desired.get(escaping.path)!);
  throw new StepFailure('unsafe_path', `${name} ${escaping.why}`);
}

/** Its path in the repository. */
export function sourceOf({ folder, path }: DesiredFile): string {
  return posix.join(folder, path);
}

async function list(
  world: World,
  folder: string,
  signal: AbortSignal,
): Promise<readonly DesiredFile[]> {
  const { git } = world.ports;
  const path = fill(world, folder);
  const files = await git.list(world.sha, path).catch(async (error: unknown) => {
    if (asSallyportError(error).code !== 'commit_missing') throw error;
    await git.fetch(signal);
    return git.list(world.sha, path);
  });
  return files.map((file) => ({ ...file, folder: path }));
}

const reasonsOfGit: Readonly<Record<string, Reason>> = {
  path_missing: 'config_invalid',
  unsafe_path: 'unsafe_path',
  file_too_large: 'too_large',
  commit_missing: 'fetch_failed',
};

async function readingGit<T>(
  signal: AbortSignal,
  act: () => Promise<T>,
  file?: DesiredFile,
): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof StepFailure) throw thrown;
    signal.throwIfAborted();
    const { code, message, hint } = asSallyportError(thrown);
    const reason = reasonsOfGit[code] ?? (code === 'internal' ? 'internal' : 'fetch_failed');
    const about = reason === 'too_large' && file !== undefined ? `${sourceOf(file)}: ` : '';
    throw new StepFailure(reason, about + message, hint === undefined ? [] : [hint], thrown);
  }
}
