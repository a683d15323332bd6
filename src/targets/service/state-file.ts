import { z } from 'zod';
import { ProxySection } from '../../config/hosting.ts';
import { Upstream } from '../../model/upstream.ts';
import { Sha } from '../../model/job.ts';
import { slotNames } from './slots.ts';
import { StateFile } from '../state-file.ts';

const Argv = z.tuple([z.string()], z.string());
const SlotName = z.enum(slotNames);

/** What must be known of a configuration to start its slot again, and to see what differs. Durations in ms. */
const SlotConfig = z.looseObject({
  path: z.string(),
  run: Argv,
  env: z.object({ clear: z.record(z.string(), z.string()), secret: z.array(z.string()) }),
  health: z.object({
    path: z.string(),
    status: z.number(),
    interval: z.number(),
    timeout: z.number(),
    rise: z.number(),
    fall: z.number(),
    deadline: z.number(),
    version: z.object({ path: z.string(), equals: z.string() }).optional(),
  }),
});
export type SlotConfig = z.infer<typeof SlotConfig>;

/** A release in a slot: all that is needed to start it again. */
const Slot = z.object({
  sha: Sha,
  version: z.string(),
  port: z.number(),
  /** Where it listens instead of on a port. */
  socket: z.string().nullable().default(null),
  /** The release's tree on this host. */
  tree: z.string(),
  config: SlotConfig,
  /** What people gave its programs. */
  params: z.record(z.string(), z.string()).default({}),
});
export type Slot = z.infer<typeof Slot>;

export function upstreamOf({ port, socket }: Pick<Slot, 'port' | 'socket'>): Upstream {
  return socket === null ? { host: '127.0.0.1', port } : { socket };
}

const Counts = z.object({
  requests: z.number(),
  errors: z.number(),
  durationMs: z.number().nullable(),
});

/** What is being watched, since when (ms since 1970), and what its slot had answered by then. */
const Watched = z.object({
  step: z.enum(['canary', 'watch']),
  began: z.number(),
  counts: Counts.nullable(),
});

export type Watched = z.infer<typeof Watched>;

/** Where the programs of the slots run, absolute. */
export function treesInUse(slots: Readonly<Record<string, Slot | null>>): ReadonlySet<string> {
  return new Set(Object.values(slots).flatMap((slot) => (slot === null ? [] : [slot.tree])));
}

/** What a deployment set out to do, and what was there before it: the backup. */
const Attempt = z.object({
  deployment: z.number(),
  heal: z.number().default(0),
  sha: Sha,
  version: z.string(),
  /** Where the release goes; the live slot itself where nothing is to be changed. */
  slot: SlotName,
  unchanged: z.boolean(),
  /** The slot held it already, healthy: nothing is made nor started, and undoing leaves it there. */
  warm: z.boolean().default(false),
  /** The slot that was staged before. */
  staged: SlotName.nullable().default(null),
  watched: Watched.nullable().default(null),
  /** Who had the traffic; `null` where nobody had it yet. */
  before: z.object({ slot: z.string(), upstream: Upstream }).nullable(),
  /** It was rolled back to the end. */
  undone: z.boolean(),
});
export type Attempt = z.infer<typeof Attempt>;

/** Traffic left a slot that died for the other one. Holds until the next deployment sets out to do something. */
const FellBack = z.object({
  from: SlotName,
  /** The attempt that it followed. */
  deployment: z.number(),
  /** In ms since 1970. */
  at: z.number(),
  why: z.string(),
});

/** Who stopped the traffic by hand, and since when (ms since 1970). */
const ByHand = z.object({ by: z.string(), since: z.number() });

const State = z.object({
  schema: z.literal(1),
  /** Ports that Sallyport chose itself, to be kept. */
  ports: z.partialRecord(SlotName, z.number()),
  slots: z.object({ blue: Slot.nullable(), green: Slot.nullable() }),
  /** The slot that shall have the traffic; written once it has it, so never one that nobody proved. */
  live: SlotName.nullable().default(null),
  /** The slot that waits for a person to switch to it. */
  staged: SlotName.nullable().default(null),
  fell_back: FellBack.nullable().default(null),
  /** The proxy that has the route, and its port there. */
  route: z
    .object({ driver: ProxySection.shape.driver.unwrap(), port: z.number() })
    .nullable()
    .default(null),
  /** A proxy that has lost the route, or gets it anew, is told of this one. */
  maintenance: ByHand.extend({ text: z.string() }).nullable().default(null),
  hold: ByHand.extend({ forMs: z.number() }).nullable().default(null),
  attempt: Attempt.nullable(),
});
export type State = z.infer<typeof State>;

const empty: State = {
  schema: 1,
  ports: {},
  slots: { blue: null, green: null },
  live: null,
  staged: null,
  fell_back: null,
  route: null,
  maintenance: null,
  hold: null,
  attempt: null,
};

/** What is in the slots of one service on this host. Who has the traffic, the proxy is asked first. */
export function openState(path: string): StateFile<State> {
  return new StateFile(path, State, empty, 'traffic stays where it is, both slots count as empty');
}
