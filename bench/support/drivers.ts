import { openBuiltin } from '../../test/adapters/proxy/builtin/open-builtin.ts';
import { openCaddy } from '../../test/adapters/proxy/caddy/open-caddy.ts';
import { openHaproxy } from '../../test/adapters/proxy/haproxy/open-haproxy.ts';
import { openNginx } from '../../test/adapters/proxy/nginx/open-nginx.ts';
import { hasCaddy } from '../../test/support/caddy.ts';
import { hasHaproxy } from '../../test/support/haproxy.ts';
import { hasNginx } from '../../test/support/nginx.ts';
import type { Proxy } from '../../src/ports/proxy.ts';

export interface OpenDriver {
  readonly proxy: Proxy;
  close(): Promise<void>;
}

/** Every driver with a real server of its own, where that server is installed. */
export const drivers: readonly {
  readonly name: string;
  /** Failed requests are counted against it. */
  readonly mayFail: boolean;
  isHere(): boolean;
  open(): Promise<OpenDriver>;
}[] = [
  {
    name: 'builtin',
    mayFail: false,
    isHere: () => true,
    open: () => Promise.resolve(openBuiltin()),
  },
  { name: 'nginx', mayFail: false, isHere: hasNginx, open: () => openNginx('socket') },
  { name: 'nginx, reload', mayFail: true, isHere: hasNginx, open: () => openNginx('reload') },
  { name: 'haproxy', mayFail: false, isHere: hasHaproxy, open: openHaproxy },
  { name: 'caddy', mayFail: true, isHere: hasCaddy, open: openCaddy },
];
