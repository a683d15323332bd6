import { setRef } from '../acts/commits.ts';
import { reads, writes } from '../auth/access.ts';
import { git } from '../git/program.ts';
import { isAncestor, peel, readCommit } from '../git/read-commit.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { commitJson } from '../json/commit.ts';
import type { Json } from '../json/common.ts';
import { repositoryApi, repositoryHtml } from '../json/common.ts';
import { branchJson, refJson, tagJson } from '../json/git.ts';
import { isProtected, protectionJson, rulesJson } from '../json/protection.ts';
import { created, noContent, ok } from './answers.ts';
import { requireCommit } from './resolve.ts';

const see = reads('contents');
const change = writes('contents');
const base = '/repos/{owner}/{repo}';

export const refRoutes: readonly Route[] = [
  route(`GET ${base}/git/matching-refs/{ref}`, see, (call) => {
    const prefix = `refs/${call.param('ref')}`;
    const found = [...call.repository.refs].filter(([ref]) => ref.startsWith(prefix));
    return paged(call, found.sort(byName), ([ref, sha]) => shown(call, ref, sha));
  }),
  route(`GET ${base}/git/ref/{ref}`, see, async (call) => {
    const { ref, sha } = existing(call);
    return ok(await shown(call, ref, sha));
  }),
  route(`POST ${base}/git/refs`, change, create),
  route(`PATCH ${base}/git/refs/{ref}`, change, update),
  route(`DELETE ${base}/git/refs/{ref}`, change, async (call) => {
    await setRef(call.world, call.repository, call.account, existing(call).ref, null);
    return noContent();
  }),
  route(`GET ${base}/branches`, see, (call) =>
    paged(call, branches(call), ({ name, sha }) =>
      branchJson(call.world, call.repository, name, sha),
    ),
  ),
  route(`GET ${base}/branches/{branch}`, see, branch),
  route(`GET ${base}/rules/branches/{branch}`, reads(), (call) =>
    paged(call, rulesJson(call.repository, call.param('branch')), (rule) => rule),
  ),
  route(`GET ${base}/tags`, see, (call) =>
    paged(call, named(call, 'refs/tags/').reverse(), async ({ name, sha }) => {
      const commit = (await peel(call.repository.directory, sha)) ?? sha;
      return tagJson(call.world, call.repository, name, commit);
    }),
  ),
];

/** All branches; with `protected`, those that have a rule, or those that have none. */
function branches(call: Call): ReturnType<typeof named> {
  const wanted = call.query('protected');
  return named(call, 'refs/heads/').filter(
    ({ name }) => wanted === undefined || String(isProtected(call.repository, name)) === wanted,
  );
}

function named(call: Call, prefix: string): { readonly name: string; readonly sha: string }[] {
  return [...call.repository.refs]
    .filter(([ref]) => ref.startsWith(prefix))
    .sort(byName)
    .map(([ref, sha]) => ({ name: ref.slice(prefix.length), sha }));
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

function existing(call: Call): { readonly ref: string; readonly sha: string } {
  const ref = `refs/${call.param('ref')}`;
  const sha = call.repository.refs.get(ref);
  if (sha === undefined) throw notFound();
  return { ref, sha };
}

async function shown(call: Call, ref: string, sha: string): Promise<Json> {
  const type = await git(call.repository.directory, ['cat-file', '-t', sha]);
  return refJson(call.world, call.repository, ref, {
    sha,
    type: type === 'tag' ? 'tag' : 'commit',
  });
}

async function create(call: Call): Promise<Answer> {
  const fields = fieldsOf('Reference', call.body);
  const ref = fields.text('ref');
  if (!/^refs\/(heads|tags)\/./.test(ref))
    throw new ApiError(422, 'Reference name must start with refs/heads or refs/tags');
  if (call.repository.refs.has(ref)) throw new ApiError(422, 'Reference already exists');
  const sha = await requireCommit(call, fields.text('sha'));
  await setRef(call.world, call.repository, call.account, ref, sha);
  return created(await shown(call, ref, sha));
}

async function update(call: Call): Promise<Answer> {
  const fields = fieldsOf('Reference', call.body);
  const { ref, sha: before } = existing(call);
  const sha = await requireCommit(call, fields.text('sha'));
  const forward = await isAncestor(call.repository.directory, before, sha);
  if (!forward && !fields.flag('force', false)) {
    throw new ApiError(422, 'Update is not a fast forward');
  }
  await setRef(call.world, call.repository, call.account, ref, sha);
  return ok(await shown(call, ref, sha));
}

async function branch(call: Call): Promise<Answer> {
  const { world, repository } = call;
  const name = call.param('branch');
  const sha = repository.refs.get(`refs/heads/${name}`);
  if (sha === undefined) throw new ApiError(404, 'Branch not found');
  const self = `${repositoryApi(world, repository)}/branches/${encodeURIComponent(name)}`;
  const html = `${repositoryHtml(world, repository)}/tree/${name}`;
  return ok({
    name,
    commit: commitJson(world, repository, await readCommit(repository.directory, sha)),
    _links: { self, html },
    protected: isProtected(repository, name),
    protection: protectionJson(repository, name),
    protection_url: `${self}/protection`,
  });
}
