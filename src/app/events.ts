import { z } from 'zod';
import { Sha } from '../model/job.ts';
import type { Person, Repository } from './ports.ts';

const Account = z.object({ id: z.int(), login: z.string() });

/** What every event that the App acts on has. */
const Source = z
  .object({
    installation: z.object({ id: z.int() }),
    repository: z.object({
      id: z.int(),
      name: z.string(),
      html_url: z.string(),
      default_branch: z.string(),
      owner: z.object({ login: z.string() }),
    }),
  })
  .transform(({ installation, repository }): EventSource => ({
    installation: installation.id,
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
      url: repository.html_url,
    },
  }));

export interface EventSource {
  readonly installation: number;
  readonly repository: Repository;
}

/** A comment under an issue or a pull request. */
export interface CommentEvent {
  readonly issue: number;
  readonly isPull: boolean;
  readonly comment: number;
  readonly body: string;
  /** GitHub's time, whole seconds, in ms since 1970. */
  readonly at: number;
  readonly author: Person;
  /** Whether a person wrote it; what bots write is never a command. */
  readonly isByPerson: boolean;
}

const Comment = z
  .object({
    issue: z.object({ number: z.int(), pull_request: z.unknown().optional() }),
    comment: z.object({
      id: z.int(),
      body: z.string().nullable(),
      created_at: z.iso.datetime({ offset: true }),
      user: Account.extend({ type: z.string() }).nullable(),
    }),
  })
  .transform(({ issue, comment }): CommentEvent => ({
    issue: issue.number,
    isPull: issue.pull_request !== undefined && issue.pull_request !== null,
    comment: comment.id,
    body: comment.body ?? '',
    at: Date.parse(comment.created_at),
    author: { id: comment.user?.id ?? 0, login: comment.user?.login ?? 'ghost' },
    isByPerson: comment.user?.type === 'User',
  }));

/** A push to a branch or of a tag. */
export interface PushEvent {
  readonly ref: string;
  /** The commit that it left there, tags peeled; `null` where the ref was deleted. */
  readonly sha: Sha | null;
  readonly sender: Person;
}

const Push = z
  .object({
    ref: z.string(),
    deleted: z.boolean(),
    after: Sha,
    head_commit: z.object({ id: Sha }).nullable(),
    sender: Account,
  })
  .transform(({ ref, deleted, after, head_commit, sender }): PushEvent => ({
    ref,
    // `after` of an annotated tag is the tag itself.
    sha: deleted ? null : (head_commit?.id ?? after),
    sender: { id: sender.id, login: sender.login },
  }));

/** Checks of a commit that ended, or a status that it was given. */
export interface ChecksEvent {
  readonly sha: Sha;
  /** Whose heads it is, as far as GitHub tells. */
  readonly branches: readonly string[];
  readonly sender: Person;
}

const CheckSuite = z
  .object({
    check_suite: z.object({ head_sha: Sha, head_branch: z.string().nullable() }),
    sender: Account,
  })
  .transform(({ check_suite, sender }): ChecksEvent => ({
    sha: check_suite.head_sha,
    branches: check_suite.head_branch === null ? [] : [check_suite.head_branch],
    sender: { id: sender.id, login: sender.login },
  }));

const CommitStatus = z
  .object({
    sha: Sha,
    state: z.string(),
    branches: z.array(z.object({ name: z.string(), commit: z.object({ sha: Sha }) })),
    sender: Account,
  })
  .transform(({ sha, state, branches, sender }): ChecksEvent => ({
    sha,
    branches:
      state === 'success'
        ? branches.filter(({ commit }) => commit.sha === sha).map(({ name }) => name)
        : [],
    sender: { id: sender.id, login: sender.login },
  }));

/** A status that somebody gave a deployment. */
export interface StatusEvent {
  readonly deployment: number;
  /** `sallyport` for ours. */
  readonly task: string;
  readonly state: string;
}

const Status = z
  .object({
    deployment: z.object({ id: z.int(), task: z.string() }),
    deployment_status: z.object({ state: z.string() }),
  })
  .transform(({ deployment, deployment_status }): StatusEvent => ({
    deployment: deployment.id,
    task: deployment.task,
    state: deployment_status.state,
  }));

/** Each reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readSource = (payload: unknown): EventSource => Source.parse(payload);
export const readComment = (payload: unknown): CommentEvent => Comment.parse(payload);
export const readPush = (payload: unknown): PushEvent => Push.parse(payload);
export const readCheckSuite = (payload: unknown): ChecksEvent => CheckSuite.parse(payload);
export const readCommitStatus = (payload: unknown): ChecksEvent => CommitStatus.parse(payload);
export const readStatus = (payload: unknown): StatusEvent => Status.parse(payload);
