import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { SallyportError } from '../../model/errors.ts';
import type { ProxyRoute } from '../../ports/proxy.ts';

/** A route that was ensured, and the port that it got. */
export interface PlacedRoute {
  readonly route: ProxyRoute;
  readonly port: number;
}

export interface PortQuestion {
  readonly route: ProxyRoute;
  /** The same route as it is now. */
  readonly before: PlacedRoute | null;
  /** All routes of this proxy. */
  readonly placed: readonly PlacedRoute[];
  readonly address: string | undefined;
  /** Whether routes may listen on one port, told apart by their names. */
  readonly byName: boolean;
  /** Whether the proxy itself has the port, and can share it. */
  readonly shares?: (port: number) => Promise<boolean>;
}

/** The port that was asked for, or the one chosen before, or a free one. Rejects with `port_taken`. */
export async function choosePort(question: PortQuestion): Promise<number> {
  const { route, before, address } = question;
  if (route.listen === 0) {
    return before?.route.listen === 0 ? before.port : (await tryPort(0, address))!;
  }
  const others = question.placed.filter((other) => other.route.name !== route.name);
  const sharing = others.filter(({ port }) => port === route.listen);
  const rival = sharing.find(
    (other) => !question.byName || overlaps(namesOf(other.route), namesOf(route)),
  );
  if (rival) {
    const why = question.byName ? ', for the same names' : '';
    taken(route.listen, `the route ${rival.route.name}${why}`);
  }
  if (before?.port === route.listen || sharing.length > 0) return route.listen;
  const isFree = (await tryPort(route.listen, address)) !== null;
  // What the proxy listens on already, for sites of its own, it can share.
  if (isFree || (await question.shares?.(route.listen))) return route.listen;
  return taken(route.listen, 'another program');
}

function namesOf({ serverNames = [] }: ProxyRoute): readonly string[] {
  return serverNames;
}

/** No names are all names that nobody else asks for. */
function overlaps(some: readonly string[], others: readonly string[]): boolean {
  if (some.length === 0 || others.length === 0) return some.length === others.length;
  return some.some((name) => others.includes(name));
}

/** Listens for a moment; the port, or `null` where it is taken. What only root may listen on is the proxy's to try. */
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
