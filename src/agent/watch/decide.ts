import type { Sha } from '../../model/job.ts';
import type { Touch } from '../../policy/touched.ts';
import type { WatchedRef } from './refs.ts';

/** How a commit stands to the newest one that was handled; `first`: none was. */
export type Relation = 'first' | 'same' | 'ahead' | 'behind' | 'diverged';

/** Where a commit that goes ahead changes the environment: `null` where nothing in it concerns it. */
type Change =
  | { readonly ok: true; readonly touch: Touch | null }
  /** The configuration at the commit cannot be read: file, line and why. */
  | { readonly ok: false; readonly problem: string };

export interface SeenRef extends WatchedRef {
  readonly relation: Relation;
  /** `null` where the commit does not go ahead. */
  readonly change: Change | null;
}

export interface WatchFacts {
  readonly environment: string;
  readonly sync: 'auto' | 'manual';
  readonly floor: Sha | null;
  /** Its job was begun to be issued, and nobody knows whether it was. */
  readonly issuing: Sha | null;
  /** What the environment follows, in the order in which it counts. */
  readonly seen: readonly SeenRef[];
}

export type WatchDecision =
  | { readonly kind: 'nothing' }
  /** Handled: nothing in it concerns the environment. */
  | { readonly kind: 'pass'; readonly sha: Sha; readonly note: string }
  | { readonly kind: 'issue'; readonly sha: Sha; readonly ref: string; readonly note: string }
  /** A person must act. */
  | { readonly kind: 'wait'; readonly why: Waiting; readonly note: string };

type Waiting = 'manual' | 'rewritten' | 'broken' | 'nowhere';

/** What to do about what was pushed. Automatic sync only ever goes ahead of the floor. */
export function decideWatch(facts: WatchFacts): WatchDecision {
  const { seen, issuing } = facts;
  if (seen.length === 0) return wait('nowhere', 'no branch or tag that it follows is there');
  const [ahead] = seen.filter(({ change }) => change !== null);
  if (ahead) return decideAhead(ahead, facts);
  const begun = seen.find(({ sha }) => sha === issuing);
  if (begun && facts.sync === 'auto') return issue(begun, 'it may not have been');
  const lost = seen.find((ref) => isRewritten(ref, seen));
  if (lost) return wait('rewritten', rewritten(lost, facts));
  return { kind: 'nothing' };
}

function decideAhead(ref: SeenRef, { environment, sync, floor, issuing }: WatchFacts) {
  const { sha, name, change } = ref;
  if (!change!.ok) return wait('broken', change!.problem);
  const { touch } = change!;
  // Whether the last job was issued nobody knows, so this one must say what holds.
  if (touch === null && floor !== null && issuing === null) {
    return { kind: 'pass', sha, note: `nothing in ${short(sha)} concerns it` } as const;
  }
  const why = touch ? inWords(touch) : unknown(floor);
  if (sync === 'auto') return issue(ref, why);
  return wait(
    'manual',
    `out of sync with ${name} at ${short(sha)}: ${why}; sallyport sync ${environment}`,
  );
}

function inWords({ path, target }: Touch): string {
  return `${path} changed${target === null ? '' : ` (${target})`}`;
}

function unknown(floor: Sha | null): string {
  return floor === null ? 'nothing was deployed before' : 'the last one may not have been';
}

function issue({ sha, name: ref }: SeenRef, why: string): WatchDecision {
  return { kind: 'issue', sha, ref, note: `${short(sha)} was asked for: ${why}` };
}

function wait(why: Waiting, note: string): WatchDecision {
  return { kind: 'wait', why, note };
}

/** A branch that went back or aside. A tag of an older line is only old, and a branch may well be behind a tag. */
function isRewritten({ kind, relation }: SeenRef, seen: readonly SeenRef[]): boolean {
  if (relation === 'diverged') return kind === 'branch' || seen.length === 1;
  return relation === 'behind' && kind === 'branch' && seen.length === 1;
}

function rewritten({ kind, name, sha }: SeenRef, { environment, floor, issuing }: WatchFacts) {
  const newest = short(issuing ?? floor ?? '');
  return `${kind} ${name} was rewritten: ${short(sha)} does not follow ${newest}, the newest commit handled here. Look at it; to take it: sallyport sync ${environment}`;
}

function short(sha: Sha): string {
  return sha.slice(0, 7);
}

/** How a commit that a person deployed stands to what is followed. */
export interface AcceptFacts {
  /** A followed branch or tag leads to it. */
  readonly isOnHead: boolean;
  /** A followed branch or tag leads to the floor; `false` where there is no floor. */
  readonly floorIsOnHead: boolean;
  readonly followsFloor: boolean;
}

/**
 * What a person's deployment means for the floor: taken as a new beginning where history was
 * rewritten, else only ever ahead: whoever goes back by hand does not undo what was handled.
 */
export function decideAccept({
  isOnHead,
  floorIsOnHead,
  followsFloor,
}: AcceptFacts): 'keep' | 'advance' | 'restart' {
  if (!isOnHead) return 'keep';
  if (!floorIsOnHead) return 'restart';
  return followsFloor ? 'advance' : 'keep';
}
