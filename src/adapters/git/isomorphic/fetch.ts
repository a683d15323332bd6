import fs from 'node:fs';
import git from 'isomorphic-git';
import type { SallyportError } from '../../../model/errors.ts';
import type { GitRef } from '../../../ports/git.ts';
import { tokenUser } from '../credentials.ts';
import { refused, unreachable } from '../git-errors.ts';
import type { Remote } from '../remote-url.ts';
import { httpClient } from './http-client.ts';
import { readRefs, writeRefs } from './packed-refs.ts';

/** Brings all heads and tags, and drops the ones that are gone. */
export async function fetchRefs(
  gitdir: string,
  remote: Remote,
  token: string | null,
  signal?: AbortSignal,
): Promise<readonly GitRef[]> {
  const { url, headers } = credentialsApart(remote, token);
  const server = { http: httpClient(signal), url, headers };
  try {
    const there = await listRefs(server);
    const before = new Set((await readRefs(gitdir)).map(({ name, sha }) => `${sha} ${name}`));
    const news = there.filter(({ name, sha }) => !before.has(`${sha} ${name}`));
    const [first] = there;
    if (first !== undefined && news.length > 0) await fetchPack(gitdir, server, first.name);
    const refs = await commitsOf(gitdir, there);
    await writeRefs(gitdir, refs);
    return refs;
  } catch (error) {
    signal?.throwIfAborted();
    throw remoteError(error, remote);
  }
}

interface Server {
  readonly http: ReturnType<typeof httpClient>;
  readonly url: string;
  readonly headers: Record<string, string>;
}

async function listRefs(server: Server): Promise<readonly GitRef[]> {
  const listed = await git.listServerRefs({ ...server, protocolVersion: 1, peelTags: true });
  return listed
    .filter(({ ref }) => ref.startsWith('refs/heads/') || ref.startsWith('refs/tags/'))
    .map(({ ref, oid, peeled }) => ({ name: ref, sha: peeled ?? oid }));
}

async function fetchPack(gitdir: string, server: Server, ref: string): Promise<void> {
  const wanted = { ref, remoteRef: ref, remote: 'origin', tags: true };
  await git.fetch({ fs, gitdir, ...server, ...wanted });
}

/** Leaves out tags of something other than a commit. */
async function commitsOf(gitdir: string, refs: readonly GitRef[]): Promise<readonly GitRef[]> {
  const cache = {};
  const commits: GitRef[] = [];
  for (const ref of refs) {
    const { type } = await git.readObject({ fs, gitdir, cache, oid: ref.sha, format: 'content' });
    if (type === 'commit') commits.push(ref);
  }
  return commits;
}

/** A user and a password in the address become a header, as a token does. */
function credentialsApart(remote: Remote, token: string | null) {
  const { username, password } = new URL(remote.url);
  const user =
    token === null
      ? `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
      : `${tokenUser(remote.url)}:${token}`;
  const basic = `Basic ${Buffer.from(user).toString('base64')}`;
  const url = new URL(remote.url);
  url.username = '';
  url.password = '';
  return { url: url.href, headers: user === ':' ? {} : { Authorization: basic } };
}

function remoteError(error: unknown, remote: Remote): SallyportError {
  const why = error instanceof Error ? error.message : String(error);
  const { data } = error as { data?: { statusCode?: number } };
  const status = data?.statusCode ?? 0;
  if ([401, 403, 404].includes(status)) return refused(remote.shown, why);
  return unreachable(remote.shown, why, error);
}
