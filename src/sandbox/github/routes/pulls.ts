import { addPull, isPull, pullNumbers, setPullState } from '../acts/pulls.ts';
import type { PullIssue } from '../acts/pulls.ts';
import { reads, speaks, writes } from '../auth/access.ts';
import { log, mergeBase } from '../git/read-commit.ts';
import { changes } from '../git/read-tree.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { invalid } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { commitJson, fileJson } from '../json/commit.ts';
import type { Json } from '../json/common.ts';
import { fullPullJson, pullJson } from '../json/pull.ts';
import { mergePull } from './merge-pull.ts';
import { created, ok } from './answers.ts';
import { pullOf } from './pull-of.ts';
import { repositoryAndBranch } from './resolve.ts';

const see = reads('pull_requests');
const all = '/repos/{owner}/{repo}/pulls';
const one = `${all}/{pull_number}`;

export const pullRoutes: readonly Route[] = [
  route(`GET ${all}`, see, list),
  route(`POST ${all}`, speaks('pull_requests'), open),
  route(`GET ${one}`, see, async (call) => ok(await shown(call, pullOf(call)))),
  route(`PATCH ${one}`, writes('pull_requests'), async (call) => {
    const issue = pullOf(call);
    const fields = fieldsOf('PullRequest', call.body);
    issue.title = fields.optionalText('title', 256) ?? issue.title;
    issue.body = fields.optionalText('body', 65_536) ?? issue.body;
    const state = fields.optionalText('state');
    if (state === 'open' || state === 'closed') {
      await setPullState(call.world, call.repository, issue, call.account, state);
    }
    return ok(await shown(call, issue));
  }),
  route(`GET ${one}/commits`, see, async (call) => {
    const { baseSha, headSha } = pullOf(call).pull;
    const range = ['--reverse', headSha, `^${baseSha}`];
    const commits = await log(call.repository.directory, range, 250);
    return paged(call, commits, (commit) => commitJson(call.world, call.repository, commit));
  }),
  route(`GET ${one}/files`, see, files),
  route(`PUT ${one}/merge`, writes('contents'), (call) => mergePull(call, pullOf(call))),
];

function list(call: Call): Promise<Answer> {
  const state = call.query('state') ?? 'open';
  const [head, base] = [call.query('head'), call.query('base')];
  const found = call.repository.issues
    .filter(isPull)
    .filter(
      (issue) =>
        (state === 'all' || issue.state === state) &&
        (base === undefined || issue.pull.base.branch === base) &&
        (head === undefined || head === labelOf(issue)),
    );
  const ordered = call.query('direction') === 'asc' ? found : found.reverse();
  return paged(call, call.visible(ordered), (issue) =>
    pullJson(call.world, call.repository, issue, issue.pull),
  );
}

function labelOf({ pull }: PullIssue): string {
  return `${pull.head.repository.owner.login}:${pull.head.branch}`;
}

async function open(call: Call): Promise<Answer> {
  const fields = fieldsOf('PullRequest', call.body);
  const head = repositoryAndBranch(call, fields.text('head'));
  const base = fields.text('base');
  if (!head?.repository.refs.has(`refs/heads/${head.branch}`)) {
    throw invalid('PullRequest', 'head', 'invalid');
  }
  if (!call.repository.refs.has(`refs/heads/${base}`)) {
    throw invalid('PullRequest', 'base', 'invalid');
  }
  const issue = await addPull(call.world, call.repository, {
    author: call.account,
    title: fields.text('title', 256),
    body: fields.optionalText('body', 65_536) ?? null,
    base,
    head,
    draft: fields.flag('draft', false),
  });
  return created(await shown(call, issue));
}

async function files(call: Call): Promise<Answer> {
  const { world, repository } = call;
  const { baseSha, headSha } = pullOf(call).pull;
  const from = (await mergeBase(repository.directory, baseSha, headSha)) ?? baseSha;
  const found = await changes(repository.directory, from, headSha);
  return paged(call, found, (file) => fileJson(world, repository, headSha, file));
}

async function shown(call: Call, issue: PullIssue): Promise<Json> {
  const numbers = await pullNumbers(call.repository, issue.pull);
  return fullPullJson(call.world, call.repository, issue, issue.pull, numbers);
}
