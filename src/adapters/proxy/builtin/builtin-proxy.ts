import { z } from 'zod';
import { SallyportError } from '../../../model/errors.ts';
import type { Proxy, ProxyStatus } from '../../../ports/proxy.ts';
import { askProxy } from './control-client.ts';
import { proxyFiles, StatusValue, type ControlRequest } from './control-messages.ts';
import { startProxy } from './start-proxy.ts';

export interface BuiltinProxyOptions {
  /** The agent's state folder; the proxy lives in `proxy/` below it. */
  readonly state: string;
  /** What Node runs as the proxy process, absolute: `['/…/cli.js', 'proxy']`. `--state DIR` is added. */
  readonly entry: readonly [string, ...string[]];
  /** The address to listen on; all of them where it is absent. */
  readonly host?: string;
}

/**
 * The Proxy port on a process of its own, which outlives the agent: this is only its
 * remote control. Whenever it does not answer, it is started, and takes up its routes again.
 */
export function builtinProxy({ state, entry, host }: BuiltinProxyOptions): Proxy {
  const { socket, log } = proxyFiles(state);

  async function ask(asked: ControlRequest, signal?: AbortSignal): Promise<unknown> {
    const answer = await askProxy(socket, asked, signal);
    if (answer) return answer.value;
    await startProxy(state, entry);
    const second = await askProxy(socket, asked, signal);
    if (second) return second.value;
    throw new SallyportError({
      code: 'proxy_not_answering',
      message: 'the proxy process ended as soon as it was asked',
      hint: `see ${log}`,
      next: 'retry',
    });
  }

  return {
    async ensure({ name, listen }): Promise<ProxyStatus> {
      return StatusValue.parse(await ask({ op: 'ensure', name, listen, host: host ?? null }));
    },
    async switch(name, slot, upstream) {
      await ask({ op: 'switch', name, slot, upstream });
    },
    async drain(name, slot, timeoutMs, signal) {
      return z.int().parse(await ask({ op: 'drain', name, slot, timeoutMs }, signal));
    },
    async current(name) {
      return StatusValue.nullable().parse(await ask({ op: 'status', name }));
    },
    weights: () => notSupported('a canary'),
    maintenance: () => notSupported('maintenance'),
    counters: () => Promise.resolve(null),
    check: () => Promise.resolve([]),
    remove: () => notSupported('removing a route'),
  };
}

function notSupported(what: string): Promise<never> {
  return Promise.reject(
    new SallyportError({
      code: 'not_supported',
      message: `the embedded proxy cannot do ${what}`,
      hint: 'choose another proxy.driver',
    }),
  );
}
