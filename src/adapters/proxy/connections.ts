import { readFile } from 'node:fs/promises';
import type { Upstream } from '../../model/upstream.ts';

const established = '01';
const connected = '03';

/**
 * Connections to an upstream, as the kernel lists them. For a proxy that does not count requests by
 * upstream, and keeps no connection idle for long, these are the requests under way, or soon are.
 */
export async function countConnections(upstream: Upstream): Promise<number> {
  if ('socket' in upstream) {
    return countUnix(await readFile('/proc/net/unix', 'utf8'), upstream.socket);
  }
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  return countTcp(tables.join(''), upstream.port);
}

/** Lines are `sl local_address rem_address st …`, numbers hexadecimal; the one end that dialled is counted. */
export function countTcp(table: string, port: number): number {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')} ${established} `;
  return table.split('\n').filter((line) => line.includes(ending)).length;
}

/** Lines are `Num RefCount Protocol Flags Type St Inode Path`; accepted connections bear the path of the listener. */
export function countUnix(table: string, path: string): number {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[7] === path && fields[5] === connected).length;
}
