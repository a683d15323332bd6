import { z } from 'zod';
import { Sha } from '../../model/job.ts';
import type { NamedRef, RefReader } from '../ports.ts';
import { orNull, type Ask } from './request.ts';

const GitObject = z.object({ type: z.string(), sha: Sha });
const Ref = z.object({ ref: z.string(), object: GitObject });
const Tag = z.object({ object: GitObject });
const Commit = z.object({ sha: Sha });
const Account = z.object({ id: z.int(), login: z.string() });
const WholeCommit = z.object({
  commit: z.object({
    message: z.string(),
    tree: z.object({ sha: Sha }),
    author: z.object({ name: z.string().optional() }).nullable(),
  }),
  author: z.unknown(),
});
const TagOfCommit = z.object({ name: z.string(), commit: z.object({ sha: Sha }) });
const Comparison = z.object({ status: z.enum(['identical', 'ahead', 'behind', 'diverged']) });
const Branch = z.object({ name: z.string() });
const Activity = z.object({
  after: Sha,
  timestamp: z.iso.datetime({ offset: true }),
  actor: z.object({ login: z.string() }).nullable(),
});

const folders = { branch: 'heads/', tag: 'tags/' } as const;
/** Tags of tags are legal; nobody needs more of them than this. */
const maxPeels = 4;

export function readRefs(ask: Ask): RefReader {
  return {
    async ref(kind, name) {
      const ref = folders[kind] + name;
      const answer = await orNull(ask('GET /repos/{owner}/{repo}/git/ref/{ref}', { ref }));
      const found = Ref.safeParse(answer);
      // A server may answer with a ref whose name only begins so.
      if (!found.success || found.data.ref !== `refs/${ref}`) return null;
      return named(ask, kind, found.data);
    },

    async refsBeginning(kind, prefix) {
      const answer = await ask('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', {
        ref: folders[kind] + prefix,
      });
      const refs = z.array(Ref).parse(answer).slice(0, 100);
      const all = await Promise.all(refs.map((ref) => named(ask, kind, ref)));
      return all.filter((ref) => ref !== null);
    },

    async commit(prefix) {
      const answer = Commit.safeParse(
        await orNull(ask('GET /repos/{owner}/{repo}/commits/{ref}', { ref: prefix })),
      );
      // A branch may have a name that looks like a SHA.
      return answer.success && answer.data.sha.startsWith(prefix) ? answer.data.sha : null;
    },

    async commitFacts(sha) {
      const route = 'GET /repos/{owner}/{repo}/commits/{ref}';
      const answer = await orNull(ask(route, { ref: sha }));
      if (answer === null) return null;
      const { commit, author } = WholeCommit.parse(answer);
      const known = Account.safeParse(author);
      return {
        tree: commit.tree.sha,
        author: known.success ? known.data : null,
        subject: commit.message.split('\n', 1)[0] ?? '',
        authorName: commit.author?.name ?? '',
      };
    },

    async tags() {
      const answer = await ask('GET /repos/{owner}/{repo}/tags', { per_page: 100 });
      return z
        .array(TagOfCommit)
        .parse(answer)
        .map(({ name, commit }) => ({ kind: 'tag', name, sha: commit.sha }));
    },

    async relation(base, head) {
      const answer = await orNull(
        ask('GET /repos/{owner}/{repo}/compare/{basehead}', {
          basehead: `${base}...${head}`,
          per_page: 1,
        }),
      );
      return answer === null ? null : Comparison.parse(answer).status;
    },

    async branchesAt(sha) {
      const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/branches-where-head';
      const branches = await orNull(ask(route, { commit_sha: sha }));
      return z
        .array(Branch)
        .parse(branches ?? [])
        .map(({ name }) => name);
    },

    async pushes(branch) {
      const answer = await ask('GET /repos/{owner}/{repo}/activity', {
        ref: `refs/heads/${branch}`,
        per_page: 100,
      });
      return z
        .array(Activity)
        .parse(answer)
        .map(({ after, timestamp, actor }) => ({
          after,
          at: Date.parse(timestamp),
          login: actor?.login ?? null,
        }))
        .toSorted((a, b) => b.at - a.at);
    },
  };
}

async function named(
  ask: Ask,
  kind: NamedRef['kind'],
  { ref, object }: z.infer<typeof Ref>,
): Promise<NamedRef | null> {
  let peeled = object;
  for (let peels = 0; peeled.type === 'tag' && peels < maxPeels; peels += 1) {
    const tag = await ask('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', { tag_sha: peeled.sha });
    peeled = Tag.parse(tag).object;
  }
  if (peeled.type !== 'commit') return null;
  return { kind, name: ref.slice(`refs/${folders[kind]}`.length), sha: peeled.sha };
}
