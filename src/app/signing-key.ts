import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SallyportError, exitCodes } from '../model/errors.ts';
import {
  generateSigningKey,
  parseSigningKey,
  signingKeyToPem,
  type SigningKey,
} from '../model/keys.ts';

/** Makes the App's signing key in a new file that only its owner reads. Never replaces a key. */
export async function makeSigningKey(path: string): Promise<SigningKey> {
  const key = generateSigningKey();
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, signingKeyToPem(key), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    throw cannotMake(path, error);
  }
  return key;
}

/** The App's signing key; refuses a file that others may read. */
export async function readSigningKey(path: string): Promise<SigningKey> {
  const pem = await readOwnFile(path);
  return parseSigningKey(pem);
}

/** The entry for `trust.keys` in the hosts' agent.yml. */
export function trustLine(key: SigningKey, id = 'app-1'): string {
  return `{ id: ${id}, key: "${key.public.text}", environments: [production] }`;
}

async function readOwnFile(path: string): Promise<string> {
  const { mode } = await stat(path).catch((error: unknown) => {
    throw new SallyportError({
      code: 'signing_key_missing',
      message: `The App's signing key cannot be read: ${path}`,
      hint: `Make one: sallyport app keygen --out ${path}`,
      exit: exitCodes.usage,
      cause: error,
    });
  });
  if ((mode & 0o077) !== 0) {
    throw new SallyportError({
      code: 'signing_key_exposed',
      message: `The App's signing key may be read by others: ${path} has mode ${(mode & 0o777).toString(8)}`,
      hint: `chmod 600 ${path}`,
      exit: exitCodes.usage,
    });
  }
  return readFile(path, 'utf8');
}

function cannotMake(path: string, cause: unknown): SallyportError {
  const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
  return new SallyportError({
    code: exists ? 'signing_key_exists' : 'signing_key_unwritable',
    message: exists
      ? `There is a file already, and a key is never replaced: ${path}`
      : `The key cannot be written: ${path}`,
    hint: exists
      ? 'Give another name with --out; hosts trust the new key once it is in their agent.yml.'
      : 'Choose a folder that you may write to: sallyport app keygen --out FILE',
    exit: exitCodes.usage,
    cause,
  });
}
