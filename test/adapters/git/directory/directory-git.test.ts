import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDirectory } from '../../../../src/adapters/git/open-git.ts';
import type { Git } from '../../../../src/ports/git.ts';

let root: string;
let directory: string;
let git: Git;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-folder-'));
  directory = join(root, 'folder with space');
  mkdirSync(directory);
  git = await open();
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const open = (leaveOut: readonly string[] = []) =>
  openDirectory({ dir: join(root, 'cache'), directory, leaveOut });

function put(path: string, text: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

async function head(): Promise<string> {
  const [main, ...others] = await git.fetch();
  expect(others).toEqual([]);
  expect(main!.name).toBe('refs/heads/main');
  expect(await git.refs()).toEqual([main]);
  return main!.sha;
}

async function paths(sha: string): Promise<readonly string[]> {
  return (await git.list(sha, '')).map(({ path }) => path);
}

test('each change is a commit on top of the last one, and nothing new is no commit', async () => {
  put('a', '1');
  put('d/b', '1');
  const one = await head();
  expect(await head()).toBe(one);
  put('a', '22');
  rmSync(join(directory, 'd'), { recursive: true });
  put('c', '3');
  const two = await head();
  expect(await git.isAncestor(one, two)).toBe(true);
  expect(await git.changedPaths(one, two)).toEqual(['a', 'c', 'd/b']);
  expect(await git.readFile(one, 'a', 10)).toBe('1');
  expect(await git.readFile(two, 'a', 10)).toBe('22');
  expect(await git.authorsBetween(one, two)).toEqual([
    { name: 'Sallyport', email: 'sallyport@localhost' },
  ]);
  git = await open();
  expect(await head()).toBe(two);
});

test('an empty folder is a commit too', async () => {
  expect(await paths(await head())).toEqual([]);
});

test('keeps bits and links, and what is ignored or the agent’s own stays out', async () => {
  put('.gitignore', 'ignored\n');
  put('ignored', 'x');
  put('run', '#!/bin/sh\n');
  chmodSync(join(directory, 'run'), 0o755);
  symlinkSync('run', join(directory, 'link'));
  put('my [state]/journal', 'x');
  put('.git/config', '[core]\n');
  git = await open([join(directory, 'my [state]')]);
  const sha = await head();
  expect(await git.list(sha, '')).toMatchObject([
    { path: '.gitignore', kind: 'file' },
    { path: 'link', kind: 'link' },
    { path: 'run', kind: 'executable' },
  ]);
  await git.layOut(sha, '.', join(root, 'out'));
  expect(readFileSync(join(root, 'out', 'link'), 'utf8')).toBe('#!/bin/sh\n');
});

test('files are taken byte for byte, whatever the folder asks for', async () => {
  const owned = join(root, 'owned');
  put('.gitattributes', '* text=auto eol=crlf ident filter=evil working-tree-encoding=UTF-16\n');
  put('text', 'a\r\n$Id: x $\r\n');
  put(
    '.git/config',
    `[filter "evil"]\n\tclean = touch ${owned}\n[core]\n\tfsmonitor = touch ${owned}\n`,
  );
  const sha = await head();
  expect(await git.readFile(sha, 'text', 100)).toBe('a\r\n$Id: x $\r\n');
  expect(existsSync(owned)).toBe(false);
});

test('a repository inside is left out', async () => {
  put('a', '1');
  const inside = join(directory, 'inside');
  mkdirSync(inside);
  const run = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: inside });
  run('init', '--quiet');
  run('commit', '--quiet', '--allow-empty', '-m', 'x');
  expect(await paths(await head())).toEqual(['a']);
});

test('an index that was torn is made anew', async () => {
  put('a', '1');
  const one = await head();
  writeFileSync(join(root, 'cache', 'index'), 'torn');
  expect(await head()).toBe(one);
});

test('a folder that is away is said to be, and the cache still reads', async () => {
  put('a', '1');
  const sha = await head();
  rmSync(directory, { recursive: true });
  await expect(git.fetch()).rejects.toMatchObject({ code: 'directory_missing', next: 'retry' });
  expect(await git.readFile(sha, 'a', 10)).toBe('1');
});

test('needs the git program', async () => {
  vi.stubEnv('PATH', join(root, 'nothing'));
  await expect(open()).rejects.toMatchObject({ code: 'git_missing' });
});
