import type { Environment } from '../../config/environment.ts';
import type { Sha } from '../../model/job.ts';
import { matchesAnyRef } from '../../policy/ref-pattern.ts';
import { pushedRef } from '../../policy/trigger.ts';
import type { GitRef } from '../../ports/git.ts';

/** A branch or a tag that an environment follows. */
export interface WatchedRef {
  readonly kind: 'branch' | 'tag';
  /** Short. */
  readonly name: string;
  readonly sha: Sha;
}

/**
 * What an environment follows: the tag with the highest version that its `trigger` matches, then the
 * branch: the source's own where that one matches (or nothing is said), else the highest by name.
 */
export function watchedRefs(
  { trigger }: Pick<Environment, 'trigger'>,
  branch: string,
  refs: readonly GitRef[],
): readonly WatchedRef[] {
  const { branches = trigger ? [] : [branch], tags = [] } = trigger ?? {};
  const found = refs.flatMap(({ name, sha }): WatchedRef[] => {
    const ref = pushedRef(name);
    return ref ? [{ ...ref, sha }] : [];
  });
  const matching = (kind: WatchedRef['kind'], patterns: readonly string[]) =>
    found.filter((ref) => ref.kind === kind && matchesAnyRef(patterns, ref.name));
  const heads = matching('branch', branches);
  const own = heads.find(({ name }) => name === branch);
  return [highest(matching('tag', tags)), own ?? highest(heads)].filter((ref) => ref !== undefined);
}

function highest(refs: readonly WatchedRef[]): WatchedRef | undefined {
  return refs.toSorted((a, b) => compareVersions(a.name, b.name)).at(-1);
}

let collator: Intl.Collator | undefined;

/** Made when it is needed: an agent that watches no tags keeps two megabytes less. */
const numeric = (): Intl.Collator => (collator ??= new Intl.Collator('en', { numeric: true }));

/** `v1.9` before `v1.10`, and `v2.0-rc.1` before `v2.0`. */
export function compareVersions(a: string, b: string): number {
  const [[coreA, restA], [coreB, restB]] = [parts(a), parts(b)];
  const byCore = numeric().compare(coreA, coreB);
  if (byCore !== 0) return byCore;
  if (restA === null || restB === null) return Number(restA === null) - Number(restB === null);
  return numeric().compare(restA, restB) || (a < b ? -1 : 1);
}

function parts(name: string): readonly [string, string | null] {
  const dash = name.indexOf('-');
  return dash === -1 ? [name, null] : [name.slice(0, dash), name.slice(dash + 1)];
}
