import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { haproxyProxy } from '../../../../src/adapters/proxy/haproxy/haproxy-proxy.ts';
import type { HaproxyOptions } from '../../../../src/adapters/proxy/haproxy/layout.ts';
import type { ProxyBench } from '../../../contract/proxy-bench.ts';
import { startHaproxy, type HaproxyServer } from '../../../support/haproxy.ts';

/** A real HAProxy, and our driver before it. */
export async function openHaproxy(): Promise<
  ProxyBench & { server: HaproxyServer; options: HaproxyOptions }
> {
  const server = await startHaproxy();
  const { folder, socket, check, reload } = server;
  const options: HaproxyOptions = { folder, socket, check, reload, address: '127.0.0.1' };
  return {
    server,
    options,
    proxy: haproxyProxy(options),
    can: {
      weights: true,
      cut: true,
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
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      await server.start();
    },
    refuse() {
      const broken = join(folder, 'of-the-user.cfg');
      writeFileSync(broken, 'frontend broken\n    bind nowhere at all\n');
      return Promise.resolve(() => Promise.resolve(rmSync(broken)));
    },
    async spoil() {
      const before = readFileSync(server.main, 'utf8');
      const restart = async (text: string) => {
        await server.kill();
        writeFileSync(server.main, text);
        await server.start();
      };
      await restart(before.replace('level admin', 'level operator'));
      const hint = `stats socket ${socket} mode 660 level admin`;
      return { hint, mend: () => restart(before) };
    },
    close: () => server.close(),
  };
}
