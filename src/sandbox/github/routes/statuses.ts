import { addCommitStatus, latestStatuses } from '../acts/checks.ts';
import { reads, writes } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { fieldsOf } from '../http/fields.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { commitStatusJson } from '../json/checks.ts';
import { repositoryApi } from '../json/common.ts';
import { repositoryJson } from '../json/repository.ts';
import type { CommitStatus } from '../state/types.ts';
import { created } from './answers.ts';
import { requireCommit } from './resolve.ts';

const see = reads('statuses');

export const statusRoutes: readonly Route[] = [
  route('POST /repos/{owner}/{repo}/statuses/{sha}', writes('statuses'), async (call) => {
    const fields = fieldsOf('Status', call.body);
    const status = addCommitStatus(call.world, call.repository, {
      sha: await requireCommit(call, call.param('sha')),
      creator: call.account,
      state: fields.oneOf('state', ['error', 'failure', 'pending', 'success']),
      context: fields.optionalText('context') ?? 'default',
      description: fields.optionalText('description', 140) ?? null,
      targetUrl: fields.url('target_url') || null,
    });
    return created(commitStatusJson(call.world, call.repository, status));
  }),
  route('GET /repos/{owner}/{repo}/commits/{ref}/status', see, combined),
  route('GET /repos/{owner}/{repo}/commits/{ref}/statuses', see, async (call) => {
    const sha = await requireCommit(call, call.param('ref'));
    const found = call.repository.statuses.filter((status) => status.sha === sha).reverse();
    return paged(call, call.visible(found), (status) =>
      commitStatusJson(call.world, call.repository, status),
    );
  }),
];

async function combined(call: Call): Promise<Answer> {
  const { world, repository } = call;
  const sha = await requireCommit(call, call.param('ref'));
  const latest = call.visible(latestStatuses(repository, sha));
  const commit = `${repositoryApi(world, repository)}/commits/${sha}`;
  return paged(
    call,
    latest,
    (status) => commitStatusJson(world, repository, status),
    (statuses) => ({
      state: combinedState(latest),
      statuses,
      sha,
      total_count: latest.length,
      repository: repositoryJson(world, repository),
      commit_url: commit,
      url: `${commit}/status`,
    }),
  );
}

function combinedState(statuses: readonly CommitStatus[]): string {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure')) return 'failure';
  if (statuses.length === 0) return 'pending';
  return statuses.every(({ state }) => state === 'success') ? 'success' : 'pending';
}
