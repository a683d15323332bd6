import { join } from 'node:path';

/** A program as a package lays it out: `<prefix>/versions/<version>/…`, beside a link to the one that counts. */
export interface Packaged {
  readonly prefix: string;
  readonly version: string;
  /** Below the version: `bin/node`. */
  readonly rest: string;
}

/** `null` for what runs from anywhere else: a checkout, an npm package. */
export function packagedAt(path: string): Packaged | null {
  const [, prefix, version, rest] = /^(\/.+)\/versions\/([^/]+)\/(.+)$/.exec(path) ?? [];
  return prefix && version && rest ? { prefix, version, rest } : null;
}

/** The path that stays right over upgrades: `/opt/sallyport/current/bin/node`. */
export function lastingPath(path: string): string {
  const packaged = packagedAt(path);
  return packaged ? join(packaged.prefix, 'current', packaged.rest) : path;
}
