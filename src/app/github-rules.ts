import type { Environment } from '../config/environment.ts';
import type { Job, Sha } from '../model/job.ts';
import { closedGate, openGate, type GateDecision } from '../policy/gate.ts';
import {
  judgeGithubRefs,
  type GithubRefs,
  type GithubRules,
  type NamedPlace,
} from '../policy/github-rules.ts';
import { isPlainPattern } from '../policy/name-pattern.ts';
import { findPlace } from './find-place.ts';
import type { Place } from './fix-commit.ts';
import type { EnvironmentReader, Pull, RefReader } from './ports.ts';
import type { AppWorld } from './world.ts';

/** What GitHub's rules come to for one job. */
export interface GithubAnswer {
  readonly gates: readonly GateDecision[];
  /** For the job: how many have to approve it, and before when nothing begins. */
  readonly flags: Pick<Job, 'flags'>['flags'];
}

/** A commit that is about to be deployed, and where it was read from. */
export interface Placed {
  readonly sha: Sha;
  readonly place?: Place | null;
  readonly pull?: Pull | null;
}

/** The rules of GitHub's environment, where the policy wants them; `null` where there are none. */
export async function readGithubRules(
  environment: string,
  { require }: Environment,
  github: EnvironmentReader,
): Promise<GithubRules | 'unread' | null> {
  return require.github === false ? null : github.environmentRules(environment);
}

/** Judges what can be judged now, and hands the rest to the hosts in flags of the job. */
export async function applyGithubRules(
  at: {
    readonly environment: string;
    readonly rules: Environment;
    /** The ledger's time, in ms: the wait timer begins. */
    readonly now: number;
    /** As GitHub told of them. */
    readonly found: Promise<GithubRules | 'unread' | null>;
  },
  commit: Placed,
  { github, log }: Pick<AppWorld, 'github' | 'log'>,
): Promise<GithubAnswer> {
  const { environment, rules, now } = at;
  const found = rules.require.github === false ? null : await at.found;
  if (found === null) return { gates: [], flags: {} };
  if (found === 'unread') {
    log.warn('the rules of an environment on GitHub cannot be read', {
      environment,
      hint: 'Give the App `actions: read`, or say `require: { github: false }`.',
    });
    return { gates: [unreadGate(environment, rules)], flags: {} };
  }
  const { refs, reviewers, waitMinutes } = found;
  return {
    gates: refs
      ? [judgeGithubRefs(environment, refs, await placesOf(commit, refs, github))]
      : [openGate('github', 'followed', `GitHub's environment ${environment} was read`)],
    flags: {
      ...(reviewers.length > 0 ? { approvals: '1' } : {}),
      ...(waitMinutes > 0
        ? { 'not-before': new Date(now + waitMinutes * 60_000).toISOString() }
        : {}),
    },
  };
}

/** Closed where the policy names GitHub's rules; where it only does not speak of them, they do not hold. */
export function unreadGate(environment: string, { require }: Environment): GateDecision {
  const message = `The App may not read the rules of GitHub's environment ${environment}`;
  if (require.github === undefined) return openGate('github', 'github_unread', message);
  return closedGate('github', 'github_unread', message, 'Give the App `actions: read`.');
}

/** By which names GitHub's patterns may know the commit. */
async function placesOf(
  commit: Placed,
  refs: GithubRefs,
  github: RefReader,
): Promise<readonly NamedPlace[]> {
  const { place = null, pull = null, sha } = commit;
  if (place?.kind === 'branch' || place?.kind === 'tag') return [place];
  if (place && pull) {
    // Workflows of a pull request run under this name, which patterns may speak of.
    const merge = { kind: 'branch', name: `refs/pull/${pull.number}/merge` } as const;
    const isOwn = pull.head.repository === pull.base.repository;
    const names = isOwn ? [pull.head.branch] : await github.branchesAt(sha);
    return [...names.map((name) => ({ kind: 'branch', name }) as const), merge];
  }
  const admitted = {
    branches: refs.branches.filter(isPlainPattern),
    tags: refs.tags.filter(isPlainPattern),
    pull: false,
  };
  const found = await findPlace({ sha, place: null, pull: null }, admitted, github);
  return found && found.kind !== 'pull' ? [found] : [];
}
