import { access, cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../../src/model/errors.ts';
import type { Git, GitAuthor, GitRef } from '../../src/ports/git.ts';

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
      await cp(join(this.#remote, sha), join(this.#cache, sha), { recursive: true });
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
    await cp(join(this.#cache, sha, path), destination, { recursive: true, errorOnExist: true });
  }

  list(): Promise<never> {
    return Promise.reject(new Error('lists nothing'));
  }

  read(): AsyncIterable<never> {
    throw new Error('reads no objects');
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
