import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, SallyportError } from '../../../model/errors.ts';
import { gitLimits } from '../git-limits.ts';
import { mustRunGit, runGit, type GitResult } from '../program/run-git.ts';

const branch = 'refs/heads/main';
const durable = ['-c', 'core.fsync=committed,loose-object', '-c', 'core.fsyncMethod=batch'];
const untouched = ['-c', 'core.autocrlf=false', '-c', 'core.safecrlf=false'];
const quiet = ['-c', 'advice.addEmbeddedRepo=false'];
const author = ['-c', 'user.name=Sallyport', '-c', 'user.email=sallyport@localhost'];

/** Makes `main` a commit of the folder as it is now. */
export async function takeSnapshot(
  cache: string,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  if (!(await isFolder(directory))) throw directoryMissing(directory);
  await addAll(cache, directory, signal);
  const run = async (args: readonly string[]) =>
    (await mustRunGit([...durable, ...author, ...args], { cwd: cache, signal })).trim();
  const tree = await run(['write-tree']);
  const last = await runGit(['rev-parse', '--verify', '--quiet', `${branch}^{commit}`], {
    cwd: cache,
  });
  const parent = last.code === 0 ? last.stdout.trim() : null;
  if (parent !== null && (await run(['rev-parse', `${parent}^{tree}`])) === tree) return;
  const above = parent === null ? [] : ['-p', parent];
  const commit = await run(['commit-tree', tree, ...above, '-m', `Snapshot of ${directory}`]);
  await run(['update-ref', branch, commit]);
}

/** Brings the cache's own index up to date: files whose time and size are as before are not read again. */
async function addAll(
  cache: string,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const folders = [`--git-dir=${cache}`, `--work-tree=${directory}`];
  const args = [...folders, ...durable, ...untouched, ...quiet, 'add', '--all'];
  const options = { cwd: cache, signal, timeoutMs: gitLimits.fetchMs };
  const result = await runGit(args, options);
  if (result.code === 0) return;
  // The index only saves reading: one that was torn by a power cut is made anew.
  await rm(join(cache, 'index'), { force: true });
  const again = await runGit(args, options);
  if (again.code !== 0) throw unreadable(directory, again);
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function directoryMissing(directory: string): SallyportError {
  return new SallyportError({
    code: 'directory_missing',
    message: `There is no folder ${directory}.`,
    hint: 'Make it, or correct source.directory in agent.yml.',
    next: 'retry',
    exit: exitCodes.notFound,
  });
}

function unreadable(directory: string, { complaint }: GitResult): SallyportError {
  return new SallyportError({
    code: 'directory_unreadable',
    message: `The folder ${directory} could not be read as a whole: ${complaint}`,
    hint: 'Let the agent read it, or name what does not belong to it in its .gitignore.',
    next: 'retry',
  });
}
