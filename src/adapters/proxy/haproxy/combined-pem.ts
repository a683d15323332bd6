import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SallyportError } from '../../../model/errors.ts';
import type { ProxyRoute } from '../../../ports/proxy.ts';

/** The certificate with its chain, and its key, in one text; `null` where the route is plain HTTP. */
export async function combinedPem({ tls }: ProxyRoute): Promise<string | null> {
  if (!tls) return null;
  const parts = [tls.certificate, tls.key].map(async (path) => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw new SallyportError({
        code: 'proxy_refused',
        message: `the agent cannot read ${path}: ${(error as Error).message}`,
        hint: `let the agent's user read it: sudo setfacl -m u:${process.getuid?.() ?? 0}:r ${path}`,
        cause: error,
      });
    }
  });
  return (await Promise.all(parts)).map((part) => `${part.trimEnd()}\n`).join('');
}

export function pemDigest(pem: string | null): string {
  return pem === null ? '' : createHash('sha256').update(pem).digest('hex').slice(0, 32);
}
