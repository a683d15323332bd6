import { createHash, sign as signWith, verify as verifyWith } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../model/digest.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { PublicKey, SigningKey } from '../../model/keys.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Version = z.string().regex(/^\d{1,6}(\.\d{1,6}){2}(-[0-9A-Za-z.-]{1,40})?$/);

/** What a signature beside a package says of it. */
const Statement = z.strictObject({
  schema: z.literal(1),
  package: z.string().max(200),
  version: Version,
  sha256: Sha256,
  bytes: z.int().min(1),
});
export type Statement = z.infer<typeof Statement>;

const Signed = z.strictObject({ statement: Statement, key: z.string(), signature: z.string() });

/** The text of `<package>.sig`: a statement, and an Ed25519 signature over its canonical JSON. */
export async function sign(path: string, version: string, key: SigningKey): Promise<string> {
  const digest = await digestOfFile(path);
  const statement = Statement.parse({ schema: 1, package: basename(path), version, ...digest });
  const signature = signWith(null, bytesOf(statement), key.private).toString('base64url');
  return `${JSON.stringify({ statement, key: key.public.id, signature }, null, 2)}\n`;
}

/**
 * What is said of a package by somebody whose word counts. Rejects with `signature_invalid`
 * where nobody's does, and with `digest_mismatch` where the package is another one.
 */
export async function verify(
  path: string,
  text: string,
  trusted: readonly PublicKey[],
): Promise<Statement> {
  const { statement, key: id, signature } = read(path, text);
  const key = trusted.find((one) => one.id === id);
  if (!key) throw refused('signature_invalid', `no trusted key made ${basename(path)}.sig (${id})`);
  const isGood = verifyWith(
    null,
    bytesOf(statement),
    key.object,
    Buffer.from(signature, 'base64url'),
  );
  if (!isGood)
    throw refused('signature_invalid', `the signature in ${basename(path)}.sig is wrong`);
  const { sha256, bytes } = await digestOfFile(path);
  if (sha256 === statement.sha256 && bytes === statement.bytes) return statement;
  throw refused(
    'digest_mismatch',
    `${path} has ${bytes} bytes with SHA-256 ${sha256}; signed are ${statement.bytes} with ${statement.sha256}`,
  );
}

export async function digestOfFile(
  path: string,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

function read(path: string, text: string): z.infer<typeof Signed> {
  try {
    return Signed.parse(JSON.parse(text));
  } catch (cause) {
    throw refused('signature_invalid', `${basename(path)}.sig cannot be read`, cause);
  }
}

function bytesOf(statement: Statement): Buffer {
  return Buffer.from(canonicalJson(statement));
}

function refused(code: string, message: string, cause?: unknown): SallyportError {
  return new SallyportError({
    code,
    message,
    hint: 'fetch the package and its .sig again, from where the maintainers put them',
    exit: exitCodes.refused,
    cause,
  });
}
