import { z } from 'zod';
import { SallyportError } from '../../../model/errors.ts';
import type { Proxy, ProxyProblem, ProxyStatus } from '../../../ports/proxy.ts';
import { askProxy } from './control-client.ts';
import {
  CountersValue,
  ProblemsValue,
  proxyFiles,
  StatusValue,
  type ControlRequest,
} from './control-messages.ts';
import { startProxy } from './start-proxy.ts';
import { renewOnce } from './renew-once.ts';
import { proxyUnitIn } from './start-unit.ts';
import { loadState, type ProcessSettings } from './state.ts';

export interface BuiltinProxyOptions {
  /** The agent's state folder; the proxy lives in `proxy/` below it. */
  readonly state: string;
  /** What Node runs as the proxy process, absolute: `['/…/cli.js', 'proxy']`. `--state DIR` is added. */
  readonly entry: readonly [string, ...string[]];
  /** The address to listen on; all of them where it is absent. */
  readonly host?: string;
  /** Absent: as it was. */
  readonly settings?: ProcessSettings;
  /** Of this program: a proxy of another one hands over to it, at a quiet moment. Absent: none does. */
  readonly version?: string;
}

/**
 * The Proxy port on a process of its own, which outlives the agent: this is only its
 * remote control. Whenever it does not answer, it is started, and takes up its routes again.
 */
export function builtinProxy(options: BuiltinProxyOptions): Proxy {
  const { state, entry, host, settings, version } = options;
  const { folder, socket, log } = proxyFiles(state);
  const renew = () => (version === undefined ? null : renewOnce({ socket, entry, version }));

  async function ask(asked: ControlRequest, signal?: AbortSignal): Promise<unknown> {
    const answer = await askProxy(socket, asked, signal);
    if (answer) return answer.value;
    await startProxy(state, entry, proxyUnitIn(process.env));
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
    async ensure({ name, listen, tls, serverNames, preview }): Promise<ProxyStatus> {
      await renew();
      const names = serverNames?.length ? { serverNames: [...serverNames] } : {};
      const route = { name, listen, host: host ?? null, tls, ...names, preview };
      return StatusValue.parse(await ask({ op: 'ensure', ...route, settings }));
    },
    async switch(name, slot, upstream) {
      await ask({ op: 'switch', name, slot, upstream });
    },
    async clear(name) {
      await ask({ op: 'clear', name });
    },
    async drain(name, slot, timeoutMs, signal) {
      return z.int().parse(await ask({ op: 'drain', name, slot, timeoutMs }, signal));
    },
    async current(name) {
      await renew();
      return StatusValue.nullable().parse(await ask({ op: 'status', name }));
    },
    async weights(name, canary) {
      await ask({ op: 'weights', name, canary });
    },
    async offer(name, slot, upstream) {
      await ask({ op: 'offer', name, slot, upstream });
    },
    async maintenance(name, text) {
      await ask({ op: 'maintenance', name, text });
    },
    async pause(name, holdMs) {
      await ask({ op: 'pause', name, holdMs });
    },
    async resume(name) {
      await ask({ op: 'resume', name });
    },
    async counters(name) {
      return CountersValue.parse(await ask({ op: 'counters', name }));
    },
    async check() {
      const answer = await askProxy(socket, { op: 'check' });
      if (answer) return ProblemsValue.parse(answer.value);
      return loadState(folder).routes.length === 0 ? [] : [notRunning(log)];
    },
    async remove(name) {
      await ask({ op: 'remove', name });
    },
  };
}

function notRunning(log: string): ProxyProblem {
  return {
    message: 'the embedded proxy does not run',
    hint: `the agent starts it within a minute: sallyport agent restart; why it ended: tail ${log}`,
  };
}
