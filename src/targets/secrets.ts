import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDotEnv } from './dot-env.ts';
import { StepFailure } from './target.ts';

/** Where a release finds its environment files: the version's own folder, where there is one. */
export async function envRootOf(envRoot: string | null, version: string): Promise<string | null> {
  if (envRoot === null || !isFolderName(version)) return envRoot;
  const own = join(envRoot, version);
  return (await isFolder(own)) ? own : envRoot;
}

/** The values of these names; refuses with `secret_missing` where the host lacks one. */
export async function loadSecrets(
  envRoot: string | null,
  version: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (names.length === 0) return {};
  const variables = await loadHostVariables(envRoot, version);
  const missing = names.filter((name) => !variables.has(name));
  if (missing.length > 0) throw secretMissing(missing, envRoot);
  return Object.fromEntries(names.map((name) => [name, variables.get(name)!]));
}

/**
 * Every variable of the host's `*.env` files, by name. Files are read in the order of their
 * names, later ones win, and those in a `<version>/` folder win over all.
 */
async function loadHostVariables(
  envRoot: string | null,
  version: string,
): Promise<ReadonlyMap<string, string>> {
  if (envRoot === null) return new Map();
  const own = await envRootOf(envRoot, version);
  const common = await readFolder(envRoot);
  return own === null || own === envRoot
    ? common
    : new Map([...common, ...(await readFolder(own))]);
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder).catch(noEntries)).filter((name) => name.endsWith('.env'));
  const files = names.toSorted().map(async (name) => {
    const path = join(folder, name);
    return [...parseDotEnv(await readFile(path, 'utf8'), path)];
  });
  return new Map((await Promise.all(files)).flat());
}

function noEntries(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** A tag may be `release/1`, or worse: only a plain name is looked up as a folder. */
function isFolderName(version: string): boolean {
  return /^[A-Za-z0-9][\w.+-]*$/.test(version);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

function secretMissing(missing: readonly string[], envRoot: string | null): StepFailure {
  const names = missing.join(', ');
  return envRoot === null
    ? new StepFailure('secret_missing', `this host has no env_root, so it has no ${names}`, [
        'set `env_root` in agent.yml to a folder with .env files',
      ])
    : new StepFailure('secret_missing', `no .env file in ${envRoot} sets ${names}`, [
        `add ${names} to a file such as ${join(envRoot, 'secrets.env')}`,
      ]);
}
