import { git, gitBytes, gitMaybe } from './program.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

/** The entry at a path of a commit; undefined where there is none. */
export async function entryAt(
  directory: string,
  sha: string,
  path: string,
): Promise<TreeEntry | undefined> {
  const entries = await listed(directory, sha, [path]);
  return entries.find((entry) => entry.path === path);
}

/** What is directly in a folder of a commit; the root is the empty path. */
export async function entriesIn(
  directory: string,
  sha: string,
  path: string,
): Promise<TreeEntry[]> {
  return listed(directory, sha, path === '' ? [] : [`${path}/`]);
}

export async function blob(directory: string, sha: string): Promise<Buffer> {
  return gitBytes(directory, ['cat-file', 'blob', sha]);
}

async function listed(
  directory: string,
  sha: string,
  paths: readonly string[],
): Promise<TreeEntry[]> {
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '--long', sha, '--', ...paths];
  const output = await gitMaybe(directory, args);
  return (output ?? '')
    .split('\0')
    .filter((line) => line !== '')
    .map(entryOf);
}

function entryOf(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', sha = '', size = ''] = line.slice(0, tab).split(/ +/);
  const bytes = Number(size);
  return {
    mode,
    type: type as TreeEntry['type'],
    sha,
    size: Number.isNaN(bytes) ? 0 : bytes,
    path: line.slice(tab + 1),
  };
}

export interface FileChange {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
}

const statuses: Readonly<Record<string, FileChange['status']>> = { A: 'added', D: 'removed' };

/** What differs between two trees, without following renames; `null` stands for the empty tree. */
export async function changes(
  directory: string,
  from: string | null,
  to: string,
): Promise<FileChange[]> {
  const revisions = from === null ? ['--root', to] : [from, to];
  const diff = (form: string): Promise<string> =>
    git(directory, ['diff-tree', '-r', '-z', '--no-commit-id', '--no-renames', form, ...revisions]);
  const [raw, counts] = await Promise.all([diff('--raw'), diff('--numstat')]);
  const lines = new Map(
    counts
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => {
        const [additions, deletions, path] = line.split('\t');
        return [path ?? '', [Number(additions) || 0, Number(deletions) || 0]] as const;
      }),
  );
  const fields = raw.split('\0').filter((field) => field !== '');
  const found: FileChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , before = '', after = '', letter = ''] = (fields[at] ?? '').split(' ');
    const path = fields[at + 1] ?? '';
    const status = statuses[letter] ?? 'modified';
    const [additions = 0, deletions = 0] = lines.get(path) ?? [];
    found.push({ path, status, sha: status === 'removed' ? before : after, additions, deletions });
  }
  return found;
}
