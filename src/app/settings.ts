import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { SigningKey } from '../model/keys.ts';
import type { StorePlace } from '../ports/store.ts';
import { readSigningKey } from './signing-key.ts';
import { storePlaceOf } from './store-place.ts';

/** What the App needs to know before it serves. */
export interface AppSettings {
  readonly host: string;
  /** 0 lets the system choose one. */
  readonly port: number;
  readonly appId: number;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly signingKey: SigningKey;
  /** Root of the REST API: `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  /** Where deliveries are written down. */
  readonly store: StorePlace;
}

/** What was given on the command line. */
export interface AppFlags {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  /** Path of the signing key. */
  readonly key?: string | undefined;
  /** Where relative paths begin. */
  readonly cwd?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks everything at once, before a port is opened. Rejects with what is missing. */
export async function readSettings(env: Environment, flags: AppFlags): Promise<AppSettings> {
  const webhookSecret = requireSecret(env);
  const appId = requireAppId(env);
  const privateKey = await requirePrivateKey(env);
  const keyPath = flags.key ?? env['SALLYPORT_SIGNING_KEY'];
  if (!keyPath) {
    throw missing(
      'SALLYPORT_SIGNING_KEY',
      'the path of the key that signs jobs',
      'sallyport app keygen --out app-signing.key, then: export SALLYPORT_SIGNING_KEY=app-signing.key',
    );
  }
  return {
    host: flags.host ?? env['HOST'] ?? '127.0.0.1',
    port: portOf(flags.port ?? env['PORT'] ?? '3000'),
    appId,
    privateKey,
    webhookSecret,
    signingKey: await readSigningKey(keyPath),
    apiUrl: apiUrlOf(env),
    store: storePlaceOf(env, flags.cwd ?? process.cwd()),
  };
}

function requireSecret(env: Environment): string {
  const secret = env['WEBHOOK_SECRET'];
  if (!secret) {
    throw missing(
      'WEBHOOK_SECRET',
      'without it anybody could send webhooks',
      'Set the same secret here and in the settings of the GitHub App, for example one made by: openssl rand -hex 32',
    );
  }
  // Probot's default, known to everybody.
  if (secret === 'development') {
    throw new SallyportError({
      code: 'webhook_secret_weak',
      message: 'WEBHOOK_SECRET is `development`, which everybody knows',
      hint: 'Make one: openssl rand -hex 32',
      exit: exitCodes.usage,
    });
  }
  return secret;
}

function requireAppId(env: Environment): number {
  const id = Number(env['APP_ID'] ?? '');
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw missing(
    'APP_ID',
    'the number of the GitHub App',
    'It stands on the page of the GitHub App: Settings → Developer settings → GitHub Apps.',
  );
}

async function requirePrivateKey(env: Environment): Promise<string> {
  const path = env['PRIVATE_KEY_PATH'];
  const given = env['PRIVATE_KEY'] ?? (path ? await readFile(path, 'utf8').catch(() => '') : '');
  if (!given) {
    throw missing(
      'PRIVATE_KEY',
      path ? `PRIVATE_KEY_PATH names a file that cannot be read: ${path}` : 'the PEM of the App',
      'Download it from the page of the GitHub App and set PRIVATE_KEY_PATH to its path.',
    );
  }
  try {
    const key = createPrivateKey(pemOf(given));
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch (error) {
    throw new SallyportError({
      code: 'private_key_invalid',
      message: 'The private key of the GitHub App is no PEM',
      hint: 'Set PRIVATE_KEY_PATH to the .pem file that GitHub gave you.',
      exit: exitCodes.usage,
      cause: error,
    });
  }
}

/** PEM as it is, with `\n` spelt out (as .env files have it), or in base64. */
function pemOf(text: string): string {
  const spelt = text.replaceAll('\\n', '\n');
  return spelt.includes('-----BEGIN') ? spelt : Buffer.from(text, 'base64').toString('utf8');
}

/** The port that a person gave to this command. Throws `port_invalid`. */
export function portOf(text: string, command = 'sallyport app'): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text !== '') return port;
  throw new SallyportError({
    code: 'port_invalid',
    message: `${text} is no port`,
    hint: `Give a number from 0 to 65535: ${command} --port 3000`,
    exit: exitCodes.usage,
  });
}

/** Root of the REST API: that of github.com, or of `GHE_HOST`. */
export function apiUrlOf(env: Environment): string {
  const host = env['GHE_HOST'];
  return host ? `${env['GHE_PROTOCOL'] ?? 'https'}://${host}/api/v3` : 'https://api.github.com';
}

/** Where people see GitHub: github.com, or `GHE_HOST`. */
export function webUrlOf(env: Environment): string {
  const host = env['GHE_HOST'];
  return host ? `${env['GHE_PROTOCOL'] ?? 'https'}://${host}` : 'https://github.com';
}

function missing(name: string, why: string, hint: string): SallyportError {
  return new SallyportError({
    code: 'setting_missing',
    message: `${name} is not set: ${why}`,
    hint,
    exit: exitCodes.usage,
  });
}
