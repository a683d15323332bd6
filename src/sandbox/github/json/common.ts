import type { Repository } from '../state/types.ts';
import type { World } from '../world.ts';

/** A resource as JSON, with GitHub's own field names. */
export type Json = Record<string, unknown>;

/** GitHub's times have whole seconds. */
export function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

/** An opaque id, as GraphQL would know the thing. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}

export function apiUrl(world: World, path: string): string {
  return `${world.url}/api/v3${path}`;
}

export function repositoryApi(world: World, repository: Repository): string {
  return apiUrl(world, `/repos/${repository.owner.login}/${repository.name}`);
}

export function repositoryHtml(world: World, repository: Repository): string {
  return `${world.url}/${repository.owner.login}/${repository.name}`;
}
