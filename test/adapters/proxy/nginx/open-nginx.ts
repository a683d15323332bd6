import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NginxOptions } from '../../../../src/adapters/proxy/nginx/layout.ts';
import { nginxProxy } from '../../../../src/adapters/proxy/nginx/nginx-proxy.ts';
import type { ProxyBench } from '../../../contract/proxy-bench.ts';
import { startNginx, type NginxServer } from '../../../support/nginx.ts';

/** A real nginx, and our driver before it, with a state folder beside its configuration. */
export async function openNginx(
  mode: NginxOptions['mode'],
): Promise<ProxyBench & { server: NginxServer; options: NginxOptions }> {
  const server = await startNginx();
  const state = join(server.root, 'state');
  mkdirSync(state, { mode: 0o711 });
  const { folder, check, reload } = server;
  const options: NginxOptions = { state, folder, check, reload, address: '127.0.0.1', mode };
  return {
    server,
    options,
    proxy: nginxProxy(options),
    can: {
      weights: mode === 'socket',
      cut: false,
      sockets: true,
      keepAlive: mode === 'socket',
      webSockets: true,
      maintenance: true,
      remove: true,
    },
    kill: () => server.kill(),
    start: () => server.start(),
    async forget() {
      await server.kill();
      rmSync(join(state, 'nginx'), { recursive: true });
      await server.start();
    },
    refuse() {
      const broken = join(folder, 'of-the-user.conf');
      writeFileSync(broken, 'server { listen nowhere at all; }\n');
      return Promise.resolve(() => Promise.resolve(rmSync(broken)));
    },
    spoil() {
      chmodSync(state, 0o700);
      const mend = () => Promise.resolve(chmodSync(state, 0o711));
      return Promise.resolve({ hint: `sudo chmod o+x ${state}`, mend });
    },
    close: () => server.close(),
  };
}
