import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { SallyportError, exitCodes } from './errors.ts';

/** 16 hexadecimal digits: the first 8 bytes of the SHA-256 of the raw public key. */
export type KeyId = string;

/** An Ed25519 public key (RFC 8032). */
export interface PublicKey {
  readonly id: KeyId;
  /** `ed25519:` and the 32 raw bytes in base64url, as it stands in configuration files. */
  readonly text: string;
  readonly object: KeyObject;
}

export interface SigningKey {
  readonly public: PublicKey;
  readonly private: KeyObject;
}

const prefix = 'ed25519:';

export function generateSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey);
}

/** Reads `ed25519:<base64url of 32 bytes>`. Throws `key_invalid`. */
export function parsePublicKey(text: string): PublicKey {
  const raw = Buffer.from(text.slice(prefix.length), 'base64url');
  if (!text.startsWith(prefix) || raw.length !== 32 || textOf(raw) !== text) {
    throw invalid('A public key is `ed25519:` and 43 characters of base64url.');
  }
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  return { id: idOf(raw), text, object: createPublicKey({ key: jwk, format: 'jwk' }) };
}

/** Reads a PKCS#8 PEM. Throws `key_invalid`. */
export function parseSigningKey(pem: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw invalid('The signing key is not a readable PEM file.', cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw invalid(`The signing key is of type ${key.asymmetricKeyType}, not Ed25519.`);
  }
  return signingKeyOf(key);
}

/** The key as a PKCS#8 PEM, for a file of mode 0600. */
export function signingKeyToPem(key: SigningKey): string {
  return key.private.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function signingKeyOf(key: KeyObject): SigningKey {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return { private: key, public: parsePublicKey(prefix + x) };
}

function textOf(raw: Buffer): string {
  return prefix + raw.toString('base64url');
}

function idOf(raw: Buffer): KeyId {
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}

function invalid(message: string, cause?: unknown): SallyportError {
  return new SallyportError({
    code: 'key_invalid',
    message,
    hint: 'Make a key with `sallyport agent keygen` (a host) or `sallyport app keygen` (the App).',
    exit: exitCodes.usage,
    cause,
  });
}
