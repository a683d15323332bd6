import { fullName, roleIsAtLeast, roleOf } from '../state/memory.ts';
import type { Repository, Role, User } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { iso, nodeId, repositoryApi, repositoryHtml } from './common.ts';
import { userJson } from './user.ts';

/** A repository as it stands in pull requests, webhooks and lists. */
export function repositoryJson(world: World, repository: Repository): Json {
  const { owner, name } = repository;
  const html = repositoryHtml(world, repository);
  const { host } = new URL(world.url);
  const open = repository.issues.filter(({ state }) => state === 'open').length;
  const forks = world.state.repositories.filter(
    ({ parent }) => parent?.id === repository.id,
  ).length;
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name,
    full_name: fullName(repository),
    private: repository.private,
    owner: userJson(world, owner),
    html_url: html,
    description: null,
    fork: repository.parent !== null,
    ...urls(repositoryApi(world, repository)),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.pushedAt),
    pushed_at: iso(repository.pushedAt),
    git_url: `git://${host}/${fullName(repository)}.git`,
    ssh_url: `git@${host}:${fullName(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  };
}

/** What `GET /repos/{owner}/{repo}` adds for one reader. */
export function fullRepositoryJson(
  world: World,
  repository: Repository,
  reader: User | undefined,
): Json {
  const { parent } = repository;
  return {
    ...repositoryJson(world, repository),
    network_count: 0,
    subscribers_count: 0,
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    ...(reader ? { permissions: permissionsJson(roleOf(repository, reader)) } : {}),
    ...(parent
      ? { parent: repositoryJson(world, parent), source: repositoryJson(world, parent) }
      : {}),
  };
}

/** In `push` alone GitHub gives these two times as seconds. */
export function pushRepositoryJson(world: World, repository: Repository): Json {
  return {
    ...repositoryJson(world, repository),
    created_at: Math.floor(repository.createdAt / 1000),
    pushed_at: Math.floor(repository.pushedAt / 1000),
    stargazers: 0,
    master_branch: repository.defaultBranch,
  };
}

export function permissionsJson(role: Role): Json {
  return {
    admin: role === 'admin',
    maintain: roleIsAtLeast(role, 'maintain'),
    push: roleIsAtLeast(role, 'write'),
    triage: roleIsAtLeast(role, 'triage'),
    pull: roleIsAtLeast(role, 'read'),
  };
}

function urls(api: string): Json {
  return {
    url: api,
    forks_url: `${api}/forks`,
    keys_url: `${api}/keys{/key_id}`,
    collaborators_url: `${api}/collaborators{/collaborator}`,
    teams_url: `${api}/teams`,
    hooks_url: `${api}/hooks`,
    issue_events_url: `${api}/issues/events{/number}`,
    events_url: `${api}/events`,
    assignees_url: `${api}/assignees{/user}`,
    branches_url: `${api}/branches{/branch}`,
    tags_url: `${api}/tags`,
    blobs_url: `${api}/git/blobs{/sha}`,
    git_tags_url: `${api}/git/tags{/sha}`,
    git_refs_url: `${api}/git/refs{/sha}`,
    trees_url: `${api}/git/trees{/sha}`,
    statuses_url: `${api}/statuses/{sha}`,
    languages_url: `${api}/languages`,
    stargazers_url: `${api}/stargazers`,
    contributors_url: `${api}/contributors`,
    subscribers_url: `${api}/subscribers`,
    subscription_url: `${api}/subscription`,
    commits_url: `${api}/commits{/sha}`,
    git_commits_url: `${api}/git/commits{/sha}`,
    comments_url: `${api}/comments{/number}`,
    issue_comment_url: `${api}/issues/comments{/number}`,
    contents_url: `${api}/contents/{+path}`,
    compare_url: `${api}/compare/{base}...{head}`,
    merges_url: `${api}/merges`,
    archive_url: `${api}/{archive_format}{/ref}`,
    downloads_url: `${api}/downloads`,
    issues_url: `${api}/issues{/number}`,
    pulls_url: `${api}/pulls{/number}`,
    milestones_url: `${api}/milestones{/number}`,
    notifications_url: `${api}/notifications{?since,all,participating}`,
    labels_url: `${api}/labels{/name}`,
    releases_url: `${api}/releases{/id}`,
    deployments_url: `${api}/deployments`,
  };
}
