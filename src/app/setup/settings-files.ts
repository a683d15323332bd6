import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { SigningKey } from '../../model/keys.ts';
import { makeSigningKey, readSigningKey } from '../signing-key.ts';
import type { RegisteredApp } from './convert-code.ts';

/** Where the settings of an App are kept; absolute paths. */
export interface SettingsFiles {
  /** For a shell, for systemd's `EnvironmentFile=`, for a container. */
  readonly env: string;
  readonly pem: string;
  readonly signingKey: string;
}

export function settingsFilesIn(folder: string): SettingsFiles {
  return {
    env: join(folder, '.env'),
    pem: join(folder, 'sallyport-app.pem'),
    signingKey: join(folder, 'sallyport-app.key'),
  };
}

/**
 * Gets ready before GitHub is asked for anything, since it shows the secrets only once. Rejects with
 * `settings_exist` where an App was set up in that folder: nothing is ever replaced. A signing key
 * that is there stays.
 */
export async function prepareSettings({
  env,
  pem,
  signingKey,
}: SettingsFiles): Promise<SigningKey> {
  for (const path of [env, pem]) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (isThere) throw settingsExist(path, env);
  }
  return await makeSigningKey(signingKey).catch((error: unknown) => {
    const isThere = error instanceof SallyportError && error.code === 'signing_key_exists';
    if (isThere) return readSigningKey(signingKey);
    throw error;
  });
}

/** Writes what the App needs to start, for its owner's eyes alone. */
export async function writeSettings(
  { env, pem, signingKey }: SettingsFiles,
  { id, webhookSecret, privateKey }: RegisteredApp,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = {
    APP_ID: String(id),
    PRIVATE_KEY_PATH: pem,
    WEBHOOK_SECRET: webhookSecret,
    SALLYPORT_SIGNING_KEY: signingKey,
    ...more,
  };
  const text = Object.entries(lines).map(([name, value]) => `${name}=${quoted(value)}\n`);
  const owners = { flag: 'wx', mode: 0o600, flush: true } as const;
  try {
    await writeFile(pem, privateKey, owners);
    await writeFile(env, text.join(''), owners);
  } catch (cause) {
    const message = `The App is there, but its settings cannot be written to ${env}`;
    throw cannotWrite(message, cause);
  }
}

/** As a shell, systemd and compose read it alike. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

function settingsExist(path: string, env: string): SallyportError {
  return new SallyportError({
    code: 'settings_exist',
    message: `An App was set up here before: there is ${path}`,
    hint: `Start it: set -a; . ${quoted(env)}; set +a; sallyport app. Or choose another folder: sallyport app setup --out FOLDER`,
    exit: exitCodes.usage,
  });
}

function cannotWrite(message: string, cause: unknown): SallyportError {
  return new SallyportError({
    code: 'settings_unwritable',
    message,
    hint: 'Delete the App on GitHub, then begin again: sallyport app setup --out FOLDER',
    exit: exitCodes.usage,
    cause,
  });
}
