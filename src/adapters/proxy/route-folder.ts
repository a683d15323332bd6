import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SallyportError } from '../../model/errors.ts';

/** What a proxy that follows links looks at for every request. */
export interface RouteFolder {
  readonly folder: string;
  /** A link to `slots/SLOT/UPSTREAM`: who has the traffic. */
  readonly current: string;
  /** Links of the same kind, by slot: what is known of each. */
  readonly known: string;
  /** A link to a folder that says who goes to the canary; absent where there is none. */
  readonly canary: string;
  /** The text of the maintenance; absent where there is none. */
  readonly maintenance: string;
}

/** Names that are safe in paths and in every proxy's language, whatever the route is called. */
export function routeNames(name: string): { readonly id: string; readonly digest: string } {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  const plain = /^[a-z0-9][a-z0-9.-]{0,79}$/.test(name);
  return { id: plain ? name : `${slugOf(name)}_${digest}`, digest };
}

/** Proxies have no way to write a `$`, a quote or a space in every path; a `:` ends some. */
export function assertPlain(path: string): void {
  if (/^\/[\w.,@+/-]+$/.test(path) && !path.includes('/../')) return;
  throw new SallyportError({
    code: 'proxy_refused',
    message: `the proxy cannot be told the path ${JSON.stringify(path)}`,
    hint: 'use a path of letters, digits and . , @ + _ - only',
  });
}

/** `null` where there is no such file. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
}
