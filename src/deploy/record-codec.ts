import { createHash, sign, verify } from 'node:crypto';
import type { Digest } from '../model/digest.ts';
import type { KeyId, PublicKey, SigningKey } from '../model/keys.ts';
import { reasons, type Reason } from '../model/reason.ts';
import { actStates, hostStates, leaseStates, type LedgerRecord } from '../model/record.ts';
import { unitStates } from '../model/unit.ts';

/** Keeps a record's signature from being taken for that of anything else the key signs. */
const context = Buffer.from('sallyport-record-1\n');
const bodyLength = 60;
const signatureLength = 64;
const nowhere = 0xff;

/** The first byte says the schema; the second, which of these kinds it is. */
const kinds = ['act', 'unit', 'lease', 'host'] as const;
const statesOf = {
  act: actStates,
  unit: unitStates,
  lease: leaseStates,
  host: hostStates,
} as const;
const reasonOf = new Map(
  Object.entries(reasons).map(([name, code]) => [code as number, name as Reason]),
);

/**
 * A record as it is read from a token, before anybody knows whether its signature is good.
 * Digests are cut to 16 bytes on the wire: `job` and `plan` here are their beginnings.
 */
export interface WireRecord {
  /** Equal for the same thing said twice by the same key, whenever it was said. */
  readonly id: string;
  readonly key: KeyId;
  readonly record: LedgerRecord;
}

/** A signed record in base64url: 124 bytes, 166 characters. */
export function signRecord(record: LedgerRecord, key: SigningKey): string {
  const body = Buffer.alloc(bodyLength);
  body.writeUInt8(1, 0);
  body.writeUInt8(kinds.indexOf(record.kind), 1);
  body.writeUInt8((statesOf[record.kind] as readonly string[]).indexOf(record.state), 2);
  body.writeUInt8(reasons[record.reason], 3);
  writeDigest(body, record.job, 4);
  writeDigest(body, 'plan' in record ? record.plan : null, 20);
  body.writeUIntBE(record.at, 36, 6);
  body.writeUIntBE(subjectOf(record), 42, 6);
  body.writeUInt8('target' in record ? (record.target ?? nowhere) : nowhere, 48);
  body.writeUInt8('host' in record ? (record.host ?? nowhere) : nowhere, 49);
  body.writeUInt16BE('attempt' in record ? record.attempt : 0, 50);
  body.write(key.public.id, 52, 'hex');
  const signature = sign(null, Buffer.concat([context, body]), key.private);
  return Buffer.concat([body, signature]).toString('base64url');
}

/** Reads a token without judging its signature; `null` where it is not a record of this schema. */
export function decodeRecord(token: string): WireRecord | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== bodyLength + signatureLength || bytes.readUInt8(0) !== 1) return null;
  if (bytes.toString('base64url') !== token) return null;
  const record = readBody(bytes);
  return record && { id: recordId(bytes), key: bytes.toString('hex', 52, 60), record };
}

/** Whether the key signed the token. */
export function verifyRecord(token: string, key: PublicKey): boolean {
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(0, bodyLength);
  return verify(null, Buffer.concat([context, body]), key.object, bytes.subarray(bodyLength));
}

/** The beginning of a digest that a record carries; compare a job's digest through this. */
export function shortDigest(digest: Digest): Digest {
  return digest.slice(0, 'sha256:'.length + 32) as Digest;
}

function readBody(bytes: Buffer): LedgerRecord | null {
  const kind = kinds[bytes.readUInt8(1)];
  const reason = reasonOf.get(bytes.readUInt8(3));
  const stateCode = bytes.readUInt8(2);
  if (!kind || !reason) return null;
  const base = { job: readDigest(bytes, 4)!, reason, at: bytes.readUIntBE(36, 6) };
  const plan = readDigest(bytes, 20);
  const [target, host] = [bytes.readUInt8(48), bytes.readUInt8(49)];
  const attempt = bytes.readUInt16BE(50);
  if (kind === 'act') {
    const state = actStates[stateCode];
    return state ? { ...base, kind, state, subject: bytes.readUIntBE(42, 6), plan } : null;
  }
  if (kind === 'lease') {
    const state = leaseStates[stateCode];
    return state ? { ...base, kind, state, target, attempt } : null;
  }
  if (kind === 'host') {
    const state = hostStates[stateCode];
    const number = bytes.readUIntBE(42, 6);
    const about = target === nowhere ? {} : { target };
    return state ? { ...base, kind, state, host, number, plan, ...about } : null;
  }
  const state = unitStates[stateCode];
  return state
    ? { ...base, kind, state, target, host: host === nowhere ? null : host, attempt, plan }
    : null;
}

function subjectOf(record: LedgerRecord): number {
  if (record.kind === 'act') return record.subject;
  return record.kind === 'host' ? record.number : 0;
}

/** Over everything but the time, so that a restarted agent that says a thing again says the same record. */
function recordId(bytes: Buffer): string {
  const said = Buffer.concat([bytes.subarray(0, 36), bytes.subarray(42, bodyLength)]);
  return createHash('sha256').update(said).digest('hex').slice(0, 16);
}

function writeDigest(body: Buffer, digest: Digest | null, at: number): void {
  if (digest) body.write(digest.slice('sha256:'.length, 'sha256:'.length + 32), at, 'hex');
}

function readDigest(bytes: Buffer, at: number): Digest | null {
  const part = bytes.subarray(at, at + 16);
  return part.every((byte) => byte === 0) ? null : `sha256:${part.toString('hex')}`;
}
