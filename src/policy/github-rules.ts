import { matchesAnyName } from './name-pattern.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** What GitHub's environment of the same name asks for. */
export interface GithubRules {
  /** One of them has to approve; empty: nobody has to. */
  readonly reviewers: readonly GithubReviewer[];
  /** Whoever asked for the deployment may not approve it. */
  readonly preventSelfReview: boolean;
  readonly waitMinutes: number;
  /** Patterns over names, in GitHub's own language; `null`: from anywhere. */
  readonly refs: GithubRefs | null;
}

export interface GithubRefs {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
}

export type GithubReviewer =
  | { readonly kind: 'user'; readonly id: number; readonly login: string }
  | { readonly kind: 'team'; readonly organization: string; readonly slug: string };

/** A branch or a tag that the commit is on. */
export interface NamedPlace {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
}

/** One of the places that the commit is deployed from fits GitHub's branch and tag policies. */
export function judgeGithubRefs(
  environment: string,
  { branches, tags }: GithubRefs,
  places: readonly NamedPlace[],
): GateDecision {
  const fits = places.find(({ kind, name }) =>
    matchesAnyName(kind === 'branch' ? branches : tags, name),
  );
  if (fits) {
    const message = `GitHub's environment ${environment} takes ${fits.kind} ${fits.name}`;
    return openGate('github-refs', 'admitted', message);
  }
  const from = places.map(({ kind, name }) => `${kind} ${name}`).join(' or ');
  const taken = [
    ...branches.map((name) => `branch ${name}`),
    ...tags.map((name) => `tag ${name}`),
  ].join(', ');
  return closedGate(
    'github-refs',
    'not_admitted_by_github',
    `GitHub's environment ${environment} does not take ${from || 'this commit'}; it takes ${taken || 'nothing'}`,
    'Deploy from one of these, or change "Deployment branches and tags" of the environment on GitHub.',
  );
}
