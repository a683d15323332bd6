import type { LoggedJob, LoggedRecord, Trust } from '../../src/deploy/admit.ts';
import type { JobDraft } from '../../src/deploy/issue.ts';
import { jobDigest, jobIdOf, signJob } from '../../src/deploy/job-codec.ts';
import { shortDigest, signRecord } from '../../src/deploy/record-codec.ts';
import type { Digest } from '../../src/model/digest.ts';
import type { Job } from '../../src/model/job.ts';
import { generateSigningKey, type SigningKey } from '../../src/model/keys.ts';
import type { ActRecord, HostRecord, LedgerRecord, UnitRecord } from '../../src/model/record.ts';

export const hostNames = ['web-1', 'web-2', 'web-3'] as const;
export const appKey = generateSigningKey();
export const hostKeys: Readonly<Record<string, SigningKey>> = Object.fromEntries(
  hostNames.map((name) => [name, generateSigningKey()]),
);
export const trust: Trust = { repository: 1, app: [{ key: appKey.public, environments: 'all' }] };

/** A deployment of `web` to three hosts, and of `dns` to none, in production. */
export function draftJob(cause: string, changes: Partial<JobDraft> = {}): JobDraft {
  return {
    operation: 'deploy',
    cause,
    repository: 1,
    environment: 'production',
    sha: 'a'.repeat(40),
    ref: 'main',
    policy: 'b'.repeat(40),
    targets: [
      { name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] },
      { name: 'dns', kind: 'command', wave: 1, hosts: [] },
    ],
    roster: hostNames.map((name) => ({ name, key: hostKeys[name]!.public.text })),
    on_failure: 'rollback',
    flags: {},
    params: {},
    actor: { id: 7, login: 'ada' },
    authors: ['ada'],
    gates: [],
    reply: null,
    ...changes,
  };
}

export function jobOf(cause: string, prev: Digest | null, changes: Partial<JobDraft> = {}): Job {
  return {
    ...draftJob(cause, changes),
    schema: 1,
    id: jobIdOf(cause),
    prev,
    issued: '2026-01-01T00:00:00.000Z',
    start_by: '2026-01-02T00:00:00.000Z',
  };
}

/** A job as it is in a log, signed for its digest. */
export async function loggedJob(deployment: number, job: Job): Promise<LoggedJob> {
  return { deployment, job, digest: jobDigest(await signJob(job, appKey)), at: deployment };
}

/** Makes admitted records of one deployment, with rising ids. */
export function recorder({ deployment, job, digest }: LoggedJob, firstId = deployment * 1000) {
  let id = firstId;
  const base = { job: shortDigest(digest), reason: 'none', at: 0 } as const;
  const entry = (record: LedgerRecord, host: string | null): LoggedRecord => {
    id += 1;
    const signer = host === null ? ({ kind: 'app' } as const) : ({ kind: 'host', host } as const);
    return { id, deployment, record, signer, at: id };
  };
  return {
    bound: () =>
      entry({ ...base, kind: 'act', state: 'bound', subject: deployment, plan: null }, null),
    act: (state: Exclude<ActRecord['state'], 'bound'>, changes: Partial<ActRecord> = {}) =>
      entry({ ...base, kind: 'act', state, subject: 7, plan: null, ...changes }, null),
    host: (
      host: string,
      state: HostRecord['state'],
      number: number,
      changes: Partial<HostRecord> = {},
    ) =>
      entry(
        {
          ...base,
          kind: 'host',
          state,
          host: placeOf(job, host),
          number,
          plan: null,
          ...changes,
        },
        host,
      ),
    unit: (host: string, state: UnitRecord['state'], changes: Partial<UnitRecord> = {}) =>
      entry(
        {
          ...base,
          kind: 'unit',
          state,
          target: 0,
          host: placeOf(job, host),
          attempt: 1,
          plan: null,
          ...changes,
        },
        host,
      ),
    lease: (
      host: string,
      state: 'claimed' | 'renewed' | 'released',
      attempt: number,
      at: number,
    ) => ({
      ...entry({ ...base, kind: 'lease', state, target: 1, attempt }, host),
      at,
    }),
    hostless: (host: string, state: UnitRecord['state']) =>
      entry({ ...base, kind: 'unit', state, target: 1, host: null, attempt: 1, plan: null }, host),
  };
}

export function placeOf(job: Job, host: string): number {
  return job.roster.findIndex(({ name }) => name === host);
}

/** A record's token, signed by the host, or by the App where `host` is `null`. */
export function tokenOf(record: LedgerRecord, host: string | null): string {
  return signRecord(record, host === null ? appKey : hostKeys[host]!);
}
