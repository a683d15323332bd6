import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinProxy } from '../../../../src/adapters/proxy/builtin/builtin-proxy.ts';
import { stopProxy } from '../../../../src/adapters/proxy/builtin/stop-proxy.ts';

export const entry: readonly [string] = [join(import.meta.dirname, '../../../../src/bin/proxy.ts')];

/** The embedded proxy with a process and a state folder of its own, on loopback. */
export function openBuiltin() {
  const state = mkdtempSync(join(tmpdir(), 'sallyport-proxy-'));
  return {
    state,
    proxy: builtinProxy({ state, entry, host: '127.0.0.1' }),
    async close() {
      await stopProxy(state);
      rmSync(state, { recursive: true, force: true });
    },
  };
}
