import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { startUpstream } from '../support/upstream.ts';
import type { ContractBench, OpenProxy } from './proxy-bench.ts';
import { proxyRoutesContract } from './proxy-routes.ts';
import { proxySwitchingContract } from './proxy-switching.ts';
import { proxyTrafficContract } from './proxy-traffic.ts';
import { proxyTroubleContract } from './proxy-trouble.ts';

/** What every Proxy adapter promises, with real servers before and behind it. `more`: what this one promises beside. */
export function proxyContract(
  name: string,
  open: OpenProxy,
  more: (bench: ContractBench) => void = () => {},
): void {
  describe(`Proxy port: ${name}`, () => {
    const bench = {} as ContractBench;
    let count = 0;

    beforeAll(async () => {
      bench.server = await open();
      bench.proxy = bench.server.proxy;
      bench.fresh = async () => {
        count += 1;
        bench.route = `production.web-${count}`;
        const { port } = await bench.proxy.ensure({ name: bench.route, listen: 0 });
        bench.url = `http://127.0.0.1:${port}`;
      };
      await bench.fresh();
    });
    beforeEach(async () => {
      [bench.blue, bench.green] = await Promise.all([
        startUpstream('blue'),
        startUpstream('green'),
      ]);
    });
    afterEach(async () => {
      await Promise.all([bench.blue.close(), bench.green.close()]);
    });
    afterAll(async () => await bench.server.close());

    proxyRoutesContract(bench);
    proxySwitchingContract(bench);
    proxyTrafficContract(bench);
    proxyTroubleContract(bench);
    more(bench);
  });
}
