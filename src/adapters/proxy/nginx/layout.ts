import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SallyportError } from '../../../model/errors.ts';

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
export interface RouteFiles {
  /** Its configuration, and all that must be remembered of the route itself. */
  readonly snippet: string;
  /** What nginx looks at for every request. */
  readonly folder: string;
  /** A link to `slots/SLOT/UPSTREAM`: who has the traffic. */
  readonly current: string;
  /** Links of the same kind, by slot: what is known of each. */
  readonly known: string;
  /** A link to a folder that says who goes to the canary; absent where there is none. */
  readonly canary: string;
  /** The text of the maintenance; absent where there is none. */
  readonly maintenance: string;
  /** Names of variables and of an upstream in nginx' one space of them begin with it. */
  readonly variable: string;
}

export function routeFiles({ state, folder }: NginxOptions, name: string): RouteFiles {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  const plain = /^[a-z0-9][a-z0-9.-]{0,79}$/.test(name);
  const id = plain ? name : `${slugOf(name)}_${digest}`;
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

/** nginx has no way to write a `$` in a path, and a `:` ends one. */
export function assertPlain(path: string): void {
  if (/^\/[\w.,@+/-]+$/.test(path) && !path.includes('/../')) return;
  throw new SallyportError({
    code: 'proxy_refused',
    message: `nginx cannot be told the path ${JSON.stringify(path)}`,
    hint: 'use a path of letters, digits and . , @ + _ - only',
  });
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
}
