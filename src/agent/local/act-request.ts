import { z } from 'zod';
import { isKnownRef } from './ref-text.ts';

const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
const Reason = z.string().max(200).default('');
/** In ms. */
const Duration = z
  .int()
  .min(1_000)
  .max(31 * 86_400_000);
/** A client that waits longer than that has long given up. */
const longestHoldMs = 600_000;
const Deployment = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Whoever asks: on this host, where only the agent's own user and root may open the socket. */
const Caller = z.strictObject({ name: z.string().min(1).max(100), uid: z.int().min(0) });
export type Caller = z.infer<typeof Caller>;

/** `request` is made once by the command line: the same request twice is one act. */
const asked = { request: z.string().regex(/^[\w-]{8,64}$/), caller: Caller };
/** By name; the targets say which there are and what may stand in them. */
const params = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), z.string().max(1024))
  .refine((given) => Object.keys(given).length <= 20, { error: 'at most 20' })
  .default({});
const inEnvironment = { environment: Name, ...asked };
const ref = z.string().min(1).max(255).refine(isKnownRef, { error: 'is not the name of a commit' });

/** What people on this host may ask of the agent, as it comes over its socket. */
export const ActRequest = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('sync'), ...inEnvironment }),
  z.strictObject({
    verb: z.literal('deploy'),
    /** A branch, a tag, or the first digits of a commit; `null`: the head of the branch. */
    ref: ref.nullable().default(null),
    params,
    reason: Reason,
    /** Goes on with a commit that failed here. */
    force_quarantined: z.boolean().default(false),
    /** Stops with services healthy in their idle slots. */
    stage: z.boolean().default(false),
    ...inEnvironment,
  }),
  z.strictObject({
    verb: z.literal('switch'),
    /** `null`: all that is staged, or the only service. */
    target: Name.nullable().default(null),
    /** As of `rollback`; `null`: what is staged, else what had the traffic before. */
    to: z.string().min(1).max(255).nullable().default(null),
    reason: Reason,
    force_quarantined: z.boolean().default(false),
    ...inEnvironment,
  }),
  z.strictObject({
    verb: z.literal('plan'),
    ref: ref.nullable().default(null),
    params,
    ...inEnvironment,
  }),
  z.strictObject({
    verb: z.literal('rollback'),
    /** The first digits of a commit, or a deployment; `null`: the commit before. */
    to: z.string().min(1).max(64).nullable().default(null),
    reason: Reason,
    ...inEnvironment,
  }),
  z.strictObject({
    verb: z.literal('approve'),
    deployment: Deployment,
    /** The plan that is meant, by its first digits; `null`: the one that is shown now. */
    digest: z
      .string()
      .regex(/^(?:sha256:)?[0-9a-f]{4,64}$/)
      .nullable()
      .default(null),
    ...asked,
  }),
  z.strictObject({ verb: z.literal('reject'), deployment: Deployment, reason: Reason, ...asked }),
  z.strictObject({ verb: z.literal('cancel'), deployment: Deployment, reason: Reason, ...asked }),
  z.strictObject({
    verb: z.literal('pause'),
    /** How long; it ends by itself. */
    for: Duration,
    reason: Reason,
    ...inEnvironment,
  }),
  z.strictObject({ verb: z.literal('resume'), reason: Reason, ...inEnvironment }),
  z.strictObject({
    verb: z.literal('lock'),
    /** How long; `null`: until somebody unlocks. */
    for: Duration.nullable().default(null),
    reason: Reason,
    ...inEnvironment,
  }),
  z.strictObject({ verb: z.literal('unlock'), reason: Reason, ...inEnvironment }),
  z.strictObject({
    verb: z.literal('release-quarantine'),
    commit: z.string().regex(/^[0-9a-f]{4,40}$/),
    ...inEnvironment,
  }),
  z.strictObject({ verb: z.literal('release'), host: Name, ...asked }),
  z.strictObject({
    verb: z.literal('maintenance'),
    /** `null`: every service of the environment. */
    target: Name.nullable().default(null),
    /** What people are told; `null`: it is over. */
    message: z
      .string()
      .min(1)
      .max(2000)
      .regex(/^(?:\P{Cc}|[\n\t])*$/u, { error: 'has characters that are no text' })
      .nullable(),
    ...inEnvironment,
  }),
  z.strictObject({
    verb: z.literal('hold'),
    /** As of `maintenance`. */
    target: Name.nullable().default(null),
    /** How long a request waits at the most, in ms; `null`: all of them go on. */
    for: z.int().min(1_000).max(longestHoldMs).nullable(),
    ...inEnvironment,
  }),
]);
export type ActRequest = z.infer<typeof ActRequest>;
/** As the command line writes it: what has a default may be left out. */
export type ActAsked = z.input<typeof ActRequest>;

/** What came of it. */
export interface ActAnswer {
  readonly schema: 1;
  readonly ok: true;
  readonly verb: ActRequest['verb'];
  readonly environment: string;
  /** The deployment that was made or spoken of; `null` where there is none. */
  readonly deployment: string | null;
  readonly commit: string | null;
  /** What happened, in one sentence. */
  readonly message: string;
  /** The exact next command; `null` where nothing is left to do. */
  readonly next: string | null;
}
