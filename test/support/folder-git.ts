import { createHash } from 'node:crypto';
import { access, cp, lstat, mkdir, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SallyportError } from '../../src/model/errors.ts';
import type { Git, GitAuthor, GitFile, GitRef } from '../../src/ports/git.ts';

/** A repository that is a folder of trees by SHA, and a cache beside it: `remote/<sha>/`, `cache/<sha>/`. */
export class FolderGit implements Git {
  fetches = 0;
  readonly #remote: string;
  readonly #cache: string;

  constructor(folder: string) {
    this.#remote = join(folder, 'remote');
    this.#cache = join(folder, 'cache');
  }

  async fetch(): Promise<readonly GitRef[]> {
    this.fetches += 1;
    await mkdir(this.#cache, { recursive: true });
    for (const sha of await readdir(this.#remote)) {
      const options = { recursive: true, verbatimSymlinks: true };
      await cp(join(this.#remote, sha), join(this.#cache, sha), options);
    }
    return this.refs();
  }

  async refs(): Promise<readonly GitRef[]> {
    const shas = await readdir(this.#cache).catch(() => []);
    return shas.map((sha) => ({ name: `refs/heads/${sha.slice(0, 7)}`, sha }));
  }

  async has(sha: string): Promise<boolean> {
    return access(join(this.#cache, sha)).then(
      () => true,
      () => false,
    );
  }

  async isAncestor(): Promise<boolean> {
    return true;
  }

  async readFile(sha: string, path: string): Promise<string | null> {
    return readFile(join(this.#cache, sha, path), 'utf8').catch(() => null);
  }

  async layOut(sha: string, path: string, destination: string): Promise<void> {
    if (!(await this.has(sha))) {
      throw new SallyportError({ code: 'commit_missing', message: `there is no commit ${sha}` });
    }
    const options = { recursive: true, errorOnExist: true, verbatimSymlinks: true };
    await cp(join(this.#cache, sha, path), destination, options);
  }

  async list(sha: string, path: string): Promise<readonly GitFile[]> {
    if (!(await this.has(sha))) {
      throw new SallyportError({ code: 'commit_missing', message: `there is no commit ${sha}` });
    }
    const folder = join(this.#cache, sha, path);
    const isThere = await access(folder).then(
      () => true,
      () => false,
    );
    if (!isThere) throw new SallyportError({ code: 'path_missing', message: `no ${path}` });
    const files = await readTree(folder);
    return files.map(({ content: _content, ...file }) => file);
  }

  async *read(oids: readonly string[], maxBytes: number) {
    const files = await readTree(this.#cache);
    const contents = new Map(files.map(({ oid, content }) => [oid, content]));
    for (const oid of oids) {
      const content = contents.get(oid);
      if (content === undefined) throw new SallyportError({ code: 'commit_missing', message: oid });
      if (content.length > maxBytes) {
        const message = `object ${oid} is larger than ${maxBytes} bytes`;
        throw new SallyportError({ code: 'file_too_large', message });
      }
      yield { oid, content };
    }
  }

  async changedPaths(): Promise<readonly string[]> {
    return [];
  }

  async authorsBetween(): Promise<readonly GitAuthor[]> {
    return [];
  }

  async describe() {
    return { subject: 'A commit', author: { name: 'A', email: 'a@example.org' }, at: 0 };
  }
}

/** Every file and link below a folder, sorted by path, as Git would name them. */
async function readTree(folder: string): Promise<readonly (GitFile & { content: Buffer })[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map(async (entry) => {
      const place = join(entry.parentPath, entry.name);
      const isLink = entry.isSymbolicLink();
      const content = isLink ? Buffer.from(await readlink(place)) : await readFile(place);
      const { mode } = await lstat(place);
      const kind = isLink ? 'link' : (mode & 0o100) === 0 ? 'file' : 'executable';
      const hash = createHash('sha1').update(`blob ${content.length}\0`).update(content);
      return { path: relative(folder, place), kind, oid: hash.digest('hex'), content } as const;
    });
  return (await Promise.all(files)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
