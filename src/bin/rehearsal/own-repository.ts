import { execa } from 'execa';
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SallyportError, exitCodes } from '../../model/errors.ts';

/** What is read of somebody's repository before it is rehearsed; the repository itself is never written to. */
export interface OwnRepository {
  readonly path: string;
  readonly name: string;
  /** The one that is checked out; `main` where none is. */
  readonly branch: string;
  /** `.github/sallyport.yml` as committed on the branch; `null` where there is none. */
  readonly config: string | null;
  /** package.json as committed on the branch. */
  readonly packageJson: string | null;
  readonly hasLockFile: boolean;
  /** There are changes that are not committed; they are not deployed. */
  readonly isDirty: boolean;
}

/**
 * Reads a Git repository on this machine. Throws `not_a_repository`, `no_commit`, and
 * `repository_shallow`, for what is not there cannot be served.
 */
export async function readOwnRepository(path: string): Promise<OwnRepository> {
  await assertTopFolder(path);
  const head = await git(path, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (head === null) {
    throw unusable('no_commit', `${path} has no commit yet`, firstCommit(path));
  }
  if ((await git(path, ['rev-parse', '--is-shallow-repository']))?.trim() === 'true') {
    const message = `${path} is a shallow clone, without the history that a deployment is checked against`;
    throw unusable('repository_shallow', message, `git -C ${path} fetch --unshallow`);
  }
  const show = (file: string) => git(path, ['show', `HEAD:${file}`]);
  const branch = await git(path, ['symbolic-ref', '--short', '--quiet', 'HEAD']);
  return {
    path,
    name: basename(path).replaceAll(/[^A-Za-z0-9._-]/g, '-') || 'repository',
    branch: branch?.trim() ?? 'main',
    config: await show('.github/sallyport.yml'),
    packageJson: await show('package.json'),
    hasLockFile: (await show('package-lock.json')) !== null,
    isDirty: (await git(path, ['status', '--porcelain', '--untracked-files=no'])) !== '',
  };
}

async function assertTopFolder(path: string): Promise<void> {
  const { exitCode, stdout, stderr, code } = await run(path, ['rev-parse', '--show-toplevel']);
  if (exitCode === 0) {
    const top = stdout.trim();
    if (top === (await realpath(path))) return;
    const message = `${path} is a folder inside the Git repository ${top}`;
    throw unusable('not_a_repository', message, `sallyport try --repo ${top}`);
  }
  if (!(await isFolder(path))) throw noFolder(path);
  if (code === 'ENOENT') {
    throw unusable('git_missing', 'There is no program `git` here', 'Install git.');
  }
  if (stderr.includes('dubious ownership')) {
    const message = `${path} belongs to another user, so git does not read it`;
    const hint = `git config --global --add safe.directory ${path}`;
    throw unusable('not_a_repository', message, hint);
  }
  const hint = `git -C ${path} init && ${firstCommit(path)}`;
  throw unusable('not_a_repository', `${path} is not a Git repository with files in it`, hint);
}

function firstCommit(path: string): string {
  return `git -C ${path} add --all && git -C ${path} commit -m "First commit"`;
}

function unusable(code: string, message: string, hint: string): SallyportError {
  return new SallyportError({ code, message, hint, exit: exitCodes.usage });
}

function noFolder(path: string): SallyportError {
  return new SallyportError({
    code: 'folder_not_found',
    message: `There is no folder ${path}`,
    exit: exitCodes.notFound,
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

/** What it prints; `null` where it fails. */
async function git(path: string, args: readonly string[]): Promise<string | null> {
  const { exitCode, stdout } = await run(path, args);
  return exitCode === 0 ? stdout : null;
}

function run(path: string, args: readonly string[]) {
  const env = { LC_ALL: 'C' };
  return execa('git', ['-C', path, ...args], { reject: false, stripFinalNewline: false, env });
}
