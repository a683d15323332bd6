import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { Git } from '../../src/ports/git.ts';
import { GitRepository } from '../support/git-repository.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { fetchingContract } from './git-fetching.ts';
import { layingOutContract } from './git-laying-out.ts';
import { listingContract } from './git-listing.ts';
import { readingContract } from './git-reading.ts';

/** Opens the adapter on the cache folder `dir`; a second time on the same folder is allowed. */
export type OpenGit = (
  dir: string,
  url: string,
  credentials?: () => Promise<string | null>,
) => Promise<Git>;

/** A fresh repository behind a server, and a fresh cache of it, for every test. */
export interface GitBench {
  readonly server: GitServer;
  origin: GitRepository;
  url: string;
  cache: string;
  /** A folder that does not exist yet. */
  destination: string;
  git: Git;
  open: OpenGit;
}

/** What every Git adapter promises, against real repositories behind a real server. */
export function gitContract(name: string, open: OpenGit): void {
  describe(`Git port: ${name}`, () => {
    const root = mkdtempSync(join(tmpdir(), 'sallyport-git-'));
    let count = 0;
    const bench = { open } as { -readonly [Key in keyof GitBench]: GitBench[Key] };

    beforeAll(async () => {
      mkdirSync(join(root, 'served'));
      bench.server = await startGitServer(join(root, 'served'));
    });
    beforeEach(async () => {
      count += 1;
      bench.server.token = null;
      bench.server.delayMs = 0;
      bench.origin = new GitRepository(join(root, 'served', `repo-${count}`));
      bench.url = `${bench.server.url}/repo-${count}/.git`;
      bench.cache = join(root, `cache-${count}`);
      bench.destination = join(root, `out-${count}`);
      bench.git = await open(bench.cache, bench.url);
    });
    afterAll(async () => {
      await bench.server.close();
      rmSync(root, { recursive: true, force: true });
    });

    fetchingContract(bench);
    readingContract(bench);
    listingContract(bench);
    layingOutContract(bench);
  });
}
