import { appendFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './program.ts';

const settings = `
[http]
  receivepack = true
[uploadpack]
  allowFilter = true
  allowAnySHA1InWant = true
[receive]
  hideRefs = refs/pull
  autogc = false
[gc]
  auto = 0
`;

/** Makes an empty bare repository that serves partial clones and any commit by its SHA, as GitHub does. */
export async function createBare(directory: string, defaultBranch: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, '.']);
  await appendFile(join(directory, 'config'), settings);
}

/**
 * Makes a fork that shares its parent's objects, both ways: so the API and Git
 * find a fork's commit through the parent, as on GitHub.
 */
export async function createFork(
  parent: string,
  directory: string,
  defaultBranch: string,
): Promise<void> {
  await createBare(directory, defaultBranch);
  await rm(join(directory, 'objects'), { recursive: true });
  await symlink(join(parent, 'objects'), join(directory, 'objects'));
  const refs = await readRefs(parent);
  const lines = [...refs].map(([ref, sha]) => `create ${ref} ${sha}\n`);
  await git(directory, ['update-ref', '--stdin'], { input: lines.join('') });
}

/** Copies heads and tags of any repository on this machine; what is checked out there becomes `branch`. */
export async function importRefs(directory: string, source: string, branch: string): Promise<void> {
  // It may belong to another user; whoever names it here has decided to trust it.
  const config = join(directory, 'import.gitconfig');
  await writeFile(config, '[safe]\n\tdirectory = *\n');
  const env = { GIT_CONFIG_GLOBAL: config };
  const fetch = ['fetch', '--quiet', '--no-auto-gc', '--update-head-ok', source];
  const specs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  await git(directory, [...fetch, ...specs], { env });
  await git(directory, [...fetch, `+HEAD:refs/heads/${branch}`], { env });
}

/** Heads and tags, each with the SHA that it holds (an annotated tag's own). */
export async function readRefs(directory: string): Promise<Map<string, string>> {
  const format = '--format=%(refname) %(objectname)';
  const output = await git(directory, ['for-each-ref', format, 'refs/heads', 'refs/tags']);
  const lines = output === '' ? [] : output.split('\n');
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}
