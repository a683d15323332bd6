import type { App, Token, User } from '../state/types.ts';

/** Who a request is from, as its Authorization header proved. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'token'; readonly token: Token };

/** The key under which rate limits and ETags are kept. */
export function actorLabel(actor: Actor): string {
  if (actor.kind === 'anonymous') return 'anonymous';
  if (actor.kind === 'app') return `app:${actor.app.id}`;
  const { installation, user, permissions } = actor.token;
  if (installation) return `installation:${installation.id}`;
  return permissions ? `agent:${actor.token.id}` : `user:${user.login}`;
}

/** The account that speaks: the App's bot for an installation token; undefined for JWTs and strangers. */
export function accountOf(actor: Actor): User | undefined {
  return actor.kind === 'token' ? actor.token.user : undefined;
}

/** The App on whose behalf a write is made, if one is. */
export function appOf(actor: Actor): App | null {
  return actor.kind === 'token' ? (actor.token.installation?.app ?? null) : null;
}
