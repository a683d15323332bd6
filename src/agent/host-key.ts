import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError, exitCodes } from '../model/errors.ts';
import {
  generateSigningKey,
  parseSigningKey,
  signingKeyToPem,
  type SigningKey,
} from '../model/keys.ts';

/** Where a host's own key is; it never leaves the host. */
export function hostKeyPath(state: string): string {
  return join(state, 'key');
}

/** The key of this host. Refuses a file that others may read. */
export async function readHostKey(state: string): Promise<SigningKey> {
  const path = hostKeyPath(state);
  const facts = await stat(path).catch((cause: unknown) => {
    throw new SallyportError({
      code: 'key_missing',
      message: `This host has no key: ${path} cannot be read.`,
      hint: `Make one: sallyport agent keygen --state ${state}`,
      exit: exitCodes.usage,
      cause,
    });
  });
  if ((facts.mode & 0o077) !== 0) {
    throw new SallyportError({
      code: 'key_exposed',
      message: `The key of this host may be read by others: ${path} has mode ${(facts.mode & 0o777).toString(8)}.`,
      hint: `chmod 600 ${path}`,
      exit: exitCodes.usage,
    });
  }
  return parseSigningKey(await readFile(path, 'utf8'));
}

/** Makes the key of this host. Never replaces one unless told to. */
export async function makeHostKey(state: string, replace: boolean): Promise<SigningKey> {
  const key = generateSigningKey();
  const path = hostKeyPath(state);
  const written = replace ? `${path}.new` : path;
  try {
    await mkdir(state, { recursive: true, mode: 0o700 });
    if (replace) await rm(written, { force: true });
    await writeFile(written, signingKeyToPem(key), { flag: 'wx', mode: 0o600, flush: true });
    if (replace) await rename(written, path);
  } catch (cause) {
    throw cannotMake(path, cause);
  }
  return key;
}

/** The line for `agents:` in the repository's `.github/sallyport.yml`. */
export function enrolment(name: string, key: SigningKey, environments: readonly string[]): string {
  return `${name}: { key: "${key.public.text}", environments: [${environments.join(', ')}] }`;
}

function cannotMake(path: string, cause: unknown): SallyportError {
  const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
  return new SallyportError({
    code: exists ? 'key_exists' : 'key_unwritable',
    message: exists
      ? `This host has a key already: ${path}`
      : `The key cannot be written: ${path} (${(cause as Error).message})`,
    hint: exists
      ? 'With --force it is replaced; what the host says counts again once its new key is merged.'
      : 'Choose a folder that you may write to: sallyport agent keygen --state DIR',
    exit: exitCodes.usage,
    cause,
  });
}
