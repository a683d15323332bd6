import type { FileContent } from './git/write-commit.ts';
import type { PullIssue } from './acts/pulls.ts';
import type {
  App,
  Comment,
  Delivery,
  Deployment,
  DeploymentStatus,
  Installation,
  Issue,
  Permissions,
  Repository,
  RequiredChecks,
  Review,
  Role,
  User,
  WaitingRun,
} from './state/types.ts';
import type { World } from './world.ts';

/**
 * The stand-in as a test or `sallyport try` holds it. People are named by login,
 * repositories as `owner/name`; whatever changes something sends webhooks as the
 * same act over HTTP would. What is not there throws.
 */
export interface StandIn {
  /** `http://127.0.0.1:PORT`; REST under `/api/v3`, Git at `/owner/name.git`. */
  readonly url: string;
  /** Its memory, for the page, faults, and tests. */
  readonly world: World;
  /** Ends sends under way and connections, and removes the temporary folder. */
  close(): Promise<void>;

  /** An account; the same login again is the same account. */
  createUser(login: string, more?: { type?: User['type']; name?: string; email?: string }): User;
  createTeam(organization: string, slug: string, members: readonly string[]): void;
  /** A classic token: what the person may do. */
  tokenFor(login: string): string;
  /** A fine-grained token for one repository, as a host's agent has one. */
  tokenForAgent(repository: string, permissions: Permissions): string;
  registerApp(app: AppAct): App;
  /** Installs an App on an account's repositories: all, or those named. */
  install(app: App, account: string, repositories?: readonly string[]): Installation;

  /** With a first commit of `files` on the default branch, or with the refs of `importFrom`. */
  createRepository(draft: RepositoryAct): Promise<Repository>;
  repository(name: string): Repository;
  collaborator(repository: string, login: string, role: Role): void;
  /** Requires checks of a branch: by branch protection, or by a ruleset. */
  requireChecks(
    repository: string,
    branch: string,
    contexts: readonly string[],
    by?: RequiredChecks['by'],
  ): void;
  /** Requires approving reviews of a branch, by a ruleset. */
  requireReviews(repository: string, branch: string, count: number): void;
  /** Gives GitHub's environment rules; one that is not there is made. */
  protect(repository: string, environment: string, rules: ProtectionAct): void;
  fork(repository: string, login: string): Promise<Repository>;
  /** Commits to a branch, which is made where it is missing; answers with the SHA. */
  commit(draft: CommitAct): Promise<string>;
  createTag(repository: string, name: string, sha: string, by?: string): Promise<void>;
  /** Publishes a release of a tag that is there. */
  publishRelease(repository: string, tag: string, by: string, prerelease?: boolean): void;
  /** Points a branch at a commit (force), or removes it with null. */
  moveBranch(repository: string, branch: string, sha: string | null, by?: string): Promise<void>;
  openPullRequest(draft: PullAct): Promise<PullIssue>;
  /** A review of the head as it is; `DISMISSED` one that was dismissed. */
  review(repository: string, number: number, by: string, state: Review['state']): void;
  mergePullRequest(repository: string, number: number, by: string): Promise<string>;

  openIssue(repository: string, by: string, title: string, body?: string): Issue;
  comment(repository: string, number: number, by: string, body: string): Comment;
  editComment(repository: string, id: number, by: string, body: string): void;
  /** A deployment by some other tool, or whatever a test needs. */
  deploy(repository: string, draft: OtherDeployment): Promise<Deployment>;
  deploymentStatus(repository: string, id: number, draft: OtherStatus): DeploymentStatus;
  /** Presses a button under a check run. */
  press(repository: string, checkRun: number, by: string, identifier: string): void;
  /** A job of a workflow that waits for the rules of the deployment's environment. */
  waitForRule(repository: string, deployment: Deployment, by: string): WaitingRun;

  /** Every webhook made so far, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** Waits until no webhook is under way; those that their handling causes count too. */
  waitForDeliveries(): Promise<void>;
}

interface AppAct {
  /** Any free id otherwise. */
  readonly appId?: number;
  readonly slug: string;
  readonly owner: string;
  /** The RSA public key, SPKI PEM, that the App's JWTs are checked against. */
  readonly publicKeyPem: string;
  /** Null sends no webhooks; `app.webhookUrl` may be set later, when the App listens. */
  readonly webhookUrl: string | null;
  readonly webhookSecret: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

export interface RepositoryAct {
  /** An account; made as a person where it is not there yet. */
  readonly owner: string;
  readonly name: string;
  /** Private otherwise. */
  readonly public?: boolean;
  /** `main` otherwise. */
  readonly defaultBranch?: string;
  readonly files?: Readonly<Record<string, FileContent>>;
  /** Path of a repository on this machine, instead of `files`. */
  readonly importFrom?: string;
}

interface CommitAct {
  readonly repository: string;
  /** The default branch otherwise. */
  readonly branch?: string;
  /** Commit that a new branch starts from; the default branch's head otherwise. */
  readonly from?: string;
  /** Path → content; null removes the file. */
  readonly files: Readonly<Record<string, FileContent>>;
  readonly message?: string;
  /** Login of who pushes; the repository's owner otherwise. */
  readonly by?: string;
  /** Who is written into the commit; the pusher otherwise. */
  readonly author?: { readonly name: string; readonly email: string };
}

interface PullAct {
  readonly repository: string;
  /** Branch of the repository, or of `headRepository`. */
  readonly head: string;
  /** A fork, `owner/name`. */
  readonly headRepository?: string;
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  readonly draft?: boolean;
  readonly by: string;
}

/** What is not named is not asked for. */
export interface ProtectionAct {
  /** Logins, and teams as `@org/slug`. */
  readonly reviewers?: readonly string[];
  readonly preventSelfReview?: boolean;
  readonly waitMinutes?: number;
  readonly refs?: 'any' | 'protected' | readonly { type: 'branch' | 'tag'; name: string }[];
}

export interface OtherDeployment {
  readonly by: string;
  readonly ref: string;
  readonly environment?: string;
  readonly task?: string;
  readonly payload?: unknown;
  readonly description?: string;
  readonly transient?: boolean;
  readonly production?: boolean;
}

interface OtherStatus {
  readonly by: string;
  readonly state: string;
  readonly description?: string;
  readonly environment?: string;
  readonly logUrl?: string;
  readonly autoInactive?: boolean;
}
