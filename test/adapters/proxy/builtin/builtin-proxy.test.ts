import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proxyContract } from '../../../contract/proxy.ts';
import { until } from '../../../support/until.ts';
import { openBuiltin } from './open-builtin.ts';
import { servingTests } from './serving.ts';

proxyContract(
  'builtin',
  async () => {
    const opened = openBuiltin();
    return {
      proxy: opened.proxy,
      can: {
        weights: true,
        cut: true,
        sockets: true,
        keepAlive: true,
        webSockets: true,
        maintenance: true,
        remove: true,
      },
      async kill() {
        const pid = Number.parseInt(readFileSync(join(opened.state, 'proxy', 'lock'), 'utf8'), 10);
        process.kill(pid, 'SIGKILL');
        await until(() => !isAlive(pid));
      },
      // Whoever asks it anything starts it.
      async start() {
        await opened.proxy.current('nothing');
      },
      close: () => opened.close(),
    };
  },
  servingTests,
);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
