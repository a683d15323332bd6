import { mayRestartAt, type KeepRules, type SlotMemory, type SlotSeen } from './keep-memory.ts';
import { idleSlot, type SlotName } from './slots.ts';

/** Where the proxy sends new requests, by its own word. */
export type TrafficSeen =
  | { readonly kind: 'silent'; readonly why: string }
  /** There is no such route. */
  | { readonly kind: 'missing' }
  /** `isRight`: to the slot that shall have it, at the address that this one listens on. */
  | { readonly kind: 'to'; readonly slot: string | null; readonly isRight: boolean };

/** One look at a service. */
export interface Seen {
  /** The slot that shall have the traffic, which holds a release. */
  readonly live: SlotName;
  readonly traffic: TrafficSeen;
  readonly own: SlotSeen;
  /** The other slot; `null` where it holds nothing, or a deployment is at work on it. */
  readonly other: SlotSeen | null;
  /** What is in the other slot had the traffic before. */
  readonly mayFallBack: boolean;
}

export type Memories = Readonly<Record<SlotName, SlotMemory>>;

export type Action =
  /** The route is made where it is missing, and the traffic sent there. */
  | { readonly kind: 'route'; readonly to: SlotName }
  | { readonly kind: 'restart'; readonly slot: SlotName; readonly why: string }
  | {
      readonly kind: 'fall-back';
      readonly from: SlotName;
      readonly to: SlotName;
      readonly why: string;
    };

export interface Decision {
  readonly actions: readonly Action[];
  readonly health: 'healthy' | 'progressing' | 'degraded' | 'unhealthy';
  /** Why it is not healthy. */
  readonly why: string | null;
  /** Look again after so many ms; `null`: as usual. */
  readonly againInMs: number | null;
}

/** While something is wrong it is looked at so often, in ms. */
const soonMs = 1000;
/** While a program that has the traffic is starting: nobody is served meanwhile. */
const verySoonMs = 250;

/** What follows from one look, with `memories` that count it already. Nothing is ever started twice at once. */
export function decideKeep(
  seen: Seen,
  memories: Memories,
  rules: KeepRules,
  now: number,
): Decision {
  const { live, other } = seen;
  const memory = memories[live];
  const stand = standOf(seen.own, memory, rules, now);
  if (stand.kind === 'up') return whileUp(seen, memories, rules, now);
  const { why } = stand;
  if (isLost(stand.kind, memory) && mayTakeOver(seen, rules)) {
    const to = idleSlot(live);
    const actions: readonly Action[] = [
      { kind: 'fall-back', from: live, to, why },
      ...restartOf(live, stand, memory, rules, now),
    ];
    return {
      actions,
      health: 'degraded',
      why: `traffic fell back to ${to}: ${why}`,
      againInMs: soonMs,
    };
  }
  if (stand.kind === 'doubtful') {
    return { actions: [], health: 'degraded', why, againInMs: soonMs };
  }
  // A way back that is not there is made ready once the live slot has failed twice.
  const spare = other !== null && !other.running && memory.restarts > 1;
  const actions = [
    ...restartOf(live, stand, memory, rules, now),
    ...(spare ? restartOfOther(seen, memories, rules, now) : []),
  ];
  const isComing = stand.kind === 'starting' || actions.length > 0;
  const isFirst = stand.kind === 'starting' && memory.restarts === 0;
  const health = isFirst ? 'progressing' : 'unhealthy';
  return { actions, health, why, againInMs: isComing ? verySoonMs : soonMs };
}

/** How the slot with the traffic is. */
type Stand =
  | { readonly kind: 'up' }
  /** Bad answers, too few yet to say so. */
  | { readonly kind: 'doubtful'; readonly why: string }
  /** Started, and not answering yet. */
  | { readonly kind: 'starting'; readonly why: string }
  /** Ended, or surely not healthy. */
  | { readonly kind: 'down'; readonly why: string };

function standOf(seen: SlotSeen, memory: SlotMemory, rules: KeepRules, now: number): Stand {
  if (!seen.running) {
    const how = seen.ended === null ? '' : ` with ${seen.ended}`;
    return { kind: 'down', why: `the program ended${how}` };
  }
  if (seen.answer !== 'bad') return { kind: 'up' };
  const { window, since } = memory;
  const { why } = seen;
  if (window.verdict === 'unhealthy') return { kind: 'down', why };
  if (!window.starting) return { kind: 'doubtful', why };
  if (now - since < rules.deadline) return { kind: 'starting', why };
  return { kind: 'down', why: `not healthy after ${rules.deadline} ms: ${why}` };
}

/** A program that only starts is waited for, unless it was started again and again. */
function isLost(kind: Stand['kind'], memory: SlotMemory): boolean {
  return kind === 'down' || (kind === 'starting' && memory.restarts > 1);
}

function mayTakeOver({ other, mayFallBack }: Seen, rules: KeepRules): boolean {
  if (!rules.enabled || !rules.fallback || !mayFallBack) return false;
  return other !== null && other.running && other.answer === 'good';
}

function whileUp(seen: Seen, memories: Memories, rules: KeepRules, now: number): Decision {
  const { live, traffic, own, other } = seen;
  const isRouted = traffic.kind === 'to' && traffic.isRight;
  const isProven = own.answer === 'good';
  const route: readonly Action[] = isRouted || !isProven ? [] : [{ kind: 'route', to: live }];
  const restart = other === null || other.running ? [] : restartOfOther(seen, memories, rules, now);
  const why = isRouted ? null : trafficText(traffic, live);
  const isBusy = memories[live].window.verdict !== 'healthy' || !isRouted;
  return {
    actions: [...route, ...restart],
    health: isRouted ? 'healthy' : 'unhealthy',
    why,
    againInMs: isBusy ? soonMs : null,
  };
}

function restartOf(
  slot: SlotName,
  stand: Stand,
  memory: SlotMemory,
  rules: KeepRules,
  now: number,
): readonly Action[] {
  if (!rules.enabled || stand.kind !== 'down') return [];
  if (now < mayRestartAt(memory, rules)) return [];
  const isHelped = memory.downSince !== null && now - memory.downSince < rules.graceMs;
  return isHelped ? [] : [{ kind: 'restart', slot, why: stand.why }];
}

function restartOfOther(
  { live, other }: Seen,
  memories: Memories,
  rules: KeepRules,
  now: number,
): readonly Action[] {
  const slot = idleSlot(live);
  const memory = memories[slot];
  return other === null
    ? []
    : restartOf(slot, standOf(other, memory, rules, now), memory, rules, now);
}

/** What is wrong with where the traffic goes, for people. */
export function trafficText(traffic: TrafficSeen, live: SlotName): string {
  if (traffic.kind === 'silent') return `the proxy does not answer: ${traffic.why}`;
  if (traffic.kind === 'missing') return 'the proxy has no route for it';
  if (traffic.slot === null) return 'the proxy sends traffic to no slot';
  if (traffic.slot !== live) return `the proxy sends traffic to ${traffic.slot}, not to ${live}`;
  return `the proxy sends traffic for ${live} to another address`;
}
