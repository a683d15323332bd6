import { z } from 'zod';

/** Where a slot listens: on a TCP port, or on a Unix socket, named by its absolute path. */
export const Upstream = z.union([
  z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) }),
  z.strictObject({ socket: z.string().min(1).max(107) }),
]);
export type Upstream = Readonly<z.infer<typeof Upstream>>;

export function isSameUpstream(a: Upstream, b: Upstream): boolean {
  return upstreamText(a) === upstreamText(b);
}

/** For people and for lines of a log: `127.0.0.1:8001`, `[::1]:8001`, `unix:/run/web.sock`. */
export function upstreamText(upstream: Upstream): string {
  if ('socket' in upstream) return `unix:${upstream.socket}`;
  const { host, port } = upstream;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** As the options of `node:net` and `node:http` name it. */
export function dialOptions(
  upstream: Upstream,
): { readonly host: string; readonly port: number } | { readonly socketPath: string } {
  return 'socket' in upstream ? { socketPath: upstream.socket } : upstream;
}
