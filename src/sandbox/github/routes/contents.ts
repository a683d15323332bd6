import { reads } from '../auth/access.ts';
import type { TreeEntry } from '../git/read-tree.ts';
import { blob, entriesIn, entryAt } from '../git/read-tree.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { notFound } from '../http/errors.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import type { Json } from '../json/common.ts';
import { repositoryApi, repositoryHtml } from '../json/common.ts';
import { ok } from './answers.ts';
import { resolveCommit } from './resolve.ts';

export const contentRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/contents/{path}', reads('contents'), get),
];

/** Beyond this GitHub leaves the content out; the raw form still has it. */
const largestInline = 1024 * 1024;

async function get(call: Call): Promise<Answer> {
  const { directory, defaultBranch } = call.repository;
  const ref = call.query('ref') ?? defaultBranch;
  const sha = await resolveCommit(call.repository, ref);
  if (sha === undefined) throw notFound();
  const path = call.param('path').replace(/\/$/, '');
  const entry = await entryAt(directory, sha, path);
  if (!entry) throw notFound();
  if (entry.type === 'tree') {
    const entries = await entriesIn(directory, sha, path);
    return ok(entries.map((each) => entryJson(call, ref, each)));
  }
  return entry.type === 'blob' ? file(call, ref, entry) : ok(submodule(call, ref, entry));
}

async function file(call: Call, ref: string, entry: TreeEntry): Promise<Answer> {
  const bytes = await blob(call.repository.directory, entry.sha);
  if (/application\/vnd\.github(\.v3)?\.raw/.test(call.context.headers['accept'] ?? '')) {
    const headers = { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' };
    return { status: 200, text: bytes.toString('utf8'), headers };
  }
  const common = entryJson(call, ref, entry);
  if (entry.mode === '120000') return ok({ ...common, target: bytes.toString('utf8') });
  const inline = entry.size <= largestInline;
  return ok({
    ...common,
    content: inline ? bytes.toString('base64').replaceAll(/.{60}/g, '$&\n') : '',
    encoding: inline ? 'base64' : 'none',
  });
}

function submodule(call: Call, ref: string, entry: TreeEntry): Json {
  return { ...entryJson(call, ref, entry), submodule_git_url: call.world.url };
}

function entryJson(call: Call, ref: string, entry: TreeEntry): Json {
  const api = repositoryApi(call.world, call.repository);
  const html = repositoryHtml(call.world, call.repository);
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const shown = encodeURIComponent(ref);
  const self = `${api}/contents/${path}?ref=${shown}`;
  const kind = entry.type === 'tree' ? 'tree' : 'blob';
  const git = `${api}/git/${kind}s/${entry.sha}`;
  const page = `${html}/${kind}/${shown}/${path}`;
  return {
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url: self,
    html_url: page,
    git_url: git,
    download_url: entry.type === 'blob' ? `${html}/raw/${shown}/${path}` : null,
    type: typeOf(entry),
    _links: { self, git, html: page },
  };
}

function typeOf(entry: TreeEntry): string {
  if (entry.type === 'tree') return 'dir';
  if (entry.type === 'commit') return 'submodule';
  return entry.mode === '120000' ? 'symlink' : 'file';
}
