import type { AgentConfig } from '../config/agent.ts';
import type { ServiceConfig } from '../config/service.ts';
import { version } from '../cli/version.ts';
import type { Proxy } from '../ports/proxy.ts';
import { StepFailure } from '../targets/target.ts';

export type ProxySettings = ServiceConfig['proxy'];

export interface ProxyHost {
  readonly agent: AgentConfig;
  /** What Node runs as the embedded proxy, absolute. */
  readonly entry: readonly [string, ...string[]];
  /** The address to listen on; absent: all of them. */
  readonly address?: string | undefined;
}

/** Proxies, by the name that `proxy.driver` has in a configuration; loaded when they are needed first. */
const drivers: {
  readonly [Name in ProxySettings['driver']]?: (
    host: ProxyHost,
    settings: ProxySettings,
  ) => Promise<Proxy>;
} = {
  builtin: async ({ agent: { state, proxies }, entry, address }) => {
    const { builtinProxy } = await import('../adapters/proxy/builtin/builtin-proxy.ts');
    const { access_log: accessLog, metrics = null } = proxies.builtin;
    const settings = { accessLog, metrics };
    return builtinProxy({
      state,
      entry,
      settings,
      version,
      ...(address === undefined ? {} : { host: address }),
    });
  },
  nginx: async ({ agent: { state, proxies }, address }, { mode }) => {
    const { nginxProxy } = await import('../adapters/proxy/nginx/nginx-proxy.ts');
    return nginxProxy({ state, ...proxies.nginx, address, mode });
  },
  haproxy: async ({ agent: { proxies }, address }) => {
    const { haproxyProxy } = await import('../adapters/proxy/haproxy/haproxy-proxy.ts');
    return haproxyProxy({ ...proxies.haproxy, address });
  },
  caddy: async ({ agent: { state, proxies }, address }) => {
    const { caddyProxy } = await import('../adapters/proxy/caddy/caddy-proxy.ts');
    return caddyProxy({ state, ...proxies.caddy, address });
  },
};

export async function openProxy(host: ProxyHost, settings: ProxySettings): Promise<Proxy> {
  const open = drivers[settings.driver];
  if (open) return await open(host, settings);
  throw new StepFailure(
    'config_invalid',
    `proxy: ${settings.driver} is not supported yet; use builtin`,
  );
}
