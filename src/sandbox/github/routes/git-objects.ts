import { reads } from '../auth/access.ts';
import { readCommit } from '../git/read-commit.ts';
import { readTag } from '../git/read-tag.ts';
import { gitMaybe } from '../git/program.ts';
import { notFound } from '../http/errors.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { commitObjectJson, tagObjectJson } from '../json/git-object.ts';
import { ok } from './answers.ts';

const see = reads('contents');
const fullSha = /^[0-9a-f]{40}$/;

/** Git's own objects, by their full SHA. */
export const gitObjectRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', see, async (call) => {
    const sha = call.param('tag_sha');
    const tag = fullSha.test(sha) ? await readTag(call.repository.directory, sha) : undefined;
    if (!tag) throw notFound();
    return ok(tagObjectJson(call.world, call.repository, tag));
  }),
  route('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', see, async (call) => {
    const { directory } = call.repository;
    const sha = call.param('commit_sha');
    const type = fullSha.test(sha) ? await gitMaybe(directory, ['cat-file', '-t', sha]) : undefined;
    if (type !== 'commit') throw notFound();
    return ok(commitObjectJson(call.world, call.repository, await readCommit(directory, sha)));
  }),
];
