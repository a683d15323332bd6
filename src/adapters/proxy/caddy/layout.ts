import { join } from 'node:path';
import { assertPlain, routeNames, type RouteFolder } from '../route-folder.ts';

/** What the driver must know of Caddy on this host (`proxies.caddy` of agent.yml). */
export interface CaddyOptions {
  /** The agent's state folder; Caddy must be able to go through it. */
  readonly state: string;
  /** Its admin API: `http://127.0.0.1:2019`. */
  readonly admin: string;
  /** The address to listen on; all of them where it is absent. */
  readonly address?: string | undefined;
}

/** Where a route's things are, and what they are called. */
export interface RouteFiles extends RouteFolder {
  /** What must be remembered of the route itself. */
  readonly head: string;
  /** Links to sockets of slots, with paths that are short enough for a socket. */
  readonly sockets: string;
  /** The `@id` of the route in Caddy's configuration. */
  readonly id: string;
  /** Of its certificate. */
  readonly tag: string;
  /** Of placeholders and of a cookie. */
  readonly variable: string;
}

export function routeFiles({ state }: CaddyOptions, name: string): RouteFiles {
  const { id, digest } = routeNames(name);
  const top = topFolder({ state });
  const own = join(top, id);
  assertPlain(own);
  return {
    head: join(own, 'route.json'),
    folder: own,
    current: join(own, 'current'),
    known: join(own, 'known'),
    canary: join(own, 'canary'),
    maintenance: join(own, 'maintenance'),
    sockets: join(top, 's', digest),
    id: `sallyport_${id}`,
    tag: `sallyport_${digest}`,
    variable: `sallyport_${digest}`,
  };
}

export function topFolder({ state }: Pick<CaddyOptions, 'state'>): string {
  return join(state, 'caddy');
}
