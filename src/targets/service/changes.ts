import { canonicalJson, digestOf } from '../../model/digest.ts';
import { planOf, type Change, type TargetPlan } from '../../model/plan.ts';

/** A release, and how it is run: what a commit declares, or what a slot holds. */
export interface Release {
  readonly sha: string;
  readonly version: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What people gave its programs. */
  readonly params: Readonly<Record<string, string>>;
}

/** Whether a slot already holds what is wanted. */
export function isSameRelease(held: Release | null, wanted: Release): boolean {
  return held !== null && differingFields(held, wanted).length === 0;
}

/** What would change, from what has the traffic now. A slot that is not healthy is made anew. */
export function planChanges(
  target: string,
  live: { readonly release: Release; readonly healthy: boolean } | null,
  wanted: Release,
  isForced = false,
): TargetPlan {
  const changes = changesOf(`Service/${target}`, live, wanted, isForced);
  return planOf({ changes, wanted: digestOf(canonicalJson(wanted)) });
}

function changesOf(
  resource: string,
  live: { readonly release: Release; readonly healthy: boolean } | null,
  wanted: Release,
  isForced: boolean,
): readonly Change[] {
  if (live === null) return [{ action: 'add', resource, breaking: false }];
  const differing = differingFields(live.release, wanted);
  const fields = [
    ...differing,
    ...(live.healthy ? [] : ['health']),
    ...(isForced ? ['forced'] : []),
  ];
  if (fields.length === 0) return [];
  return [{ action: 'modify', resource, fields, breaking: false }];
}

function differingFields(held: Release, wanted: Release): readonly string[] {
  const keys = new Set([...Object.keys(held.config), ...Object.keys(wanted.config)]);
  const differs = (a: unknown, b: unknown) => canonicalJson(a ?? null) !== canonicalJson(b ?? null);
  return [
    ...(held.sha === wanted.sha ? [] : ['commit']),
    ...(held.version === wanted.version ? [] : ['version']),
    ...(differs(held.params, wanted.params) ? ['parameters'] : []),
    ...[...keys].filter((key) => differs(held.config[key], wanted.config[key])).toSorted(),
  ];
}
