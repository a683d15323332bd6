import { z } from 'zod';
import { Sha } from '../../model/job.ts';
import type { Person } from '../ports.ts';
import { Account } from './account.ts';

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

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readCheckSuite = (payload: unknown): ChecksEvent => CheckSuite.parse(payload);
/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readCommitStatus = (payload: unknown): ChecksEvent => CommitStatus.parse(payload);
