import type { Digest } from '../model/digest.ts';
import type { Job, RosterHost } from '../model/job.ts';
import { parsePublicKey, type PublicKey } from '../model/keys.ts';
import type { LedgerRecord } from '../model/record.ts';
import type { JobEntry, RecordEntry } from '../ports/ledger.ts';
import { jobDigest, jobKeyId, verifyJob } from './job-codec.ts';
import { decodeRecord, shortDigest, verifyRecord, type WireRecord } from './record-codec.ts';

/** Whose jobs count here. Hosts' keys come from the jobs themselves, which the App signed. */
export interface Trust {
  /** GitHub's repository id; 0 where there is no GitHub. A job for another repository never counts. */
  readonly repository: number;
  readonly app: readonly {
    readonly key: PublicKey;
    readonly environments: readonly string[] | 'all';
  }[];
}

/** A job that a trusted key signed for this repository and this environment. */
export interface LoggedJob {
  readonly deployment: number;
  readonly job: Job;
  readonly digest: Digest;
  readonly at: number;
}

export type Signer = { readonly kind: 'app' } | { readonly kind: 'host'; readonly host: string };

/** A record that its key may say: the App for itself and for people, a host for its own units. */
export interface LoggedRecord {
  readonly id: number;
  readonly deployment: number;
  readonly record: LedgerRecord;
  readonly signer: Signer;
  readonly at: number;
  /** What was said with it, for people; unsigned. */
  readonly words?: string;
}

/** What folds read: jobs in order of deployment id, records in order of deployment and record id, nothing twice. */
export interface EventLog {
  readonly jobs: readonly LoggedJob[];
  readonly records: readonly LoggedRecord[];
}

export interface Dropped {
  readonly deployment: number;
  /** `null` where the job itself was dropped. */
  readonly record: number | null;
  readonly why: 'not_ours' | 'untrusted' | 'unknown_job' | 'not_its_own' | 'repeated';
}

export interface Admission {
  readonly log: EventLog;
  readonly dropped: readonly Dropped[];
}

/** Judges entries of a ledger; remembers what it verified, so that asking again costs nothing. */
export interface Admitter {
  admit(jobs: readonly JobEntry[], records: readonly RecordEntry[]): Promise<Admission>;
}

/** What is slow and always gives the same answer, remembered. */
interface Tools {
  readonly keyOf: (host: RosterHost) => PublicKey | null;
  readonly isGood: (token: string, key: PublicKey) => boolean;
}

/** Lets into the log only what a trusted key signed and may say; everything else is dropped and named. */
export function createAdmitter(trust: Trust): Admitter {
  const verified = new Map<string, Promise<Job | null>>();
  const goodRecords = new Map<string, boolean>();
  const keys = new Map<string, PublicKey | null>();
  const readJob = (token: string) => remember(verified, token, () => readTrustedJob(token, trust));
  const tools: Tools = {
    keyOf: (host) => remember(keys, host.key, () => readKey(host)),
    isGood: (token, key) =>
      remember(goodRecords, `${key.id} ${token}`, () => verifyRecord(token, key)),
  };

  return {
    async admit(jobs, records) {
      const dropped: Dropped[] = [];
      const logged: LoggedJob[] = [];
      for (const { deployment, token, at } of uniqueBy(jobs, (entry) => [entry.deployment, 0])) {
        const job = await readJob(token);
        if (job) logged.push({ deployment, job, digest: jobDigest(token), at });
        else
          dropped.push({
            deployment,
            record: null,
            why: jobKeyId(token) ? 'untrusted' : 'not_ours',
          });
      }
      const byDeployment = new Map(logged.map((job) => [job.deployment, job]));
      const said = new Set<string>();
      const admitted: LoggedRecord[] = [];
      for (const entry of uniqueBy(records, (entry) => [entry.deployment, entry.id])) {
        const verdict = judge(entry, byDeployment.get(entry.deployment), trust, said, tools);
        if (typeof verdict === 'string') {
          dropped.push({ deployment: entry.deployment, record: entry.id, why: verdict });
        } else admitted.push(verdict);
      }
      return { log: { jobs: logged, records: admitted }, dropped };
    },
  };
}

async function readTrustedJob(token: string, trust: Trust): Promise<Job | null> {
  const id = jobKeyId(token);
  for (const { key, environments } of trust.app) {
    if (key.id !== id) continue;
    const job = await verifyJob(token, key);
    const counts =
      job?.repository === trust.repository &&
      (environments === 'all' || environments.includes(job.environment));
    if (counts) return job;
  }
  return null;
}

function judge(
  entry: RecordEntry,
  job: LoggedJob | undefined,
  trust: Trust,
  said: Set<string>,
  { keyOf, isGood }: Tools,
): LoggedRecord | Dropped['why'] {
  const wire = decodeRecord(entry.token);
  if (!wire) return 'not_ours';
  if (wire.record.job !== (job && shortDigest(job.digest))) return 'unknown_job';
  const signer = whoMaySay(wire, job!, trust, keyOf);
  if (!signer) return 'not_its_own';
  if (!isGood(entry.token, signer.key)) return 'untrusted';
  const once = `${entry.deployment} ${wire.id}`;
  if (said.has(once)) return 'repeated';
  said.add(once);
  const { id, deployment, at, words } = entry;
  return { id, deployment, record: wire.record, signer: signer.as, at, words };
}

/** The key that the record names, where that key may say such a thing of this job. */
function whoMaySay(
  { key, record }: WireRecord,
  { job, deployment }: LoggedJob,
  trust: Trust,
  keyOf: Tools['keyOf'],
): { readonly key: PublicKey; readonly as: Signer } | null {
  if (record.kind === 'act') {
    const app = trust.app.find(
      (known) =>
        known.key.id === key &&
        (known.environments === 'all' || known.environments.includes(job.environment)),
    );
    if (!app || (record.state === 'bound' && record.subject !== deployment)) return null;
    return { key: app.key, as: { kind: 'app' } };
  }
  if (record.kind === 'host') {
    const host = job.roster[record.host];
    const own = host && keyOf(host)?.id === key ? keyOf(host) : null;
    return own ? { key: own, as: { kind: 'host', host: host!.name } } : null;
  }
  const hosts = job.targets[record.target]?.hosts;
  if (!hosts) return null;
  const place = record.kind === 'unit' ? record.host : null;
  const speakers = place === null ? job.roster : job.roster.slice(place, place + 1);
  const speaker = speakers.find((host) => keyOf(host)?.id === key);
  if (!speaker || (place === null ? hosts.length > 0 : !hosts.includes(speaker.name))) return null;
  return { key: keyOf(speaker)!, as: { kind: 'host', host: speaker.name } };
}

/** `null` for a text that no key has: a policy may name one, and then that host cannot speak. */
function readKey(host: RosterHost): PublicKey | null {
  try {
    return parsePublicKey(host.key);
  } catch {
    return null;
  }
}

/** In the order of their numbers, each once: the first of each is kept. */
function uniqueBy<Entry>(
  entries: readonly Entry[],
  numbers: (entry: Entry) => readonly [number, number],
): Entry[] {
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    const key = numbers(entry).join(' ');
    if (!first.has(key)) first.set(key, entry);
  }
  return [...first.values()].toSorted((a, b) => {
    const [[a1, a2], [b1, b2]] = [numbers(a), numbers(b)];
    return a1 - b1 || a2 - b2;
  });
}

function remember<Key, Value>(memory: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}
