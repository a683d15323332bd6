import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import { canonicalJson, digestOf, type Digest } from '../model/digest.ts';
import { Job } from '../model/job.ts';
import type { KeyId, PublicKey, SigningKey } from '../model/keys.ts';

/** Keeps a job's signature from being taken for that of anything else the key signs. */
const type = 'sallyport-job+jws';

/** A job as a compact JWS (RFC 7515, EdDSA of RFC 8037), signed over its canonical JSON. */
export async function signJob(job: Job, key: SigningKey): Promise<string> {
  return new CompactSign(Buffer.from(canonicalJson(Job.parse(job))))
    .setProtectedHeader({ alg: 'EdDSA', typ: type, kid: key.public.id })
    .sign(key.private);
}

/** The key id that the token names, unverified; `null` where it is not a job of ours at all. */
export function jobKeyId(token: string): KeyId | null {
  try {
    const header = decodeProtectedHeader(token);
    return header.alg === 'EdDSA' && header.typ === type ? (header.kid ?? null) : null;
  } catch {
    return null;
  }
}

/** The job, where the key signed it and it has the form of this schema; else `null`. */
export async function verifyJob(token: string, key: PublicKey): Promise<Job | null> {
  try {
    const { payload } = await compactVerify(token, key.object, { algorithms: ['EdDSA'] });
    const job = Job.safeParse(JSON.parse(Buffer.from(payload).toString('utf8')));
    return job.success ? job.data : null;
  } catch {
    return null;
  }
}

/** The digest by which records and the next job name a job: over the payload's bytes. */
export function jobDigest(token: string): Digest {
  return digestOf(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
}

/** The id of the job that a cause makes. The same cause, however often it is seen, is one job. */
export function jobIdOf(cause: string): Digest {
  return digestOf(`sallyport job\n${cause}`);
}
