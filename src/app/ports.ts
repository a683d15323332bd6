import type { Sha } from '../model/job.ts';
import type { CheckFound } from '../policy/check-state.ts';
import type { ChecksFacts } from '../policy/checks.ts';
import type { Relation } from '../policy/forward.ts';
import type { GithubRules } from '../policy/github-rules.ts';
import type { Permission } from '../policy/permission.ts';
import type { Review } from '../policy/review.ts';
import type { DeploymentCheck } from '../report/deployment-check.ts';

/** A GitHub account of a person. */
export interface Person {
  readonly id: number;
  readonly login: string;
}

/** The repository that an event speaks of. */
export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  /** Where people look at it: `https://github.com/acme/shop`. */
  readonly url: string;
}

export interface Pull {
  readonly number: number;
  readonly isOpen: boolean;
  readonly isDraft: boolean;
  readonly author: string;
  /** `repository` is `null` where the fork was deleted. */
  readonly head: { readonly sha: Sha; readonly branch: string; readonly repository: number | null };
  /** The branch that it wants to be merged into, and the branch's repository. */
  readonly base: { readonly repository: number; readonly branch: string };
}

/** A push, a merge or the making of a branch, as GitHub's activity log has it. */
export interface Push {
  readonly after: Sha;
  /** GitHub's time, whole seconds, in ms since 1970. */
  readonly at: number;
  readonly login: string | null;
}

/** What is written in a commit. */
export interface CommitFacts {
  /** Two commits with the same tree hold the same files. */
  readonly tree: Sha;
  /** `null` where GitHub knows no account for the address in it. */
  readonly author: Person | null;
  /** First line of its message, and the name in it: for people. */
  readonly subject: string;
  readonly authorName: string;
}

export interface NamedRef {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
  /** The commit, annotated tags peeled. */
  readonly sha: Sha;
}

/** Every method rejects with a SallyportError where GitHub cannot be reached or refuses. */
export interface PermissionReader {
  /** Asked of GitHub at this moment; `none` where the login now belongs to somebody else. */
  permissionOf(person: Person): Promise<Permission>;
}

export interface TeamReader {
  /** Asked of GitHub at this moment; `false` too where the App may not see the team. */
  isInTeam(person: Person, organization: string, team: string): Promise<boolean>;
}

/** The checks of a commit, without those that show plans of ours. */
export interface CommitChecks {
  readonly found: readonly CheckFound[];
  /** How many GitHub says there are; more than `found` where not all were read. */
  readonly total: number;
}

export interface CheckReader {
  checksOf(sha: Sha): Promise<CommitChecks>;
  /** What branch protection and rulesets require; `null` where GitHub does not tell. */
  requiredChecks(branch: string): Promise<ChecksFacts['required']>;
  /** The texts of the check runs of a commit whose name begins so; at most some hundreds. */
  checkTexts(sha: Sha, prefix: string): Promise<readonly string[]>;
}

export interface PullReader {
  pull(number: number): Promise<Pull>;
  /** All reviews, oldest first. Rejects where there are more than anybody reads. */
  reviews(number: number): Promise<readonly Review[]>;
  /** How many approving reviews rulesets ask for before anything is merged into the branch. */
  reviewsWanted(branch: string): Promise<number>;
}

export interface PullUpdater {
  /** Merges the base branch into the head, where that is still `head`; `false` where GitHub does not. */
  updateBranch(number: number, head: Sha): Promise<boolean>;
}

export interface EnvironmentReader {
  /** The rules of GitHub's environment; `null` where there is none, `unread` where the App may not read it. */
  environmentRules(name: string): Promise<GithubRules | 'unread' | null>;
}

export interface RefReader {
  /** `null` where there is no such branch or tag. */
  ref(kind: NamedRef['kind'], name: string): Promise<NamedRef | null>;
  /** Branches or tags whose name begins so, at most 100. */
  refsBeginning(kind: NamedRef['kind'], prefix: string): Promise<readonly NamedRef[]>;
  /**
   * The one commit whose SHA begins so; `null` where there is none, or several. GitHub finds
   * commits of forks too: that a commit exists says nothing about where it belongs.
   */
  commit(prefix: string): Promise<Sha | null>;
  /** `null` where there is no such commit. */
  commitFacts(sha: Sha): Promise<CommitFacts | null>;
  /** At most the 100 tags that GitHub names first: mostly the newest versions. */
  tags(): Promise<readonly NamedRef[]>;
  /** How `head` stands to `base`; `null` where they cannot be compared. */
  relation(base: string, head: string): Promise<Relation | null>;
  /** Branches of this repository whose head the commit is. */
  branchesAt(sha: Sha): Promise<readonly string[]>;
  /** The last pushes to a branch, newest first, at most 100. */
  pushes(branch: string): Promise<readonly Push[]>;
}

export interface FileReader {
  /** A file's text at a commit; `null` where there is none. */
  file(path: string, sha: Sha): Promise<string | null>;
}

export interface CommentWriter {
  /** Writes a comment under an issue or a pull request and gives its id. */
  say(issue: number, body: string): Promise<number>;
  edit(comment: number, body: string): Promise<void>;
}

export type Reaction = 'eyes' | 'rocket' | 'confused';

export interface Reactions {
  react(comment: number, reaction: Reaction): Promise<void>;
}

/** Check runs of the App itself, which show what became of a commit. */
export interface CheckWriter {
  /** The newest check run of this name and deployment; `null` where there is none. */
  findCheck(
    check: Pick<DeploymentCheck, 'sha' | 'name' | 'externalId'>,
  ): Promise<{ readonly id: number; readonly isCompleted: boolean } | null>;
  /** Gives its id. */
  createCheck(check: DeploymentCheck): Promise<number>;
  /** GitHub opens no check run again that is completed: make another one of the same name instead. */
  updateCheck(id: number, check: DeploymentCheck): Promise<void>;
}

export interface LabelWriter {
  /** Adds a label to a pull request; one that it has is no error. */
  addLabel(issue: number, label: string): Promise<void>;
  /** Takes a label off; one that it has not is no error. */
  removeLabel(issue: number, label: string): Promise<void>;
}

/** What a workflow run that waits is told about one of its environments. */
export interface RuleAnswer {
  readonly run: number;
  readonly environment: string;
  /** `null`: it goes on waiting, and people read the comment meanwhile. */
  readonly state: 'approved' | 'rejected' | null;
  readonly comment: string;
}

export interface ProtectionWriter {
  /** `false` where the run does not wait for us any more. */
  answerRule(answer: RuleAnswer): Promise<boolean>;
}

/** Everything that the App asks of GitHub about one repository, besides its ledger. */
export type Github = PermissionReader &
  TeamReader &
  CheckReader &
  PullReader &
  PullUpdater &
  EnvironmentReader &
  RefReader &
  FileReader &
  CommentWriter &
  Reactions &
  CheckWriter &
  LabelWriter &
  ProtectionWriter;
