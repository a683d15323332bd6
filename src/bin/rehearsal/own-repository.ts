import { execa } from 'execa';
import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SallyportError, exitCodes } from '../../model/errors.ts';

/** What is read of somebody's repository before it is rehearsed; the repository itself is never written to. */
export interface OwnRepository {
  readonly path: string;
  readonly name: string;
  readonly branch: string;
  /** `.github/sallyport.yml` as committed on the branch; `null` where there is none. */
  readonly config: string | null;
  /** package.json as committed on the branch. */
  readonly packageJson: string | null;
  readonly hasLockFile: boolean;
  /** There are changes that are not committed; they are not deployed. */
  readonly isDirty: boolean;
}

/** Reads a Git repository on this machine. Throws `not_a_repository` and `no_commit`. */
export async function readOwnRepository(path: string): Promise<OwnRepository> {
  await access(join(path, '.git')).catch(() => {
    throw new SallyportError({
      code: 'not_a_repository',
      message: `${path} is not the top folder of a Git repository`,
      hint: `git -C ${path} init && git -C ${path} add --all && git -C ${path} commit -m "First commit"`,
      exit: exitCodes.usage,
    });
  });
  const head = await git(path, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (head === null) {
    throw new SallyportError({
      code: 'no_commit',
      message: `${path} has no commit yet`,
      hint: `git -C ${path} add --all && git -C ${path} commit -m "First commit"`,
      exit: exitCodes.usage,
    });
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

async function git(path: string, args: readonly string[]): Promise<string | null> {
  const { exitCode, stdout } = await execa('git', ['-C', path, ...args], {
    reject: false,
    stripFinalNewline: false,
  });
  return exitCode === 0 ? stdout : null;
}
