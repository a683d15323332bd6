import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A real repository for tests, driven by the git program with no configuration but its own. */
export class GitRepository {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
    this.git(['init', '--quiet', '--initial-branch=main', '.']);
    this.git(['config', 'http.receivepack', 'false']);
  }

  git(args: readonly string[], input?: string | Buffer): string {
    const options = { cwd: this.directory, env: environment, input: input ?? '' };
    return execFileSync('git', args, { ...options, maxBuffer: 2 ** 28 })
      .toString()
      .trim();
  }

  /** Writes files (`null` removes one) and commits them on the branch in hand. Gives the SHA. */
  commit(message: string, files: Readonly<Record<string, string | null>>): string {
    for (const [path, text] of Object.entries(files)) this.#put(path, text);
    this.git(['add', '--all']);
    this.git(['commit', '--quiet', '--allow-empty', '--message', message]);
    return this.git(['rev-parse', 'HEAD']);
  }

  /** A commit of a tree that no honest program makes, under a branch of its own. Gives the SHA. */
  commitTree(branch: string, entries: readonly RawEntry[]): string {
    const lines = entries.map(({ mode, path, content }) => {
      const [type, oid] =
        typeof content === 'string'
          ? ['blob', this.git(['hash-object', '-w', '--stdin'], content)]
          : [mode === '160000' ? 'commit' : 'tree', content.oid];
      return `${mode} ${type} ${oid}\t${path}\0`;
    });
    const tree = this.#makeTree(lines.join(''));
    const sha = this.git(['commit-tree', tree, '-m', branch]);
    this.git(['update-ref', `refs/heads/${branch}`, sha]);
    return sha;
  }

  /** `git mktree` sorts and refuses little, but slashes; raw bytes go through `hash-object --literally`. */
  #makeTree(list: string): string {
    const entries = list.split('\0').filter((line) => line !== '');
    const raw = entries.map((line) => {
      const [head = '', path = ''] = line.split('\t');
      const [mode = '', , oid = ''] = head.split(' ');
      return Buffer.concat([Buffer.from(`${mode} ${path}\0`), Buffer.from(oid, 'hex')]);
    });
    const args = ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'];
    return this.git(args, Buffer.concat(raw));
  }

  #put(path: string, text: string | null): void {
    const full = join(this.directory, path);
    if (text === null) this.git(['rm', '--quiet', path]);
    else {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
    }
  }
}

export interface RawEntry {
  readonly mode: string;
  readonly path: string;
  /** A blob's text, or the id of something that is there. */
  readonly content: string | { readonly oid: string };
}

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
};
