import { z } from 'zod';

/**
 * What a job asks for. `deploy`, `rollback` and `switch` change targets, `plan` only looks, the others
 * change what holds in an environment and touch no target. `switch` moves traffic to what is staged, or to
 * what was there before, and builds nothing.
 */
const operations = [
  'deploy',
  'rollback',
  'switch',
  'plan',
  'lock',
  'unlock',
  'pause',
  'resume',
  'release-quarantine',
] as const;
export type Operation = (typeof operations)[number];

/** Whether a job of this operation makes targets match its commit. */
export function changesTargets(operation: Operation): boolean {
  return operation === 'deploy' || operation === 'rollback' || operation === 'switch';
}

/** Whether a job of this operation is over as soon as it stands: nobody has to do anything. */
export function isStateOperation(operation: Operation): boolean {
  return !changesTargets(operation) && operation !== 'plan';
}

/** Whether it goes back to what completed in its environment before; a switch to what was staged does not. */
export function goesBack({ operation, flags }: Pick<Job, 'operation' | 'flags'>): boolean {
  return operation === 'rollback' || (operation === 'switch' && flags['from'] === undefined);
}

/** A full commit SHA: 40 lower-case hexadecimal digits. */
export const Sha = z.string().regex(/^[0-9a-f]{40}$/);
export type Sha = z.infer<typeof Sha>;

const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
const DigestText = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);
/** ISO 8601 in UTC, with milliseconds. */
const Instant = z.iso.datetime();

/** One target of a job: where it goes, already resolved from the policy when the job was issued. */
const JobTarget = z.strictObject({
  name: Name,
  kind: z.string().max(32),
  wave: z.int().min(-1000).max(1000),
  /** The hosts that run it, in the order of the roster; empty where the target lives on no host. */
  hosts: z.array(Name).max(250),
});

/**
 * A host that takes part, with its public key as the policy named it when the job was issued: so
 * what it said stays readable after the host, or its key, has left the policy.
 */
const RosterHost = z.strictObject({ name: Name, key: z.string().regex(/^ed25519:[\w-]{43}$/) });

/** A gate that the App judged, with its answer. */
const GateAnswer = z.strictObject({
  name: z.string().max(40),
  open: z.boolean(),
  reason: z.string().max(200),
});

/** How hosts follow each other, as the policy had it when the job was issued; times in ms. */
const Rollout = z.strictObject({
  /** Hosts that go first, alone. */
  canary: z.int().min(0).max(250),
  /** Hosts that go at once after that. */
  batch: z.int().min(1).max(250),
  /** Between the canary and the first batch, and between two batches. */
  pause: z.int().min(0),
  /** Hosts that may be without the service at once: those at work and those that are down. */
  max_unavailable: z.int().min(1).max(250),
  /** What happens where a host is down at its turn. */
  down: z.enum(['refuse', 'skip', 'wait']),
});
export type Rollout = z.infer<typeof Rollout>;

/** One operation on one environment, as the App signs it. Everything in it was fixed when it was issued. */
export const Job = z.strictObject({
  schema: z.literal(1),
  operation: z.enum(operations),
  /** Derived from the cause (`jobIdOf`), never random: a cause acted on twice is one job. */
  id: DigestText,
  /** Repository id, and comment id + line, or event + ref + SHA. */
  cause: z.string().max(400),
  /** GitHub's numeric repository id; 0 where there is no GitHub. */
  repository: z.int().min(0),
  environment: Name,
  sha: Sha,
  /** The branch, tag or pull request that people named; for display only. */
  ref: z.string().max(255),
  /** The commit of the default branch whose policy was read. */
  policy: Sha,
  targets: z.array(JobTarget).max(64),
  /**
   * All hosts that take part, in order; records name hosts by their place here. Where a target
   * lives on no host, they are the agents that may claim it.
   */
  roster: z.array(RosterHost).max(250),
  /** What happens to the units that are done when a later one fails. */
  on_failure: z.enum(['rollback', 'stop']),
  /** Absent: one host after the other. */
  rollout: Rollout.optional(),
  flags: z.record(z.string().max(40), z.union([z.boolean(), z.string().max(255)])),
  params: z.record(z.string().max(64), z.string().max(1024)),
  actor: z.strictObject({ id: z.int().min(0), login: z.string().max(100) }),
  /** Logins of the pull request's author, everyone who pushed to it, and whoever typed the command. */
  authors: z.array(z.string().max(100)).max(100),
  gates: z.array(GateAnswer).max(40),
  /** Where people follow it: the issue or pull request, and the comment that the App keeps editing. */
  reply: z.strictObject({ issue: z.int(), comment: z.int() }).nullable(),
  /** Digest of the environment's previous job; `null` for its first. */
  prev: DigestText.nullable(),
  issued: Instant,
  /** Limits the start, not the waiting for people. */
  start_by: Instant,
});
export type Job = z.infer<typeof Job>;

/** Whether it is for all targets of its environment. One for a single target says nothing of the others. */
export function isWhole({ flags }: Pick<Job, 'flags'>): boolean {
  return flags['only'] === undefined;
}
export type RosterHost = z.infer<typeof RosterHost>;
