import { canonicalJson, digestOf, type Digest } from './digest.ts';

/** One thing that would be different afterwards. */
export interface Change {
  readonly action: 'add' | 'modify' | 'remove' | 'rename';
  /** `Layer/parcels`, `File/styles/dark.json`, `Service/web`. */
  readonly resource: string;
  /** The file that it is in, where it is in one. */
  readonly path?: string;
  /** What it was called before, of a rename. */
  readonly from?: string;
  /** The fields that change, by path: `fields[2].type`. */
  readonly fields?: readonly string[];
  /** Whoever uses it may break. */
  readonly breaking: boolean;
  /** The rule that makes it breaking, in words. */
  readonly why?: string;
}

export type Risk = 'none' | 'low' | 'high';

/** What one target would change on one host. */
export interface TargetPlan {
  /** Over the changes, the reasons and what is wanted, in canonical form, nothing volatile. */
  readonly digest: Digest;
  /** Digest of everything that the commit declares here; `null` where nothing changes. */
  readonly wanted: Digest | null;
  readonly changes: readonly Change[];
  readonly risk: Risk;
  /** Why the risk is what it is, in words; empty where it is `none`. */
  readonly reasons: readonly string[];
  /** What is there, is not in Git, and stays: paths, at most some hundreds. */
  readonly unmanaged: readonly string[];
}

export interface PlanFacts {
  readonly changes: readonly Change[];
  /** Digest of everything that the commit declares here: equal changes towards different ends differ. */
  readonly wanted: Digest;
  /** Reasons besides breaking changes for which people should look twice. */
  readonly risks?: readonly string[];
  readonly unmanaged?: readonly string[];
}

/** A plan in canonical form: changes sorted, breaking ones first, with its digest and its risk. */
export function planOf({ changes, wanted, risks = [], unmanaged = [] }: PlanFacts): TargetPlan {
  const sorted = changes.toSorted(byRank);
  const breaking = sorted.filter((change) => change.breaking);
  const isEmpty = sorted.length === 0;
  const content = {
    changes: sorted,
    reasons: isEmpty ? [] : [...breaking.map(inWords), ...risks],
    wanted: isEmpty ? null : wanted,
  };
  return { digest: digestOfPlan(content), ...content, risk: riskOf(content), unmanaged };
}

type PlanContent = Pick<TargetPlan, 'changes' | 'reasons' | 'wanted'>;

/** Whether a plan that came from elsewhere is what its digest says: nothing in it was changed. */
export function isWhole(plan: TargetPlan): boolean {
  return plan.digest === digestOfPlan(plan) && plan.risk === riskOf(plan);
}

function digestOfPlan({ changes, reasons, wanted }: PlanContent): Digest {
  return digestOf(canonicalJson({ changes, reasons, wanted }));
}

function riskOf({ changes, reasons }: PlanContent): Risk {
  if (changes.length === 0) return 'none';
  return reasons.length > 0 ? 'high' : 'low';
}

function byRank(a: Change, b: Change): number {
  if (a.breaking !== b.breaking) return a.breaking ? -1 : 1;
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function keyOf({ resource, path = '', action }: Change): string {
  return `${resource}\0${path}\0${action}`;
}

/** The changes that break something, for people: `Layer/roads (it is removed)`, `remove Topic/old`. */
export function breakingInWords(changes: readonly Change[]): readonly string[] {
  return changes
    .filter(({ breaking }) => breaking)
    .map(({ action, resource, why }) =>
      why === undefined ? `${action} ${resource}` : `${resource} (${why})`,
    );
}

function inWords({ action, resource, why }: Change): string {
  return why === undefined ? `${action} ${resource}` : `${action} ${resource}: ${why}`;
}
