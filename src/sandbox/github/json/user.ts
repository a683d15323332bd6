import type { User } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { apiUrl, iso, nodeId } from './common.ts';

/** GitHub's "simple user", also for bots and organisations. */
export function userJson(world: World, user: User): Json {
  const login = encodeURIComponent(user.login);
  const api = apiUrl(world, `/users/${login}`);
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type, user.id),
    avatar_url: `${world.url}/avatars/u/${user.id}`,
    gravatar_id: '',
    url: api,
    html_url: `${world.url}/${login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    site_admin: false,
  };
}

/** What `GET /user` and `GET /users/{username}` add. */
export function publicUserJson(world: World, user: User): Json {
  return {
    ...userJson(world, user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: world.state.repositories.filter(({ owner }) => owner.id === user.id).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: iso(user.createdAt),
    updated_at: iso(user.createdAt),
  };
}

/** The organisation of a webhook's payload. */
export function organizationJson(world: World, organization: User): Json {
  const api = apiUrl(world, `/orgs/${organization.login}`);
  return {
    login: organization.login,
    id: organization.id,
    node_id: nodeId('Organization', organization.id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/u/${organization.id}`,
    description: null,
  };
}
