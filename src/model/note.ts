import { z } from 'zod';

/** All that people are told of outside GitHub; the list is closed. */
export const notifiedEvents = [
  'started',
  'awaiting-approval',
  'completed',
  'failed',
  'rolled-back',
  'out-of-sync',
  'agent-lost',
] as const;
export type NotifiedEvent = (typeof notifiedEvents)[number];

const Text = z.string().max(1024);

/** One thing that happened, for people outside GitHub. It waits in an outbox as JSON. */
export const Note = z.strictObject({
  schema: z.literal(1),
  /** The same for the same thing, whoever tells of it and however often. */
  id: Text,
  event: z.enum(notifiedEvents),
  /** `url` is `null` where nobody can look at it. */
  repository: z.strictObject({ name: Text, url: Text.nullable() }),
  environment: Text,
  deployment: z.int(),
  /** `deploy` or `rollback`. */
  operation: Text,
  commit: Text,
  /** The branch, tag or pull request that people named. */
  ref: Text,
  actor: Text,
  state: Text,
  /** A reason code; `none` where there is nothing to explain. */
  reason: Text,
  /** The step that failed, `null` where none did. */
  step: Text.nullable(),
  /** What was said of it, by a host or a person; '' where nothing was. */
  message: Text,
  targets: z.array(Text),
  /** All that take part, or those that it is about. */
  hosts: z.array(Text),
  /** Where people read on. */
  link: Text.nullable(),
  /** Ms since 1970, by the ledger's clock. */
  at: z.number(),
});
export type Note = z.infer<typeof Note>;
