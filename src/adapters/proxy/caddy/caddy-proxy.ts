import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../../disk/write-atomically.ts';
import { asSallyportError } from '../../../model/errors.ts';
import { InTurn } from '../../../model/in-turn.ts';
import type { Upstream } from '../../../model/upstream.ts';
import type { Proxy, ProxyRoute, ProxyStatus } from '../../../ports/proxy.ts';
import { endCanary, setCanary } from '../canary.ts';
import { certificateFact } from '../certificate-fact.ts';
import { choosePort } from '../choose-port.ts';
import { awaitQuiet, keepMaintenance, offerSlot, readTraffic } from '../link-traffic.ts';
import { makePassage, pointTo, targetOf } from '../links.ts';
import { routeMissing } from '../route-missing.ts';
import { applyConfig } from './apply-config.ts';
import { askCaddy } from './ask-caddy.ts';
import { checkHost } from './check-host.ts';
import { withoutRoute, withRoute } from './edit-config.ts';
import { allHeads, readHead, type Head } from './head.ts';
import { routeFiles, topFolder, type CaddyOptions } from './layout.ts';
import { caddyPlaceFor, forgetSockets } from './places.ts';
import { writeSnippet } from './snippet.ts';

/** Caddy's configuration is one: routes of several drivers in this process wait for one another. */
const changes = new InTurn();
/** WebSockets live on for so long when Caddy's configuration changes, where it can do that. */
const streamDelay = '1h';

/**
 * The Proxy port on the host's own Caddy. Its admin API is told, once, to look for files of ours with
 * every request; a switch renames a symbolic link among them. Caddy's configuration, of which every
 * change cuts WebSockets and loses kept connections, does not change by it.
 */
export function caddyProxy(options: CaddyOptions): Proxy {
  const { admin, address } = options;
  const top = topFolder(options);
  const filesOf = (name: string) => routeFiles(options, name);

  /** The route as Caddy has it in force. */
  async function loaded(name: string): Promise<Head | null> {
    const files = filesOf(name);
    const head = await readHead(files.head);
    if (!head) return null;
    const { status } = await askCaddy(admin, { method: 'GET', path: `/id/${files.id}` });
    return status === 200 ? head : null;
  }

  async function loadedOrMissing(name: string): Promise<Head> {
    return (await loaded(name)) ?? routeMissing('Caddy', name);
  }

  async function status({ route, port }: Head): Promise<ProxyStatus> {
    return { name: route.name, port, ...(await readTraffic(filesOf(route.name))) };
  }

  async function ensure(route: ProxyRoute): Promise<ProxyStatus> {
    const files = filesOf(route.name);
    await askCaddy(admin, { method: 'GET', path: `/id/${files.id}` });
    const before = await readHead(files.head);
    const placed = await allHeads(top);
    const port = await choosePort({ route, before, placed, address, byName: true });
    await makePassage(top, files.known);
    if ((await targetOf(files.current)) === null) await pointTo(files.current, files.known);
    await place(route, port);
    const head: Head = { schema: 1, route: keptRoute(route), port };
    if (JSON.stringify(before) !== JSON.stringify(head))
      await writeAtomically(files.head, JSON.stringify(head));
    return await status(head);
  }

  async function place(route: ProxyRoute, port: number): Promise<void> {
    const files = filesOf(route.name);
    const certificate = await certificateFact(route);
    const names = route.serverNames ?? [];
    const apply = (delay: string | null) =>
      applyConfig(admin, (config) =>
        withRoute(config, {
          ...files,
          snippet: writeSnippet({ route, files, streamDelay: delay }),
          port,
          address,
          names,
          tls: route.tls,
          certificate,
        }),
      );
    // Caddy refuses words that it does not know yet, and says which.
    await apply(streamDelay).catch(async (error: unknown) => {
      if (!asSallyportError(error).message.includes('stream_close_delay')) throw error;
      await apply(null);
    });
  }

  async function switchTo(name: string, slot: string, upstream: Upstream): Promise<void> {
    const files = filesOf(name);
    await loadedOrMissing(name);
    const to = await caddyPlaceFor(files, { slot, upstream });
    await pointTo(join(files.known, slot), to);
    await endCanary(files);
    await pointTo(files.current, to);
  }

  return {
    ensure: (route) => changes.run(() => ensure(route)),
    async current(name) {
      const head = await loaded(name);
      return head && (await status(head));
    },
    switch: (name, slot, upstream) => changes.run(() => switchTo(name, slot, upstream)),
    clear: (name) =>
      changes.run(async () => {
        await loadedOrMissing(name);
        await endCanary(filesOf(name));
        await pointTo(filesOf(name).current, filesOf(name).known);
      }),
    async drain(name, slot, timeoutMs, signal) {
      await awaitQuiet(filesOf(name), slot, timeoutMs, signal);
      return 0;
    },
    weights: (name, canary) =>
      changes.run(async () => {
        const files = filesOf(name);
        await loadedOrMissing(name);
        if (!canary) return await endCanary(files);
        await caddyPlaceFor(files, canary);
        await setCanary(files, canary);
      }),
    async offer(name, slot, upstream) {
      if (upstream) await caddyPlaceFor(filesOf(name), { slot, upstream });
      await offerSlot(filesOf(name), slot, upstream);
    },
    maintenance: (name, text) =>
      changes.run(async () => {
        await loadedOrMissing(name);
        await keepMaintenance(filesOf(name), text);
      }),
    counters: () => Promise.resolve(null),
    check: () => checkHost(options),
    remove: (name) =>
      changes.run(async () => {
        const files = filesOf(name);
        if ((await readHead(files.head)) === null) return;
        await applyConfig(admin, (config) => withoutRoute(config, files));
        await forgetSockets(files);
        await rm(files.folder, { recursive: true, force: true });
      }),
  };
}

/** Without what was left undefined, which a file does not have either. */
function keptRoute(route: ProxyRoute): Head['route'] {
  return JSON.parse(JSON.stringify(route)) as Head['route'];
}
