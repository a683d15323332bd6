import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SallyportError } from '../../../model/errors.ts';
import type { ProxyRoute } from '../../../ports/proxy.ts';
import { isNginx } from './ask-nginx.ts';
import type { NginxOptions } from './layout.ts';
import { readHead, type SnippetHead } from './snippet-head.ts';

/** The port that was asked for, or the one chosen before, or a free one. Rejects with `port_taken`. */
export async function choosePort(
  options: NginxOptions,
  route: ProxyRoute,
  before: SnippetHead | null,
): Promise<number> {
  if (route.listen === 0) {
    return before?.route.listen === 0 ? before.port : (await tryPort(0, options.address))!;
  }
  const others = (await allHeads(options)).filter((head) => head.route.name !== route.name);
  const sharing = others.filter(({ port }) => port === route.listen);
  const rival = sharing.find((other) => overlaps(namesOf(other.route), namesOf(route)));
  if (rival) taken(route.listen, `the route ${rival.route.name}, for the same names`);
  if (before?.port === route.listen || sharing.length > 0) return route.listen;
  const isFree = (await tryPort(route.listen, options.address)) !== null;
  // What nginx listens on already, for sites of its own, it can share.
  if (isFree || (await isNginx(route.listen, options.address))) return route.listen;
  return taken(route.listen, 'another program');
}

async function allHeads({ folder }: NginxOptions): Promise<readonly SnippetHead[]> {
  const names = await readdir(folder).catch(() => []);
  const ours = names.filter((name) => name.startsWith('sallyport-') && name.endsWith('.conf'));
  const heads = await Promise.all(ours.map((name) => readHead(join(folder, name))));
  return heads.filter((head) => head !== null);
}

function namesOf({ serverNames = [] }: ProxyRoute): readonly string[] {
  return serverNames;
}

/** No names are all names that nobody else asks for. */
function overlaps(some: readonly string[], others: readonly string[]): boolean {
  if (some.length === 0 || others.length === 0) return some.length === others.length;
  return some.some((name) => others.includes(name));
}

/** Listens for a moment; the port, or `null` where it is taken. What only root may listen on is nginx' to try. */
async function tryPort(port: number, address: string | undefined): Promise<number | null> {
  const server = createServer().listen(port, address);
  try {
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? null : port;
  } finally {
    server.close();
  }
}

function taken(port: number, by: string): never {
  throw new SallyportError({
    code: 'port_taken',
    message: `port ${port} is taken by ${by}`,
    hint: `see who it is: ss -ltnp 'sport = :${port}'; or choose another proxy.listen`,
  });
}
