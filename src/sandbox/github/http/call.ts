import type { Actor } from '../auth/actor.ts';
import { accountOf } from '../auth/actor.ts';
import type { RequestContext } from '../hooks.ts';
import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import { ApiError, notFound } from './errors.ts';

/** A request that has passed authentication and permissions, on its way to a handler. */
export interface Call {
  readonly world: World;
  readonly context: RequestContext;
  readonly actor: Actor;
  /** The repository of the path; 404 where there is none. */
  readonly repository: Repository;
  /** The account that speaks; 401 for a JWT or a stranger. */
  readonly account: User;
  /** The request's JSON object, empty when there was no body. */
  readonly body: Readonly<Record<string, unknown>>;
  param(name: string): string;
  /** A numeric path parameter; anything else is 404. */
  number(name: string): number;
  query(name: string): string | undefined;
  /** The visible part of a list, as the unkind mode leaves it. */
  visible<T extends { readonly id: number }>(list: readonly T[]): readonly T[];
}

export function createCall(
  world: World,
  context: RequestContext,
  actor: Actor,
  repository: Repository | undefined,
): Call {
  return {
    world,
    context,
    actor,
    get repository() {
      if (!repository) throw notFound();
      return repository;
    },
    get account() {
      const account = accountOf(actor);
      if (!account) throw new ApiError(401, 'Requires authentication');
      return account;
    },
    body: isObject(context.body) ? context.body : {},
    param: (name) => context.params[name] ?? '',
    number(name) {
      const value = Number(context.params[name]);
      if (!Number.isSafeInteger(value)) throw notFound();
      return value;
    },
    query: (name) => context.query[name],
    visible: (list) => world.hooks.faults?.filterRead?.(context.template ?? '', list) ?? list,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
