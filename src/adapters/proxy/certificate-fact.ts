import { stat } from 'node:fs/promises';
import type { ProxyRoute } from '../../ports/proxy.ts';

/** Changes when the files of a route's certificate do: proxies read them only when they are told to. */
export async function certificateFact({ tls }: ProxyRoute): Promise<string> {
  if (!tls) return '';
  const facts = [tls.certificate, tls.key].map(async (path) => {
    const found = await stat(path).catch(() => null);
    return found ? `${found.mtimeMs} ${found.size}` : 'not readable';
  });
  return (await Promise.all(facts)).join(' ');
}
