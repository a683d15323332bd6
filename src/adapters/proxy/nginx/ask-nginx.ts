import { request as askPlain } from 'node:http';
import { request as askTls } from 'node:https';
import type { SnippetHead } from './snippet-head.ts';

const patienceMs = 2_000;

/**
 * `loaded`: nginx serves exactly this file. `other`: something answers on the port, but not with it.
 * `silent`: nothing does.
 */
export type Answer = 'loaded' | 'other' | 'silent';

/** Asks nginx itself, on the port of the route, whether it has this file in force. */
export async function askNginx(head: SnippetHead, address: string | undefined): Promise<Answer> {
  const { port, proof, route } = head;
  const name = route.serverNames?.[0]?.replace('*', 'sallyport');
  const place = { port, tls: route.tls !== undefined };
  const answer = await ask(place, address ?? '127.0.0.1', name, proof);
  if (answer === null) return 'silent';
  return answer.status === 204 ? 'loaded' : 'other';
}

/** Whether what listens on the port says of itself that it is an nginx, on plain HTTP or not. */
export async function isNginx(port: number, address: string | undefined): Promise<boolean> {
  const answer = await ask({ port, tls: false }, address ?? '127.0.0.1', undefined, '/');
  return answer?.server.startsWith('nginx') ?? false;
}

async function ask(
  { port, tls }: { readonly port: number; readonly tls: boolean },
  host: string,
  name: string | undefined,
  path: string,
): Promise<{ readonly status: number; readonly server: string } | null> {
  const options = {
    host: host.replaceAll(/[[\]]/g, ''),
    port,
    path,
    agent: false as const,
    headers: { Host: name ?? 'sallyport', Connection: 'close' },
    signal: AbortSignal.timeout(patienceMs),
  };
  // It is this host: who it says it is does not matter, only what it has loaded.
  const secure = { ...options, rejectUnauthorized: false, ...(name ? { servername: name } : {}) };
  return await new Promise((resolve) => {
    const asking = tls ? askTls(secure) : askPlain(options);
    asking.once('error', () => resolve(null));
    asking.once('response', (answer) => {
      answer.destroy();
      resolve({ status: answer.statusCode!, server: String(answer.headers.server ?? '') });
    });
    asking.end();
  });
}
