import type { Environment } from '../config/environment.ts';
import { judgeBase } from '../policy/base.ts';
import { judgeDraft } from '../policy/draft.ts';
import { judgeFork } from '../policy/fork.ts';
import type { Relation } from '../policy/forward.ts';
import type { GateDecision } from '../policy/gate.ts';
import { judgeOutdated } from '../policy/outdated.ts';
import { permissions, type Permission } from '../policy/permission.ts';
import { decidedReviews, judgeReview, type Review } from '../policy/review.ts';
import { judgeBranch, type FixedCommit, type Provenance } from './fix-commit.ts';
import type { Pull, RefReader } from './ports.ts';
import type { AppWorld } from './world.ts';

/** A command in a pull request, and what it means. */
export interface PullRequested {
  readonly environment: string;
  /** Looking (`/plan`) is kept from nothing but forks. */
  readonly isLook: boolean;
  /** `--force`: a pull request that lacks commits of its base is only warned of. */
  readonly isForced: boolean;
  /** When the command was written, in ms. */
  readonly at: number;
  /** How an open pull request's head stands to its base branch. */
  readonly age: Promise<Relation | null>;
  readonly commit: Pick<FixedCommit, 'sha'> & Partial<Pick<FixedCommit, 'place' | 'pull'>>;
}

type World = Pick<AppWorld, 'github' | 'repository'>;

/**
 * What the environment wants of pull requests. In an open one it holds for every command without a
 * branch or a tag, `@SHA` too: whoever may not deploy the draft may not deploy a commit of it.
 */
export async function judgePull(
  asked: PullRequested,
  rules: Environment,
  world: World,
): Promise<Provenance> {
  const { commit, isLook } = asked;
  const pull = commit.pull ?? null;
  if (!pull) return { gates: [], authors: [] };
  const [fork, ready] = await Promise.all([
    commit.place?.kind === 'pull'
      ? judgeOrigin(asked, pull, rules, world)
      : { gates: [], authors: [] },
    isLook || !pull.isOpen ? [] : judgeReady(asked, pull, rules, world),
  ]);
  return { gates: [...fork.gates, ...ready], authors: fork.authors };
}

/** How the head of a pull request stands to its base branch; nobody asks of one that is closed. */
export async function ageOf(
  { isOpen, base, head }: Pull,
  github: RefReader,
): Promise<Relation | null> {
  return isOpen ? github.relation(base.branch, head.sha) : null;
}

/** Where its head comes from; of a fork, who brought it here, and when. */
async function judgeOrigin(
  { environment, at }: PullRequested,
  { number, head, base }: Pull,
  { pull_requests }: Environment,
  { github }: World,
): Promise<Provenance> {
  const { sha } = head;
  const admitted = pull_requests.forks;
  const isOwn = head.repository === base.repository;
  const broughtInto = admitted && !isOwn ? await github.branchesAt(sha) : [];
  const fork = judgeFork({
    environment,
    pull: number,
    base: base.repository,
    head: head.repository,
    sha,
    admitted,
    broughtInto,
  });
  const [branch] = broughtInto;
  if (branch === undefined) return { gates: [fork], authors: [] };
  const { gates, authors } = await judgeBranch(branch, sha, { environment, at }, github);
  // A SHA alone does not say that the fork's head is meant, so the command is typed as it was.
  const hint = `Look at the commit, then type: /deploy ${environment}`;
  const timed = gates.map((gate) => (gate.open ? gate : { ...gate, hint }));
  return { gates: [fork, ...timed], authors };
}

async function judgeReady(
  { environment, age, isForced }: PullRequested,
  pull: Pull,
  { pull_requests: wanted }: Environment,
  world: World,
): Promise<readonly GateDecision[]> {
  const { defaultBranch } = world.repository;
  const { drafts: admitted, bases } = wanted;
  const { branch } = pull.base;
  const review = wanted.review ? await judgeReviews(environment, pull, world) : null;
  const outdated =
    wanted.outdated === 'ignore'
      ? null
      : judgeOutdated({
          environment,
          wanted: isForced ? 'warn' : wanted.outdated,
          base: branch,
          relation: await age,
        });
  return [
    judgeBase({ branch, bases, defaultBranch }),
    judgeDraft({ isDraft: pull.isDraft, admitted, environment }),
    ...[review, outdated].filter((gate) => gate !== null),
  ];
}

async function judgeReviews(
  environment: string,
  { number, base, author }: Pull,
  { github }: World,
): Promise<GateDecision> {
  const [all, wanted] = await Promise.all([
    github.reviews(number),
    github.reviewsWanted(base.branch),
  ]);
  const decided = decidedReviews(all).filter(({ person }) => person.login !== author);
  const held = await Promise.all(decided.map(({ person }) => github.permissionOf(person)));
  const reviews: readonly Review[] = decided.filter((_, at) => mayWrite(held[at] ?? 'none'));
  return judgeReview({ environment, reviews, wanted });
}

function mayWrite(held: Permission): boolean {
  return permissions.indexOf(held) >= permissions.indexOf('write');
}
