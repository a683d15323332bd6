import { join } from 'node:path';
import { assertPlain, routeNames } from '../route-folder.ts';

/** What the driver must know of HAProxy on this host (`proxies.haproxy` of agent.yml). */
export interface HaproxyOptions {
  /** Its stats socket, `level admin`. */
  readonly socket: string;
  /** Where the files of a route go; HAProxy is started with `-f` of it. */
  readonly folder: string;
  readonly check: readonly [string, ...string[]];
  readonly reload: readonly [string, ...string[]];
  /** The address to listen on; all of them where it is absent. */
  readonly address?: string | undefined;
  /** How long it may take to load its configuration; 12 s where it is absent. */
  readonly patienceMs?: number;
}

/** Where a route's things are, and what they are called. */
export interface RouteFiles {
  /** Its configuration, and all that must be remembered of the route itself. */
  readonly snippet: string;
  /** Who has the traffic: read at a start, changed in HAProxy's memory and on the disk together. */
  readonly map: string;
  /** Certificate and key in one, as HAProxy wants them. */
  readonly pem: string;
  readonly frontend: string;
  /** HAProxy finds one of two that are called the same, not both. */
  readonly backend: string;
  /** Of a variable of the process, and of a cookie. */
  readonly variable: string;
}

export function routeFiles({ folder }: HaproxyOptions, name: string): RouteFiles {
  const { id, digest } = routeNames(name);
  const stem = join(folder, `sallyport-${id}`);
  assertPlain(stem);
  return {
    snippet: `${stem}.cfg`,
    map: `${stem}.map`,
    pem: `${stem}.pem`,
    frontend: `sallyport-${id}`,
    backend: `sallyport-${id}-slots`,
    variable: `sallyport_${digest}`,
  };
}
