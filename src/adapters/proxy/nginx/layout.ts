import { join } from 'node:path';
import { assertPlain, routeNames, type RouteFolder } from '../route-folder.ts';

/** What the driver must know of nginx on this host (`proxies.nginx` of agent.yml). */
export interface NginxOptions {
  /** The agent's state folder; nginx must be able to go through it. */
  readonly state: string;
  /** Where the file of a route goes; nginx includes `*.conf` of it. */
  readonly folder: string;
  readonly check: readonly [string, ...string[]];
  readonly reload: readonly [string, ...string[]];
  /** The address to listen on; all of them where it is absent. */
  readonly address?: string | undefined;
  /** `socket`: a link is renamed; `reload`: the configuration is written anew. */
  readonly mode: 'socket' | 'reload';
  /** How long it may take to load its configuration; 8 s where it is absent. */
  readonly patienceMs?: number;
}

/** Where a route's things are. */
export interface RouteFiles extends RouteFolder {
  /** Its configuration, and all that must be remembered of the route itself. */
  readonly snippet: string;
  /** Names of variables and of an upstream in nginx' one space of them begin with it. */
  readonly variable: string;
}

export function routeFiles({ state, folder }: NginxOptions, name: string): RouteFiles {
  const { id, digest } = routeNames(name);
  const own = join(state, 'nginx', id);
  assertPlain(own);
  return {
    snippet: join(folder, `sallyport-${id}.conf`),
    folder: own,
    current: join(own, 'current'),
    known: join(own, 'known'),
    canary: join(own, 'canary'),
    maintenance: join(own, 'maintenance'),
    variable: `sallyport_${digest}`,
  };
}
