import { canonicalJson, digestOf } from '../../model/digest.ts';
import { planOf, type Change, type TargetPlan } from '../../model/plan.ts';
import { differingPrograms, differingRoutes } from './matters.ts';

/** A release, and how it is run: what a commit declares, or what a slot holds. */
export interface Release {
  readonly sha: string;
  readonly version: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What people gave its programs. */
  readonly params: Readonly<Record<string, string>>;
}

/** What has the traffic, as far as looking tells. */
export interface Seen {
  readonly release: Release;
  readonly healthy: boolean;
  /** The proxy sends people there; absent: it does. */
  readonly inForce?: boolean;
}

/** Whether a slot already runs what is wanted. */
export function isSameRelease(held: Release | null, wanted: Release): boolean {
  return held !== null && differingFields(held, wanted).length === 0;
}

/** What would change, from what has the traffic now. A slot that is not healthy is made anew. */
export function planChanges(
  target: string,
  live: Seen | null,
  wanted: Release,
  isForced = false,
  risks: readonly string[] = [],
): TargetPlan {
  const changes = changesOf(target, live, wanted, isForced);
  return planOf({ changes, wanted: digestOf(canonicalJson(wanted)), risks });
}

/** To what is on this host already. */
export function planTraffic(target: string, wanted: Release): TargetPlan {
  return planOf({
    changes: [modify(target, ['traffic'])],
    wanted: digestOf(canonicalJson(wanted)),
  });
}

export function planNothing(): TargetPlan {
  return planOf({ changes: [], wanted: digestOf('') });
}

function changesOf(
  target: string,
  live: Seen | null,
  wanted: Release,
  isForced: boolean,
): readonly Change[] {
  if (live === null) return [{ action: 'add', resource: `Service/${target}`, breaking: false }];
  const fields = [
    ...differingFields(live.release, wanted),
    ...differingRoutes(live.release.config, wanted.config),
    ...(live.healthy ? [] : ['health']),
    ...(live.inForce === false ? ['traffic'] : []),
    ...(isForced ? ['forced'] : []),
  ];
  return fields.length === 0 ? [] : [modify(target, fields)];
}

function modify(target: string, fields: readonly string[]): Change {
  return { action: 'modify', resource: `Service/${target}`, fields, breaking: false };
}

function differingFields(held: Release, wanted: Release): readonly string[] {
  return [
    ...(held.sha === wanted.sha ? [] : ['commit']),
    ...(held.version === wanted.version ? [] : ['version']),
    ...(canonicalJson(held.params) === canonicalJson(wanted.params) ? [] : ['parameters']),
    ...differingPrograms(held.config, wanted.config),
  ];
}
