import { matchesAnyRef } from './ref-pattern.ts';

/** What starts a deployment by itself: patterns over short names. */
export interface Trigger {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  /** Published releases. */
  readonly releases: boolean;
  /** Merges of pull requests into the default branch. */
  readonly merges: boolean;
}

/** A pushed ref. */
export type PushedRef =
  | { readonly kind: 'branch'; readonly name: string }
  | { readonly kind: 'tag'; readonly name: string };

/** `refs/heads/…` and `refs/tags/…`; `null` for every other ref. */
export function pushedRef(ref: string): PushedRef | null {
  if (ref.startsWith('refs/heads/')) return { kind: 'branch', name: ref.slice(11) };
  if (ref.startsWith('refs/tags/')) return { kind: 'tag', name: ref.slice(10) };
  return null;
}

export function triggers(trigger: Pick<Trigger, 'branches' | 'tags'>, ref: PushedRef): boolean {
  return matchesAnyRef(ref.kind === 'branch' ? trigger.branches : trigger.tags, ref.name);
}
