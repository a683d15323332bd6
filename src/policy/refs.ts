import type { Sha } from '../model/job.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { matchesAnyRef } from './ref-pattern.ts';
import type { PushedRef } from './trigger.ts';

/** Where a commit must be reachable from to come here. */
export interface AdmittedRefs {
  /** Patterns over short names of branches. */
  readonly branches: readonly string[];
  /** Patterns over short names of tags. */
  readonly tags: readonly string[];
  /** Heads of pull requests from this repository. */
  readonly pull: boolean;
}

/**
 * The policy's `require.refs`. Each entry speaks of branches and of tags, but for `pull`.
 * Without it: the default branch, every tag, and in a pull request its own head.
 */
export function admittedRefs(
  refs: readonly string[] | undefined,
  defaultBranch: string,
): AdmittedRefs {
  if (!refs) return { branches: [defaultBranch], tags: ['**'], pull: true };
  const names = refs.filter((ref) => ref !== 'pull');
  return { branches: names, tags: names, pull: refs.includes('pull') };
}

export interface ReachFacts {
  readonly environment: string;
  readonly sha: Sha;
  /** The admitted ref that the commit was found on, in words: `branch main`, `pull request 12`. */
  readonly foundOn: string | null;
  readonly admitted: AdmittedRefs;
}

/** Whether the commit is on a ref that the environment admits. That it exists proves nothing. */
export function judgeReachable({ environment, sha, foundOn, admitted }: ReachFacts): GateDecision {
  if (foundOn) return openGate('refs', 'reachable', `Commit ${sha.slice(0, 7)} is on ${foundOn}`);
  return closedGate(
    'refs',
    'not_reachable',
    `Commit ${sha.slice(0, 7)} is on nothing that ${environment} admits (${inWords(admitted)})`,
    'Merge or tag the commit first, or add its branch to `require.refs` of the environment.',
  );
}

/** A pushed ref is where its commit is: only its name is to be admitted. */
export function judgePushedRef(facts: Omit<ReachFacts, 'foundOn'>, ref: PushedRef): GateDecision {
  const { branches, tags } = facts.admitted;
  const isAdmitted = matchesAnyRef(ref.kind === 'branch' ? branches : tags, ref.name);
  return judgeReachable({ ...facts, foundOn: isAdmitted ? `${ref.kind} ${ref.name}` : null });
}

function inWords({ branches, tags, pull }: AdmittedRefs): string {
  const parts = [...new Set([...branches, ...tags.map((tag) => (tag === '**' ? 'any tag' : tag))])];
  return [...parts, ...(pull ? ['pull requests of this repository'] : [])].join(', ');
}
