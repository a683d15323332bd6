import { addUser } from '../acts/accounts.ts';
import { commitFiles, setRef } from '../acts/commits.ts';
import { mergeInto } from '../acts/merge.ts';
import { protectEnvironment } from '../acts/environments.ts';
import { addPull, isPull } from '../acts/pulls.ts';
import { publishRelease } from '../acts/releases.ts';
import { addReview } from '../acts/reviews.ts';
import { addFork, addRepository } from '../acts/repositories.ts';
import type { Repository, Team, User } from '../state/types.ts';
import type { RepositoryAct, StandIn } from '../stand-in.ts';
import type { World } from '../world.ts';
import { requireRepository, requireUser } from './find.ts';

type RepositoryActs = Pick<
  StandIn,
  | 'createRepository'
  | 'repository'
  | 'collaborator'
  | 'requireChecks'
  | 'requireReviews'
  | 'protect'
  | 'review'
  | 'fork'
  | 'commit'
  | 'createTag'
  | 'publishRelease'
  | 'moveBranch'
  | 'openPullRequest'
  | 'mergePullRequest'
>;

export function repositoryActs(world: World): RepositoryActs {
  const actor = (repository: Repository, login: string | undefined): User =>
    login === undefined ? repository.owner : requireUser(world, login);
  return {
    createRepository: (draft) => createRepository(world, draft),
    repository: (name) => requireRepository(world, name),
    collaborator(name, login, role) {
      requireRepository(world, name).collaborators.set(requireUser(world, login).id, role);
    },
    requireChecks(name, branch, contexts, by = 'protection') {
      requireRepository(world, name).requiredChecks.push({ branch, contexts, by });
    },
    requireReviews(name, branch, count) {
      requireRepository(world, name).requiredReviews.set(branch, count);
    },
    protect(name, environment, { reviewers = [], ...rules }) {
      const found = reviewers.map((one) => reviewerOf(world, one));
      protectEnvironment(world, requireRepository(world, name), environment, {
        ...rules,
        reviewers: found,
      });
    },
    review(name, number, by, state) {
      const issue = requireRepository(world, name).issues.find((one) => one.number === number);
      if (!issue || !isPull(issue)) throw new Error(`${name} has no pull request ${number}`);
      addReview(world, issue, { author: requireUser(world, by), state, body: '' });
    },
    fork: (name, login) =>
      addFork(world, requireRepository(world, name), requireUser(world, login)),
    commit(draft) {
      const repository = requireRepository(world, draft.repository);
      return commitFiles(world, repository, {
        actor: actor(repository, draft.by),
        branch: draft.branch ?? repository.defaultBranch,
        from: draft.from,
        files: draft.files,
        message: draft.message ?? 'Change files',
        author: draft.author,
      });
    },
    async createTag(name, tag, sha, by) {
      const repository = requireRepository(world, name);
      await setRef(world, repository, actor(repository, by), `refs/tags/${tag}`, sha);
    },
    publishRelease(name, tag, by, prerelease = false) {
      const author = requireUser(world, by);
      publishRelease(world, requireRepository(world, name), { author, tag, prerelease });
    },
    async moveBranch(name, branch, sha, by) {
      const repository = requireRepository(world, name);
      await setRef(world, repository, actor(repository, by), `refs/heads/${branch}`, sha);
    },
    openPullRequest(draft) {
      const repository = requireRepository(world, draft.repository);
      const head = requireRepository(world, draft.headRepository ?? draft.repository);
      return addPull(world, repository, {
        author: requireUser(world, draft.by),
        title: draft.title ?? draft.head,
        body: draft.body ?? null,
        base: draft.base ?? repository.defaultBranch,
        head: { repository: head, branch: draft.head },
        draft: draft.draft ?? false,
      });
    },
    mergePullRequest: (name, number, by) =>
      merge(world, requireRepository(world, name), number, requireUser(world, by)),
  };
}

function reviewerOf(world: World, name: string): User | Team {
  const [, organization, slug] = /^@([^/]+)\/(.+)$/.exec(name) ?? [];
  if (organization === undefined) return requireUser(world, name);
  const team = world.state.teams.find(
    (one) => one.organization.login === organization && one.slug === slug,
  );
  if (!team) throw new Error(`there is no team ${name}`);
  return team;
}

async function createRepository(world: World, draft: RepositoryAct): Promise<Repository> {
  const owner = addUser(world, { login: draft.owner });
  const repository = await addRepository(world, {
    owner,
    name: draft.name,
    private: draft.public !== true,
    defaultBranch: draft.defaultBranch ?? 'main',
    importFrom: draft.importFrom,
  });
  if (draft.importFrom === undefined) {
    const files = draft.files ?? { 'README.md': `# ${draft.name}\n` };
    const branch = repository.defaultBranch;
    const message = 'Begin';
    await commitFiles(world, repository, { actor: owner, branch, files, message });
  }
  return repository;
}

async function merge(
  world: World,
  repository: Repository,
  number: number,
  actor: User,
): Promise<string> {
  const pull = repository.issues.find((issue) => issue.number === number)?.pull;
  if (!pull) throw new Error(`${repository.name} has no pull request ${number}`);
  const message = `Merge pull request #${number} from ${pull.head.branch}`;
  const order = { actor, branch: pull.base.branch, from: pull.headSha, message };
  const sha = await mergeInto(world, repository, order);
  if (sha === undefined) throw new Error(`pull request ${number} conflicts with its base`);
  return sha;
}
