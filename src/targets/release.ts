import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson, digestOf } from '../model/digest.ts';
import { writeAtomically } from '../disk/write-atomically.ts';

const shaPattern = /^[0-9a-f]{40}$/;

/** How a program of the release ended; `status` is null from its beginning to its end. */
const Run = z.object({
  status: z.union([z.number(), z.string()]).nullable(),
  durationMs: z.number(),
});
export type Run = z.infer<typeof Run>;

/** Which programs ran in a tree, by name. Written after the fact, so it is never ahead of the tree. */
const Making = z.record(z.string(), Run.nullable());
export type Making = Readonly<z.infer<typeof Making>>;

/** `result.json` beside the trees of a release. */
const ResultFile = z.object({
  schema: z.literal(1),
  usedAt: z.number(),
  /** By recipe: a tree without an entry is not complete. */
  trees: z.record(z.string(), Making),
});
type ResultFile = z.infer<typeof ResultFile>;

/**
 * A commit as it was laid out and built on this host: a tree, and beside it SALLYPORT's own
 * files. Another recipe (all that decides what building makes of the commit) gets a tree of its
 * own, since something may be running from the first one.
 */
export class ReleaseFolder {
  readonly folder: string;
  readonly tree: string;
  readonly #recipe: string;

  constructor(releases: string, sha: string, recipe: Readonly<Record<string, unknown>>) {
    const digest = digestOf(canonicalJson(recipe));
    this.#recipe = digest.slice('sha256:'.length, 'sha256:'.length + 8);
    this.folder = join(releases, sha);
    this.tree = join(this.folder, `tree-${this.#recipe}`);
  }

  log(program: string): string {
    return join(this.folder, `${program}.log`);
  }

  /** What was done to the tree; `null` where it is not there, or not complete. */
  async making(): Promise<Making | null> {
    const making = (await readResult(this.folder))?.trees[this.#recipe] ?? null;
    return making !== null && (await exists(this.tree)) ? making : null;
  }

  /** Replaces the tree by what `layOut` writes. A kill at any point leaves it as it was, or without an entry. */
  async replaceTree(layOut: (destination: string) => Promise<void>): Promise<void> {
    await this.#note(null);
    await removeLeftovers(this.folder);
    const fresh = `${this.tree}.new`;
    await layOut(fresh);
    await rm(this.tree, { recursive: true, force: true });
    await rename(fresh, this.tree);
    await this.#note({});
  }

  async noteRun(program: string, run: Run): Promise<void> {
    const making = (await this.making()) ?? {};
    await this.#note({ ...making, [program]: run });
  }

  /** Removes the tree, unless something runs from it. */
  async discard(inUse: ReadonlySet<string>): Promise<void> {
    if (inUse.has(this.tree)) return;
    await rm(`${this.tree}.new`, { recursive: true, force: true });
    await rm(this.tree, { recursive: true, force: true });
  }

  /** It is being started: it counts as the newest one when old ones are pruned. */
  async noteUse(now: number): Promise<void> {
    await this.#change((result) => ({ ...result, usedAt: now }));
  }

  async #note(making: Making | null): Promise<void> {
    await this.#change((result) => {
      const { [this.#recipe]: _, ...others } = result.trees;
      return { ...result, trees: making === null ? others : { ...others, [this.#recipe]: making } };
    });
  }

  async #change(edit: (result: ResultFile) => ResultFile): Promise<void> {
    const result = (await readResult(this.folder)) ?? { schema: 1, usedAt: 0, trees: {} };
    await writeAtomically(resultPath(this.folder), `${JSON.stringify(edit(result), null, 2)}\n`);
  }
}

/** The releases on the disk, each with the time of its last use. */
export async function listReleases(
  releases: string,
): Promise<readonly { readonly sha: string; readonly usedAt: number }[]> {
  const names = (await readdir(releases).catch(() => [])).filter((name) => shaPattern.test(name));
  return Promise.all(
    names.map(async (sha) => ({
      sha,
      usedAt: (await readResult(join(releases, sha)))?.usedAt ?? 0,
    })),
  );
}

/**
 * Removes the trees of a release that another recipe took the place of: all but the one that was
 * made last, and those in use. `inUse` are absolute paths. Gives how many went.
 */
export async function removeOldTrees(
  releases: string,
  sha: string,
  inUse: ReadonlySet<string>,
): Promise<number> {
  const folder = join(releases, sha);
  const result = await readResult(folder);
  if (result === null) return 0;
  const pathOf = (recipe: string): string => join(folder, `tree-${recipe}`);
  const recipes = Object.keys(result.trees);
  const kept = recipes.filter(
    (recipe, at) => at === recipes.length - 1 || inUse.has(pathOf(recipe)),
  );
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => name.startsWith('tree-')).map((name) => join(folder, name));
  const gone = old.filter((path) => !inUse.has(path) && !kept.map(pathOf).includes(path));
  if (gone.length === 0) return 0;
  const trees = Object.fromEntries(kept.map((recipe) => [recipe, result.trees[recipe]!]));
  // Their word that they are complete goes first.
  await writeAtomically(resultPath(folder), `${JSON.stringify({ ...result, trees }, null, 2)}\n`);
  for (const path of gone) await rm(path, { recursive: true, force: true });
  return gone.length;
}

/** Removes a release; its word that it is complete goes first. */
export async function removeRelease(releases: string, sha: string): Promise<void> {
  await rm(resultPath(join(releases, sha)), { force: true });
  await rm(join(releases, sha), { recursive: true, force: true });
}

function resultPath(folder: string): string {
  return join(folder, 'result.json');
}

/** `null` where there is none; a damaged one is as good as none, for it is made again. */
async function readResult(folder: string): Promise<ResultFile | null> {
  try {
    return ResultFile.parse(JSON.parse(await readFile(resultPath(folder), 'utf8')));
  } catch {
    return null;
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.new'));
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
