/** The nouns of the stand-in's memory. Times are milliseconds since 1970 by its own clock. */

export type Level = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, Level>>;
/** A person's standing in a repository. */
export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  name: string | null;
  readonly email: string;
  readonly createdAt: number;
}

export interface Team {
  readonly id: number;
  readonly organization: User;
  readonly slug: string;
  readonly members: Map<number, 'member' | 'maintainer'>;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: User;
  readonly bot: User;
  readonly publicKeyPem: string;
  webhookUrl: string | null;
  webhookSecret: string;
  permissions: Permissions;
  events: readonly string[];
  readonly createdAt: number;
}

/** What a person confirmed of a new App. */
export interface ConfirmedManifest {
  readonly owner: User;
  readonly name: string;
  readonly webhookUrl: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: User;
  /** Ids of repositories, or every one of the account. */
  readonly repositories: ReadonlySet<number> | 'all';
  readonly createdAt: number;
}

/** What a bearer of a token may do; `repositories` and `permissions` are null for a person's classic token. */
export interface Token {
  readonly id: number;
  readonly user: User;
  readonly installation: Installation | null;
  readonly repositories: ReadonlySet<number> | 'all' | null;
  readonly permissions: Permissions | null;
  readonly expiresAt: number | null;
}

export interface Repository {
  readonly id: number;
  readonly owner: User;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly parent: Repository | null;
  /** Path of the bare repository on disk. */
  readonly directory: string;
  readonly createdAt: number;
  pushedAt: number;
  /** Full ref name → SHA, as last seen on disk; never `refs/pull/…`. */
  refs: Map<string, string>;
  readonly requiredChecks: RequiredChecks[];
  /** Branch → how many approving reviews a ruleset asks for. */
  readonly requiredReviews: Map<string, number>;
  readonly collaborators: Map<number, Role>;
  readonly issues: Issue[];
  readonly comments: Comment[];
  readonly deployments: Deployment[];
  readonly environments: Environment[];
  readonly checkRuns: CheckRun[];
  readonly checkSuites: CheckSuite[];
  readonly waitingRuns: WaitingRun[];
  readonly statuses: CommitStatus[];
  readonly activity: Activity[];
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: User;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  labels: readonly string[];
  readonly pull: PullRequest | null;
}

export interface PullRequest {
  readonly id: number;
  /** Branch names, without `refs/heads/`. */
  readonly base: { readonly repository: Repository; readonly branch: string };
  readonly head: { readonly repository: Repository; readonly branch: string };
  headSha: string;
  baseSha: string;
  draft: boolean;
  /** Oldest first. */
  readonly reviews: Review[];
  merged: { readonly at: number; readonly by: User; readonly sha: string } | null;
}

export interface Review {
  readonly id: number;
  readonly author: User;
  /** `DISMISSED` is what a review becomes when somebody dismisses it. */
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly body: string;
  readonly sha: string;
  readonly at: number;
}

export interface Comment {
  readonly id: number;
  readonly issue: Issue;
  readonly author: User;
  readonly app: App | null;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly reactions: Reaction[];
}

export interface Reaction {
  readonly id: number;
  readonly user: User;
  readonly content: string;
  readonly createdAt: number;
}

export interface Deployment {
  readonly id: number;
  readonly creator: User;
  readonly app: App | null;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly originalEnvironment: string;
  environment: string;
  readonly payload: unknown;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly createdAt: number;
  updatedAt: number;
  readonly statuses: DeploymentStatus[];
}

export interface DeploymentStatus {
  readonly id: number;
  readonly creator: User;
  readonly app: App | null;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: number;
}

export interface Environment {
  readonly id: number;
  name: string;
  readonly createdAt: number;
  protection: Protection;
}

/** The built-in protection rules of an environment. */
export interface Protection {
  readonly reviewers: readonly (User | Team)[];
  readonly preventSelfReview: boolean;
  readonly waitMinutes: number;
  /** Where deployments may come from: patterns, or protected branches only. */
  readonly refs: 'any' | 'protected' | readonly RefPolicy[];
}

export interface RefPolicy {
  readonly id: number;
  readonly type: 'branch' | 'tag';
  readonly name: string;
}

/** Checks that must succeed before anything is merged into a branch, and where that is said. */
export interface RequiredChecks {
  readonly branch: string;
  readonly contexts: readonly string[];
  readonly by: 'protection' | 'ruleset';
}

export interface CheckSuite {
  readonly id: number;
  readonly sha: string;
  readonly app: App;
  readonly createdAt: number;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  readonly app: App;
  readonly sha: string;
  name: string;
  status: string;
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string;
  startedAt: number | null;
  completedAt: number | null;
  output: { title: string | null; summary: string | null; text: string | null };
  actions: readonly CheckAction[];
}

/** A button under a check run. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** A workflow's run with a job that waits for the Apps whose rules its environment has. */
export interface WaitingRun {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  state: 'waiting' | 'approved' | 'rejected';
  /** What Apps said, oldest first. */
  readonly comments: string[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly creator: User;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly createdAt: number;
}

/** One line of the repository's activity: a ref moved, with the server's time of it. */
export interface Activity {
  readonly id: number;
  readonly kind: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion';
  readonly actor: User;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly at: number;
}

/** One webhook as it was, or will be, sent to an App. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly app: App;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number;
  readonly repositoryId: number;
  readonly payload: string;
  readonly redelivery: boolean;
  readonly at: number;
  /** Null while it is under way; `statusCode` 0 when nobody answered. */
  outcome: DeliveryOutcome | null;
}

export interface DeliveryOutcome {
  readonly statusCode: number;
  readonly status: string;
  readonly seconds: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}

export interface State {
  lastId: number;
  readonly users: Map<string, User>;
  readonly teams: Team[];
  readonly apps: App[];
  /** By the code that makes the App, once. */
  readonly manifests: Map<string, ConfirmedManifest>;
  readonly installations: Installation[];
  /** Token text → what it may do. */
  readonly tokens: Map<string, Token>;
  readonly repositories: Repository[];
  readonly deliveries: Delivery[];
}
