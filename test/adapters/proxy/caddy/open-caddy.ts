import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { caddyProxy } from '../../../../src/adapters/proxy/caddy/caddy-proxy.ts';
import type { CaddyOptions } from '../../../../src/adapters/proxy/caddy/layout.ts';
import type { ProxyBench } from '../../../contract/proxy-bench.ts';
import { startCaddy, type CaddyServer } from '../../../support/caddy.ts';

/** A real Caddy, and our driver before it, with a state folder beside its own. */
export async function openCaddy(): Promise<
  ProxyBench & { server: CaddyServer; options: CaddyOptions }
> {
  const server = await startCaddy();
  const state = join(server.root, 'state');
  mkdirSync(state, { mode: 0o711 });
  const options: CaddyOptions = { state, admin: server.admin, address: '127.0.0.1' };
  return {
    server,
    options,
    proxy: caddyProxy(options),
    can: {
      weights: true,
      cut: false,
      sockets: true,
      keepAlive: true,
      webSockets: true,
      maintenance: true,
      remove: true,
    },
    kill: () => server.kill(),
    start: () => server.start(),
    async forget() {
      await server.kill();
      server.forget();
      rmSync(join(state, 'caddy'), { recursive: true });
      await server.start();
    },
    async spoil() {
      await server.kill();
      await server.start(false);
      return {
        hint: 'sudo systemctl enable --now caddy-api',
        async mend() {
          await server.kill();
          await server.start();
        },
      };
    },
    close: () => server.close(),
  };
}
