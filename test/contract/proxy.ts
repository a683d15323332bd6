import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import type { Proxy } from '../../src/ports/proxy.ts';
import { startUpstream, type TestUpstream } from '../support/upstream.ts';
import { proxyServingContract } from './proxy-serving.ts';
import { proxySwitchingContract } from './proxy-switching.ts';

/** A proxy of its own, listening on 127.0.0.1. */
export type OpenProxy = () => Promise<{ readonly proxy: Proxy; close: () => Promise<void> }>;

export interface ProxyBench {
  proxy: Proxy;
  blue: TestUpstream;
  green: TestUpstream;
  /** A route of its own for every test, already there, and where it answers. */
  route: string;
  url: string;
}

/** What every Proxy adapter promises, with real servers behind it. */
export function proxyContract(name: string, open: OpenProxy): void {
  describe(`Proxy port: ${name}`, () => {
    const bench = {} as ProxyBench;
    let close: () => Promise<void>;
    let count = 0;

    beforeAll(async () => {
      const opened = await open();
      close = opened.close;
      bench.proxy = opened.proxy;
    });
    beforeEach(async () => {
      [bench.blue, bench.green] = await Promise.all([
        startUpstream('blue'),
        startUpstream('green'),
      ]);
      count += 1;
      bench.route = `web-${count}`;
      const { port } = await bench.proxy.ensure({ name: bench.route, listen: 0 });
      bench.url = `http://127.0.0.1:${port}`;
    });
    afterEach(async () => {
      await Promise.all([bench.blue.close(), bench.green.close()]);
    });
    afterAll(() => close());

    proxyServingContract(bench);
    proxySwitchingContract(bench);
  });
}
